// Sends what the telephone kept. Everything carries a key made here, so that what was sent without hearing the answer is
// sent again without harm; the server says of each thing what became of it.
"use strict";

window.Field = window.Field || {};

Field.sync = (() => {
  const CHUNK = 100;
  const PATIENCE = 60_000;
  const VISITS = "/inspections/field/visits/";
  let token = null;
  let running = null;

  // Why sending stopped. The words are for the person; `kind` tells the page what it can offer.
  class Stopped extends Error {
    constructor(kind, words) { super(words); this.kind = kind; }
  }

  async function ask(url, options = {}) {
    let answer;
    try {
      answer = await fetch(url, {
        ...options, redirect: "manual", credentials: "same-origin", cache: "no-store", signal: AbortSignal.timeout(PATIENCE),
        headers: { Accept: "application/json", ...options.headers },
      });
    } catch { throw new Stopped("offline", "没有网络。内容都存在这部手机上，有网络后自动上传。"); }
    // An address that leads to the log-in page, or a session that is over.
    if (answer.type === "opaqueredirect" || answer.status === 401) throw new Stopped("login", "登录已失效，请重新登录；登录后自动上传，内容不会丢失。");
    let body = null;
    try { body = await answer.json(); } catch { /* a gateway's own page, or an answer that was cut off */ }
    if (answer.ok && body) return body;
    if (body?.code === "form_expired") { token = null; throw new Stopped("token", body.detail); }
    if (body?.code === "other_person") { token = null; throw new Stopped("person", body.detail); }
    if (body?.code === "password_due") throw new Stopped("login", body.detail);
    if (answer.status >= 500 || answer.status === 429 || !body) throw new Stopped("server", "系统暂时没有接收，稍后自动再试。");
    throw new Stopped("refused", body.detail);
  }

  const post = (url, body, headers = {}) => ask(url, { method: "POST", body, headers: { ...headers, "X-CSRFToken": token } });

  // The visits as they stand, who is logged in, and the token for sending.
  async function refresh() {
    const told = await ask(VISITS);
    token = told.token;
    await Field.store.replace(told.user, told.visits);
    return told.user;
  }

  // A fault without words is not finished yet: it stays until the person has written them.
  const isReady = (row) => row.state === "" && !(row.kind === "answer" && row.outcome === "failed" && !row.words);

  async function sendVisit(who, visit, changes, photos) {
    const items = changes.filter((row) => row.kind === "item");
    const answers = changes.filter((row) => row.kind === "answer");
    try {
      for (let at = 0; at < Math.max(items.length, answers.length); at += CHUNK) {
        const [some, more] = [items.slice(at, at + CHUNK), answers.slice(at, at + CHUNK)];
        await Field.store.markSent(more);
        const body = {
          user: who.id,
          items: some.map(({ made }) => ({ item: made.item, section: made.section, text: made.text })),
          answers: more.map((row) => ({ key: row.key, item: row.item, ...Field.store.seen(row), made_at: row.made_at, base: row.base, tries: row.tries })),
        };
        const told = await post(`/inspections/field/${visit}/answers/`, JSON.stringify(body), { "Content-Type": "application/json" });
        for (const row of some) await Field.store.itemArrived(row);
        for (const reply of told.replies) await Field.store.settled(more.find((row) => row.key === reply.key), reply);
        Field.sync.onstep();
      }
      for (const photo of photos) {
        const form = new FormData();
        for (const [name, value] of Object.entries({ user: who.id, key: photo.key, item: photo.item, made_at: photo.made_at })) form.append(name, value);
        form.append("photo", photo.blob, "photo.jpg");
        let reply;
        try { reply = await post(`/inspections/field/${visit}/photos/`, form); } catch (error) {
          if (error.kind !== "refused") throw error;
          reply = { status: "refused", words: error.message };
        }
        await Field.store.photoSettled(photo, reply);
        Field.sync.onstep();
      }
    } catch (error) {
      if (error.kind !== "refused") throw error;
      await Field.store.refuse([...changes, ...photos], error.message);
    }
  }

  async function work() {
    if (!token) await refresh();
    const who = await Field.store.who();
    if (!who) throw new Stopped("login", "请登录。");
    const { changes, photos } = await Field.store.unsent(who.id);
    const ready = [...changes, ...photos].filter(isReady);
    for (const visit of new Set(ready.map((row) => row.visit))) {
      const some = ready.filter((row) => row.visit === visit);
      await sendVisit(who, visit, some.filter((row) => row.kind !== "photo"), some.filter((row) => row.kind === "photo"));
    }
    return ready.length;
  }

  // One run at a time, over all tabs of this browser; the token may have grown old in the meantime.
  async function run() {
    const once = async () => {
      try { return await work(); } catch (error) {
        if (error.kind !== "token") throw error;
        return work();
      }
    };
    running ||= (navigator.locks ? navigator.locks.request("field-sync", once) : once()).finally(() => { running = null; });
    return running;
  }

  return { run, refresh, isReady, onstep: () => {} };
})();
