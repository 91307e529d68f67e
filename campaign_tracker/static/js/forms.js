// What a browser can check before anything is sent: the size and kind of files, and a form sent twice by a double click.
"use strict";

function fieldErrorOf(input) {
  const field = input.closest(".field") || input.parentElement;
  let line = field.querySelector(".field-error[data-local]");
  if (!line) {
    line = document.createElement("p");
    line.className = "field-error";
    line.dataset.local = "1";
    line.setAttribute("role", "alert");
    field.append(line);
  }
  return line;
}

function sizeInWords(bytes) {
  return bytes >= 1048576 ? `${(bytes / 1048576).toFixed(1)} MB` : `${Math.max(1, Math.round(bytes / 1024))} KB`;
}

function checkFiles(input) {
  const most = Number(input.dataset.maxBytes || 0);
  const kinds = (input.accept || "").split(",").map((kind) => kind.trim().toLowerCase()).filter((kind) => kind.startsWith("."));
  let words = "";
  for (const file of input.files) {
    const name = file.name.toLowerCase();
    if (file.size === 0) words = `“${file.name}”是空文件，请重新选择。`;
    else if (most && file.size > most) words = `“${file.name}”有 ${sizeInWords(file.size)}，超过 ${sizeInWords(most)} 的上限。请压缩或分开后再上传。`;
    else if (kinds.length && !kinds.some((kind) => name.endsWith(kind))) words = `“${file.name}”的类型不能上传，可以上传：${kinds.join("、")}。`;
    if (words) break;
  }
  input.setCustomValidity(words);
  const line = fieldErrorOf(input);
  line.textContent = words;
  line.hidden = !words;
  const chosen = input.closest(".drop")?.querySelector("[data-chosen]");
  if (chosen) chosen.textContent = [...input.files].map((file) => `${file.name}（${sizeInWords(file.size)}）`).join("、");
}

document.addEventListener("change", (event) => {
  if (event.target.matches('input[type="file"]')) checkFiles(event.target);
  // <select data-submit> sends its form at once; without this file its button does.
  if (event.target.matches("select[data-submit]")) event.target.form.requestSubmit();
});

for (const name of ["dragenter", "dragover", "dragleave", "drop"]) {
  document.addEventListener(name, (event) => {
    const area = event.target.closest?.(".drop");
    if (!area) return;
    event.preventDefault();
    area.classList.toggle("drop-over", name === "dragenter" || name === "dragover");
    const input = area.querySelector('input[type="file"]');
    if (name === "drop" && input && event.dataTransfer.files.length) {
      input.files = event.dataTransfer.files;
      input.dispatchEvent(new Event("change", { bubbles: true }));
    }
  });
}

// <button data-copy="#former" data-into="#id_text">: what was written a period ago goes into the field, after what is there.
document.addEventListener("click", (event) => {
  const button = event.target.closest("[data-copy]");
  if (!button) return;
  const field = document.querySelector(button.dataset.into);
  const words = document.querySelector(button.dataset.copy).textContent.trim();
  field.value = field.value.trim() ? `${field.value.trimEnd()}\n${words}` : words;
  field.dispatchEvent(new Event("input", { bubbles: true }));
  field.focus();
});

// <button data-tick-group> ticks every box of its group, or unticks them when all are ticked.
function nameTickAll(button) {
  const boxes = [...button.closest("fieldset").querySelectorAll('input[type="checkbox"]')];
  button.textContent = boxes.every((box) => box.checked) ? "全不选" : "全选";
  return boxes;
}
for (const button of document.querySelectorAll("[data-tick-group]")) {
  button.hidden = false;
  nameTickAll(button);
  button.closest("fieldset").addEventListener("change", () => nameTickAll(button));
  button.addEventListener("click", () => {
    const boxes = nameTickAll(button);
    const ticked = !boxes.every((box) => box.checked);
    for (const box of boxes) box.checked = ticked;
    boxes[0].dispatchEvent(new Event("change", { bubbles: true }));
  });
}

// A second click on 保存 does nothing while the first is under way.
document.addEventListener("submit", (event) => {
  const form = event.target;
  if (form.method !== "post" || event.defaultPrevented) return;
  if (form.dataset.sent && Date.now() - Number(form.dataset.sent) < 8000) { event.preventDefault(); return; }
  form.dataset.sent = String(Date.now());
});
window.addEventListener("pageshow", () => {
  for (const form of document.querySelectorAll("form[data-sent]")) delete form.dataset.sent;
});
document.addEventListener("htmx:afterRequest", (event) => { delete event.target.dataset?.sent; });

// The summary of errors is the first thing to read.
document.querySelector("[data-error-summary]")?.focus();
