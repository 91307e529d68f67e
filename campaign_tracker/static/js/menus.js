// Menus close when one looks elsewhere, and acts that cannot be undone ask first. Without this file both still work.
"use strict";

document.addEventListener("click", (event) => {
  for (const menu of document.querySelectorAll("details.menu[open]")) {
    if (!menu.contains(event.target)) menu.open = false;
  }
});

document.addEventListener("keydown", (event) => {
  if (event.key !== "Escape") return;
  for (const menu of document.querySelectorAll("details.menu[open]")) {
    const held = menu.contains(document.activeElement);
    menu.open = false;
    if (held) menu.querySelector("summary").focus();
  }
});

// <button data-confirm="words"> asks before it sends its form.
document.addEventListener("click", (event) => {
  const button = event.target.closest("button[data-confirm]");
  const dialog = document.getElementById("confirm");
  if (!button || !dialog || !dialog.showModal || button.dataset.confirmed) return;
  if (button.form && !button.formNoValidate && !button.form.reportValidity()) { event.preventDefault(); return; }
  event.preventDefault();
  event.stopImmediatePropagation();
  document.getElementById("confirm-words").textContent = button.dataset.confirm;
  dialog.returnValue = "no";
  dialog.showModal();
  dialog.addEventListener("close", () => {
    if (dialog.returnValue !== "yes") { button.focus(); return; }
    button.dataset.confirmed = "1";
    button.click();
    delete button.dataset.confirmed;
  }, { once: true });
}, true);

document.addEventListener("click", (event) => {
  if (event.target.closest("[data-print]")) window.print();
});

// A partial request that fails must not fail silently.
function noteFault(words) {
  const notes = document.getElementById("notes");
  if (!notes) return;
  const note = document.createElement("div");
  note.className = "note note-error";
  note.setAttribute("role", "alert");
  const text = document.createElement("div");
  text.textContent = words;
  note.append(text);
  notes.replaceChildren(note);
  notes.scrollIntoView({ block: "nearest" });
}

document.addEventListener("htmx:sendError", () => noteFault("网络不通，刚才的操作没有送到。请检查网络后再试一次，已填写的内容还在。"));
document.addEventListener("htmx:timeout", () => noteFault("系统响应太慢，请稍后再试一次。"));
document.addEventListener("htmx:responseError", (event) => {
  const status = event.detail.xhr.status;
  if (status === 403) noteFault("没有权限，或登录已过期。请刷新页面，重新登录后再试。");
  else if (status === 404) noteFault("内容不存在，或不在您的查看范围内。请返回列表刷新。");
  else noteFault("系统出错，刚才的操作没有完成。请稍后再试；仍不行请联系管理员。");
});

// On a phone the tab of this page may lie to the right of the screen.
for (const tab of document.querySelectorAll(".tabs [aria-current]")) {
  const row = tab.closest(".tabs");
  row.scrollLeft = tab.offsetLeft - row.offsetLeft - (row.clientWidth - tab.offsetWidth) / 2;
}
