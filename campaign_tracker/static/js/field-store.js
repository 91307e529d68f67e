// What a telephone keeps of visits: in the browser's own database, apart for each person, until the server has it.
//
// who      whom the server last knew here                                               (one row)
// visits   a copy of each running visit with its items, as the server last told it      [user, id]
// changes  one answer, or one item added on the spot, that the server does not have     slot
// photos   one photograph that the server does not have                                 key
"use strict";

window.Field = window.Field || {};

Field.key = () => crypto.randomUUID?.() || "10000000-1000-4000-8000-100000000000".replace(/[018]/g, (digit) =>
  (digit ^ (crypto.getRandomValues(new Uint8Array(1))[0] & (15 >> (digit / 4)))).toString(16));

Field.store = (() => {
  const HOUSE = "house-user";
  const DAYS = 3;
  let opened;
  const slotOf = (user, visit, item) => `${user}/${visit}/${item}`;

  function open() {
    opened ||= new Promise((resolve, reject) => {
      const asked = indexedDB.open("field", 1);
      asked.onupgradeneeded = () => {
        const base = asked.result;
        base.createObjectStore("who");
        base.createObjectStore("visits", { keyPath: ["user", "id"] });
        base.createObjectStore("changes", { keyPath: "slot" });
        base.createObjectStore("photos", { keyPath: "key" });
      };
      asked.onsuccess = () => {
        asked.result.onversionchange = () => { asked.result.close(); opened = null; };
        resolve(asked.result);
      };
      asked.onerror = () => { opened = null; reject(asked.error); };
    });
    return opened;
  }

  const answerOf = (asked) => new Promise((resolve, reject) => {
    asked.onsuccess = () => resolve(asked.result);
    asked.onerror = () => reject(asked.error);
  });

  // One transaction; what `act` answers is answered when all of it lies on the disk.
  async function run(mode, act) {
    const base = await open();
    return new Promise((resolve, reject) => {
      const work = base.transaction(["who", "visits", "changes", "photos"], mode, { durability: "strict" });
      let answer;
      work.oncomplete = () => resolve(answer);
      work.onabort = () => reject(work.error || new Error("aborted"));
      act((name) => work.objectStore(name)).then((made) => { answer = made; }, (error) => { reject(error); work.abort(); });
    });
  }

  const all = (of, name) => answerOf(of(name).getAll());
  const mine = (rows, user) => rows.filter((row) => row.user === user).sort((one, other) => (one.order || 0) - (other.order || 0));
  const SEEN = ["outcome", "words", "level", "due_on", "place"];
  const seen = (row) => Object.fromEntries(SEEN.map((name) => [name, row[name] || ""]));
  const same = (one, other) => SEEN.every((name) => (one[name] || "") === (other[name] || ""));

  // Whom the page is open for: whoever the server last knew here, for DAYS, unless a page of the house was shown to somebody
  // else or to nobody since (drafts.js notes that). Not in localStorage, which a killed browser may forget.
  async function who() {
    const last = await run("readonly", (of) => answerOf(of("who").get(0)));
    let house = null;
    try { house = JSON.parse(localStorage.getItem(HOUSE)); } catch { /* none */ }
    if (!last || Date.now() - last.at > DAYS * 24 * 3600 * 1000) return null;
    return house && house.id !== String(last.id) && house.at > last.at ? null : last;
  }

  const unsent = (user) => run("readonly", async (of) => ({
    changes: mine(await all(of, "changes"), user),
    photos: mine(await all(of, "photos"), user),
  }));

  // Everything of one person: visits with their items as the person left them, and what is not sent.
  const read = (user) => run("readonly", async (of) => {
    const visits = mine(await all(of, "visits"), user);
    const changes = mine(await all(of, "changes"), user);
    const photos = mine(await all(of, "photos"), user);
    for (const visit of visits) {
      for (const change of changes) {
        if (change.visit === visit.id && change.kind === "item") visit.items.push({ ...change.made, waiting: true });
      }
      for (const item of visit.items) {
        item.change = changes.find((change) => change.slot === slotOf(user, visit.id, item.item));
        item.pictures = photos.filter((photo) => photo.visit === visit.id && photo.item === item.item);
        if (item.change) Object.assign(item, seen(item.change));
      }
    }
    return { visits, changes, photos };
  });

  // How many things each other person left on this telephone.
  const others = (user) => run("readonly", async (of) => {
    const names = new Map();
    for (const row of [...await all(of, "changes"), ...await all(of, "photos")]) {
      if (row.user !== user) names.set(row.name, (names.get(row.name) || 0) + 1);
    }
    return [...names];
  });

  // The server's visits take the place of the copies; a copy with something unsent stays, marked as gone.
  const replace = ({ id: user, name }, visits) => run("readwrite", async (of) => {
    of("who").put({ id: user, name, at: Date.now() }, 0);
    const waiting = [...await all(of, "changes"), ...await all(of, "photos")].filter((row) => row.user === user);
    for (const copy of mine(await all(of, "visits"), user)) {
      if (visits.some((visit) => visit.id === copy.id)) continue;
      if (waiting.some((row) => row.visit === copy.id)) of("visits").put({ ...copy, gone: true });
      else of("visits").delete([user, copy.id]);
    }
    for (const visit of visits) of("visits").put({ ...visit, user });
  });

  // An answer, as it now stands on the page. The one before it may have arrived unheard; then it goes along as a try.
  const answer = (who, visit, item, told) => run("readwrite", async (of) => {
    const given = { ...seen({}), outcome: told.outcome, words: told.words.trim() };
    if (told.outcome === "failed") Object.assign(given, { level: told.level, due_on: told.due_on, place: told.place.trim() });
    const slot = slotOf(who.id, visit, item);
    const before = await answerOf(of("changes").get(slot));
    const copy = await answerOf(of("visits").get([who.id, visit]));
    const known = copy?.items.find((one) => one.item === item);
    const base = before?.base || seen(known || {});
    const tries = [...before?.tries || []];
    if (before?.sent) tries.push({ key: before.key, ...seen(before) });
    if (!tries.length && same(given, base)) { of("changes").delete(slot); return null; }
    const kept = before && before.state === "conflict" ? { state: "conflict", reason: before.reason, now: before.now } : { state: "" };
    const row = { slot, key: Field.key(), kind: "answer", user: who.id, name: who.name, visit, item, ...given, base, tries, made_at: new Date().toISOString(), order: Date.now(), ...kept };
    of("changes").put(row);
    return row;
  });

  const addItem = (who, visit, made) => run("readwrite", async (of) => {
    of("changes").put({
      slot: `${slotOf(who.id, visit, made.item)}/new`, key: made.item, kind: "item", user: who.id, name: who.name, visit,
      item: made.item, made, made_at: new Date().toISOString(), order: Date.now(), state: "",
    });
  });

  const addPhoto = (who, visit, item, blob, takenAt) => run("readwrite", async (of) => {
    of("photos").put({ key: Field.key(), kind: "photo", user: who.id, name: who.name, visit, item, blob, made_at: takenAt, order: Date.now(), state: "" });
  });

  // A conflict is settled by the person: the own answer goes over what was shown, or what was shown stays.
  const settle = (slot, takeMine) => run("readwrite", async (of) => {
    const row = await answerOf(of("changes").get(slot));
    if (!row || row.state !== "conflict") return;
    if (!takeMine || same(row, seen(row.now))) of("changes").delete(slot);
    else of("changes").put({ ...row, key: Field.key(), base: seen(row.now), tries: [], state: "", reason: "", now: null, sent: false });
  });

  const withItem = (visit, now) => {
    const items = visit.items.filter((one) => one.item !== now.item);
    const former = visit.items.find((one) => one.item === now.item);
    items.push({ photos: 0, ...former, ...now });
    items.sort((one, other) => one.position - other.position);
    return { ...visit, items };
  };

  // Before anything leaves: whoever dies now must know on waking that it may have arrived.
  const markSent = (rows) => run("readwrite", async (of) => {
    for (const { slot, key } of rows) {
      const row = await answerOf(of("changes").get(slot));
      if (row?.key === key) of("changes").put({ ...row, sent: true });
    }
  });

  // What the server said of a change. Meanwhile the answer may have been changed again on the page.
  const settled = (sent, reply) => run("readwrite", async (of) => {
    const row = await answerOf(of("changes").get(sent.slot));
    const arrived = reply.status === "stored" || reply.status === "known";
    const copy = await answerOf(of("visits").get([sent.user, sent.visit]));
    if (copy && reply.now) of("visits").put(withItem(copy, reply.now));
    if (!row) return;
    if (row.key === sent.key) {
      if (arrived) of("changes").delete(sent.slot);
      else of("changes").put({ ...row, sent: false, state: reply.status, reason: reply.words, now: reply.now });
    } else if (arrived && same(sent, reply.now)) of("changes").put({ ...row, base: seen(reply.now), tries: [] });
    else if (arrived || reply.status === "conflict") {
      const reason = reply.words || `${reply.now.by}后来填写了不同的结果，请核对后选择。`;
      of("changes").put({ ...row, state: "conflict", reason, now: reply.now });
    }
  });

  // The server knows the item now: its copy becomes one of the visit's own.
  const itemArrived = (sent) => run("readwrite", async (of) => {
    const copy = await answerOf(of("visits").get([sent.user, sent.visit]));
    if (copy && !copy.items.some((one) => one.item === sent.item)) of("visits").put({ ...copy, items: [...copy.items, sent.made] });
    of("changes").delete(sent.slot);
  });

  const photoSettled = (sent, reply) => run("readwrite", async (of) => {
    if (reply.status !== "stored" && reply.status !== "known") {
      of("photos").put({ ...sent, state: "refused", reason: reply.words });
      return;
    }
    of("photos").delete(sent.key);
    const copy = await answerOf(of("visits").get([sent.user, sent.visit]));
    const item = copy?.items.find((one) => one.item === sent.item);
    if (item) { item.photos = reply.photos; of("visits").put(copy); }
  });

  const refuse = (rows, reason) => run("readwrite", async (of) => {
    for (const row of rows) {
      const name = row.kind === "photo" ? "photos" : "changes";
      const now = await answerOf(of(name).get(row.kind === "photo" ? row.key : row.slot));
      if (now) of(name).put({ ...now, state: "refused", reason });
    }
  });

  const tryAgain = (user) => run("readwrite", async (of) => {
    for (const name of ["changes", "photos"]) {
      for (const row of mine(await all(of, name), user)) {
        if (row.state === "refused") of(name).put({ ...row, state: "", reason: "" });
      }
    }
  });

  const drop = (row) => run("readwrite", async (of) => {
    if (row.kind === "photo") of("photos").delete(row.key);
    else of("changes").delete(row.slot);
  });

  return {
    HOUSE, seen, who, read, unsent, others, replace, answer, addItem, addPhoto, settle, markSent, settled, itemArrived, photoSettled, refuse,
    tryAgain, drop,
  };
})();
