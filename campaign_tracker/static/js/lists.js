// Ticks of a list: all on this page, all that match, and how many that makes; and the way back from a thing to its list.
"use strict";

(() => {
  const ticks = (list) => [...list.querySelectorAll('input[name="selected"]')];

  function tell(list) {
    const bar = list.querySelector(".bulk");
    if (!bar) return;
    const all = ticks(list);
    const chosen = all.filter((tick) => tick.checked);
    const head = list.querySelector("[data-tick-all]");
    const scope = bar.querySelector('input[name="scope"]');
    if (head) {
      head.checked = all.length > 0 && chosen.length === all.length;
      head.indeterminate = chosen.length > 0 && chosen.length < all.length;
    }
    if (scope && scope.checked && chosen.length < all.length) scope.checked = false;
    const words = bar.querySelector("[data-chosen]");
    if (words) words.textContent = scope && scope.checked ? `已选择全部 ${scope.dataset.count} 条` : `已选择 ${chosen.length} 条`;
    for (const button of bar.querySelectorAll("button[name='act']")) button.disabled = chosen.length === 0;
    bar.hidden = chosen.length === 0;
    if (scope) scope.closest("label").hidden = chosen.length < all.length;
  }

  document.addEventListener("change", (event) => {
    const list = event.target.closest("[data-list]");
    if (!list) return;
    if (event.target.matches("[data-tick-all]")) for (const tick of ticks(list)) tick.checked = event.target.checked;
    if (event.target.matches('input[name="scope"]') && event.target.checked) for (const tick of ticks(list)) tick.checked = true;
    if (event.target.matches('[data-tick-all], input[name="selected"], input[name="scope"]')) tell(list);
  });

  // Shift and click ticks everything in between, as in a spreadsheet.
  let last = null;
  document.addEventListener("click", (event) => {
    if (!event.target.matches?.('input[name="selected"]')) return;
    const list = event.target.closest("[data-list]");
    const all = ticks(list);
    if (event.shiftKey && last && all.includes(last)) {
      const [from, to] = [all.indexOf(last), all.indexOf(event.target)].sort((one, other) => one - other);
      for (const tick of all.slice(from, to + 1)) tick.checked = event.target.checked;
      tell(list);
    }
    last = event.target;
  });

  const start = () => document.querySelectorAll("[data-list]").forEach(tell);
  start();
  document.addEventListener("htmx:afterSettle", start);
  window.addEventListener("pageshow", start);

  // A thing opened from a list leads back to it, also after its forms, which know only the thing. Kept for this tab.
  for (const link of document.querySelectorAll("a[data-back]")) {
    const key = `back:${location.pathname}`;
    try {
      if (link.dataset.back === "known") sessionStorage.setItem(key, link.getAttribute("href"));
      else link.href = sessionStorage.getItem(key) || link.href;
    } catch { /* storage refused: the link leads to the whole list */ }
  }

  // The row one comes back to stays in sight and marked.
  if (location.hash.startsWith("#row-")) document.getElementById(location.hash.slice(1))?.scrollIntoView({ block: "center" });
})();
