// Nothing typed is lost: what stands in a form is kept in this browser until the server has taken it.
//
// A draft belongs to one user, one address and one form. It is dropped when a page that is not a refusal follows the
// sending of that form, kept when the network, the log-in or the rules said no, and forgotten after 14 days.
// Passwords, files and forms with data-draft="off" are never kept.
"use strict";

(() => {
  const user = document.body.dataset.user;
  const PREFIX = "draft:";
  const SENT = "draft-sent";
  const LIFE = 14 * 24 * 3600 * 1000;
  let store;
  try { store = window.localStorage; store.getItem(PREFIX); } catch { return; }

  // Who the house last knew in this browser, and since when: 现场检查 opens without a network for nobody else (field-store.js).
  try {
    if (JSON.parse(store.getItem("house-user"))?.id !== user) store.setItem("house-user", JSON.stringify({ id: user, at: Date.now() }));
  } catch { /* full, or not ours */ }

  const forms = () => [...document.querySelectorAll('form[method="post"]')].filter((form) => form.dataset.draft && form.dataset.draft !== "off");
  const keyOf = (form) => `${PREFIX}${user}:${location.pathname}:${form.dataset.draft}`;

  const kept = (element) => element.name && !element.disabled && element.name !== "csrfmiddlewaretoken" && element.name !== "back"
    && !["password", "file", "hidden", "submit", "button"].includes(element.type);

  function valuesOf(form) {
    const values = {};
    for (const element of form.elements) {
      if (!kept(element)) continue;
      const list = (values[element.name] ||= []);
      if (element.type === "checkbox" || element.type === "radio") { if (element.checked) list.push(element.value); }
      else if (element.multiple) list.push(...[...element.selectedOptions].map((option) => option.value));
      else list.push(element.value);
    }
    return values;
  }

  function fill(form, values) {
    const seen = {};
    for (const element of form.elements) {
      if (!kept(element) || !(element.name in values)) continue;
      const list = values[element.name];
      if (element.type === "checkbox" || element.type === "radio") element.checked = list.includes(element.value);
      else if (element.multiple) for (const option of element.options) option.selected = list.includes(option.value);
      else {
        const index = (seen[element.name] = (seen[element.name] ?? -1) + 1);
        if (index < list.length) element.value = list[index];
      }
      element.dispatchEvent(new Event("change", { bubbles: true }));
    }
  }

  const read = (key) => { try { return JSON.parse(store.getItem(key)); } catch { return null; } };
  const write = (key, draft) => { try { store.setItem(key, JSON.stringify(draft)); } catch { /* full: the warning on leaving still stands */ } };
  const same = (one, other) => JSON.stringify(one) === JSON.stringify(other);

  function note(form, words, buttons) {
    const box = document.createElement("div");
    box.className = "note note-warning";
    box.setAttribute("role", "status");
    const text = document.createElement("div");
    text.textContent = words + " ";
    for (const [label, act] of buttons) {
      const button = document.createElement("button");
      button.type = "button";
      button.className = "button button-small button-quiet";
      button.textContent = label;
      button.addEventListener("click", () => { act(); box.remove(); });
      text.append(button);
    }
    box.append(text);
    form.prepend(box);
  }

  // 1. What was sent from the page before: taken, unless this page is a refusal.
  const sent = sessionStorage.getItem(SENT);
  if (sent) {
    sessionStorage.removeItem(SENT);
    if (document.body.dataset.outcome !== "refused" && !document.querySelector("form[data-bound]")) store.removeItem(sent);
  }

  // 2. Old drafts go.
  for (const key of Object.keys(store)) {
    if (key.startsWith(PREFIX) && Date.now() - (read(key)?.at || 0) > LIFE) store.removeItem(key);
  }

  function care(form) {
    if (form.dataset.cared) return;
    form.dataset.cared = "1";
    const key = keyOf(form);
    const start = valuesOf(form);
    const draft = read(key);
    let dirty = "bound" in form.dataset;
    let leaving = false;

    if (draft && !dirty && !same(draft.values, start)) {
      const when = new Date(draft.at).toLocaleString("zh-CN", { month: "numeric", day: "numeric", hour: "2-digit", minute: "2-digit" });
      const restore = () => { fill(form, draft.values); dirty = true; };
      const forget = () => { store.removeItem(key); fill(form, start); dirty = false; };
      if (same(draft.start, start)) {
        restore();
        note(form, `已恢复您 ${when} 填写、尚未保存的内容。`, [["放弃这些内容", forget]]);
      } else {
        note(form, `您 ${when} 填写过内容但没有保存；此后这里的资料已有变化，请核对后再用。`, [["填入当时的内容", restore], ["不要了", () => store.removeItem(key)]]);
      }
    }

    let timer;
    const keep = () => {
      const values = valuesOf(form);
      dirty = !same(values, start) || "bound" in form.dataset;
      if (dirty) write(key, { at: Date.now(), start: draft && "bound" in form.dataset ? draft.start : start, values });
      else store.removeItem(key);
    };
    form.addEventListener("input", () => { dirty = true; clearTimeout(timer); timer = setTimeout(keep, 300); });
    form.addEventListener("submit", () => {
      clearTimeout(timer);
      keep();
      leaving = true;
      if (!form.hasAttribute("hx-post")) sessionStorage.setItem(SENT, key);
    });
    form.addEventListener("htmx:afterRequest", (event) => {
      leaving = false;
      // An element with data-keeps sends the form by itself while somebody types.
      const sender = event.detail.elt;
      if ((sender === form || "keeps" in sender.dataset) && event.detail.successful) { store.removeItem(key); dirty = false; }
    });
    window.addEventListener("pagehide", () => { if (dirty && !leaving) keep(); });
    window.addEventListener("beforeunload", (event) => {
      if (dirty && !leaving && document.contains(form) && !same(valuesOf(form), start)) event.preventDefault();
    });
    window.addEventListener("pageshow", () => { leaving = false; });
  }

  forms().forEach(care);
  document.addEventListener("htmx:afterSwap", () => forms().forEach(care));
})();
