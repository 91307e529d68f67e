// On the pages about visits: whoever opens one has it on the telephone from then on, and is told what still waits there.
"use strict";

(() => {
  const note = document.getElementById("field-note");
  if (!note || !window.indexedDB) return;

  async function tell() {
    const who = await Field.store.who();
    if (!who || String(who.id) !== document.body.dataset.user) return;
    const { changes, photos } = await Field.store.unsent(who.id);
    note.hidden = changes.length + photos.length === 0;
    note.querySelector("[data-count]").textContent = changes.length + photos.length;
  }

  async function keep() {
    await navigator.serviceWorker?.register("/inspections/worker.js");
    await Field.sync.refresh();
  }

  keep().catch(() => { /* no network: what lies on the telephone stays as it is */ }).then(tell).catch(() => {});
})();
