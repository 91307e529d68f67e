// The preview of a plan: a field shows its words in the source, words of the source show their task; lists grow by a line.
"use strict";

(() => {
  const source = document.getElementById("source");
  const narrow = window.matchMedia("(max-width: 1080px)");
  let marked = [];
  // What was asked for while the paper was still on its way.
  let waiting = null;

  // Places count characters as Python does; JavaScript counts UTF-16 units.
  const unit = (text, characters) => {
    let at = 0;
    for (let n = 0; n < characters && at < text.length; n += 1) at += text.codePointAt(at) > 0xffff ? 2 : 1;
    return at;
  };
  const characters = (text, units) => [...text.slice(0, units)].length;

  const spansOf = (words) => words.split(",").filter(Boolean).map((span) => span.split(":").map(Number));

  function clear() {
    for (const words of marked) {
      const parent = words.parentNode;
      if (!parent) continue;
      words.replaceWith(...words.childNodes);
      parent.normalize();
    }
    marked = [];
  }

  // The text of a block may lie in several cells: every piece of it between two places is marked by itself.
  function markRange(block, from, to) {
    const pieces = [];
    const walker = document.createTreeWalker(block, NodeFilter.SHOW_TEXT);
    let at = 0;
    for (let node = walker.nextNode(); node; node = walker.nextNode()) {
      const start = Math.max(from - at, 0);
      const end = Math.min(to - at, node.length);
      if (start < end && !node.parentElement.matches(".bar")) pieces.push([node, start, end]);
      at += node.length;
    }
    for (const [node, start, end] of pieces) {
      const range = document.createRange();
      range.setStart(node, start);
      range.setEnd(node, end);
      const words = document.createElement("mark");
      range.surroundContents(words);
      marked.push(words);
    }
  }

  function mark(spans) {
    clear();
    for (const [number, start, end] of spans) {
      const block = document.getElementById(`b${number}`);
      if (block) markRange(block, unit(block.textContent, start), unit(block.textContent, end));
    }
    return source.querySelector("mark");
  }

  function scrollInside(pane, element) {
    const place = element.getBoundingClientRect();
    const box = pane.getBoundingClientRect();
    pane.scrollTop += place.top - box.top - Math.min(box.height / 3, 160);
  }

  function show(link) {
    const spans = spansOf(link.dataset.at || "");
    if (!spans.length) return false;
    if (narrow.matches) document.getElementById("pane-source").checked = true;
    const first = mark(spans);
    if (first) scrollInside(source, first);
    else waiting = spans;
    for (const other of document.querySelectorAll(".draft .here")) other.classList.remove("here");
    (link.closest("li, dd") || link).classList.add("here");
    return Boolean(first);
  }

  function goTo(task) {
    const line = document.getElementById(task);
    if (!line) return;
    if (narrow.matches) document.getElementById("pane-draft").checked = true;
    for (const other of document.querySelectorAll(".draft .here")) other.classList.remove("here");
    line.classList.add("here");
    scrollInside(document.getElementById("draft"), line);
  }

  document.addEventListener("click", (event) => {
    const link = event.target.closest?.("a[data-at]");
    if (!link || !source) return;
    event.preventDefault();
    if (link.dataset.goto) goTo(link.dataset.goto);
    show(link);
  });

  // Whoever opens a task to correct it sees its words beside it.
  document.addEventListener("htmx:afterSettle", (event) => {
    if (event.target === source && waiting) {
      const found = mark(waiting);
      waiting = null;
      if (found) scrollInside(source, found);
    }
    const open = document.querySelector(".draft-open[data-spans]:not([data-seen])");
    if (!open || !source) return;
    open.dataset.seen = "1";
    const spans = spansOf(open.dataset.spans);
    const first = mark(spans);
    if (first) scrollInside(source, first);
    else waiting = spans;
  });

  // Where in a block the pointer is, in characters.
  function pointed(event) {
    const block = event.target.closest("[id^=b]");
    if (!block || !source.contains(block)) return null;
    const place = document.caretPositionFromPoint?.(event.clientX, event.clientY);
    const range = place ? null : document.caretRangeFromPoint?.(event.clientX, event.clientY);
    const node = place ? place.offsetNode : range?.startContainer;
    if (!node || !block.contains(node)) return null;
    const before = document.createRange();
    before.setStart(block, 0);
    before.setEnd(node, place ? place.offset : range.startOffset);
    const words = before.toString();
    return [Number(block.id.slice(1)), characters(words, words.length)];
  }

  source?.addEventListener("click", (event) => {
    if (String(window.getSelection())) return;
    const place = pointed(event);
    if (!place) return;
    for (const link of document.querySelectorAll(".draft-words[data-at], .draft-facts [data-at]")) {
      const inside = spansOf(link.dataset.at).some(([block, start, end]) => block === place[0] && start <= place[1] && place[1] < end);
      if (!inside) continue;
      const line = link.closest("li");
      mark(spansOf(line.querySelector(".draft-words").dataset.at));
      goTo(line.id);
      return;
    }
  });

  // Lists of units, deadlines and recurrences grow as their last line is filled.
  document.addEventListener("input", (event) => {
    const row = event.target.closest?.(".draft-row");
    const rows = row?.parentElement;
    if (!rows?.matches("[data-rows]") || rows.querySelector(".draft-row:last-of-type") !== row) return;
    const total = rows.querySelector(`[name="${rows.dataset.rows}-TOTAL_FORMS"]`);
    const copy = rows.querySelector("template").content.cloneNode(true);
    for (const field of copy.querySelectorAll("[name]")) {
      field.name = field.name.replace("__prefix__", total.value);
      if (field.id) field.id = field.id.replace("__prefix__", total.value);
    }
    total.value = String(Number(total.value) + 1);
    row.after(copy);
  });

  // Whoever cancels wants no draft kept of what was typed.
  document.addEventListener("click", (event) => {
    const form = event.target.closest?.("[data-cancel]")?.closest("form");
    form?.reset();
    form?.dispatchEvent(new Event("input"));
  }, true);

  // Whoever types another unit's name means it.
  document.addEventListener("input", (event) => {
    const other = event.target;
    if (!other.matches?.('input[list="directory"]') || !other.value) return;
    const radio = other.closest("label")?.querySelector('input[value="other"]');
    if (radio) radio.checked = true;
    const select = other.closest("td")?.querySelector("select");
    if (select) select.value = "other";
  });

  // The caret in the text chooses where to cut; only saved words can be cut.
  document.addEventListener("select", cutAtCaret, true);
  document.addEventListener("click", cutAtCaret, true);
  document.addEventListener("keyup", cutAtCaret, true);
  function cutAtCaret(event) {
    const text = event.target;
    if (!text.matches?.("textarea[data-split]")) return;
    const choice = text.closest("li, .panel-body")?.querySelector('select[name="at"]');
    if (!choice || text.value !== text.defaultValue) return;
    const at = characters(text.value, text.selectionStart);
    if (!at || at >= [...text.value].length) return;
    let option = choice.querySelector("option[data-caret]");
    if (!option) {
      option = document.createElement("option");
      option.dataset.caret = "1";
      choice.prepend(option);
    }
    const whole = [...text.value];
    option.value = String(at);
    option.textContent = `光标处：…${whole.slice(Math.max(0, at - 8), at).join("")} ｜ ${whole.slice(at, at + 8).join("")}…`;
    option.selected = true;
  }
  document.addEventListener("click", (event) => {
    const button = event.target.closest?.("[data-split-here]");
    const text = button && document.getElementById(button.dataset.splitHere);
    if (!text || text.value === text.defaultValue) return;
    event.preventDefault();
    event.stopImmediatePropagation();
    text.setCustomValidity("内容改过还没有保存，请先保存再拆开。");
    text.reportValidity();
    text.addEventListener("input", () => text.setCustomValidity(""), { once: true });
  }, true);
})();
