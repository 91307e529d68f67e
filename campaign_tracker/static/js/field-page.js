// The page 现场检查: the person's running visits, one visit with its items, and what is not sent yet. It draws from the
// telephone's own store only; what the person does is in the store before the page shows it as kept.
"use strict";

(() => {
  const OUTCOMES = { passed: "合格", failed: "不合格", na: "不涉及", "": "未填" };
  const RETRY = 20_000;
  const REST = 2000;
  const SHORT_REST = 500;
  const view = document.getElementById("view");
  const byId = (id) => document.getElementById(id);
  let who = null;
  let known = { visits: [], changes: [], photos: [] };
  let pictures = [];
  let retry;
  let sending = false;
  let again = false;
  let wanted = null;

  const copyOf = (name) => byId(`part-${name}`).content.firstElementChild.cloneNode(true);
  const part = (node, name) => node.querySelector(`[data-part="${name}"]`);
  const say = (node, words) => { for (const [name, value] of Object.entries(words)) part(node, name).textContent = value; };
  const time = (moment) => new Date(moment).toLocaleString("zh-CN", { month: "numeric", day: "numeric", hour: "2-digit", minute: "2-digit" });
  const visitId = () => Number(/^#(\d+)$/.exec(location.hash)?.[1] || 0);
  const levelOf = (value) => byId("part-item").content.querySelector(`option[value="${value}"]`).textContent;
  const told = ({ outcome, words, level, due_on, place }) => [
    OUTCOMES[outcome] + (words ? `：${words}` : ""), place, level && levelOf(level), due_on && `${due_on}前整改`,
  ].filter(Boolean).join("，");

  function note(words, tone = "error") {
    const box = byId("fault");
    box.className = `note note-${tone}`;
    box.hidden = !words;
    box.textContent = words;
  }

  // ---- What is not sent ---------------------------------------------------------------------------------------

  function showState(stopped = null) {
    const { changes, photos } = known;
    const answers = changes.length;
    const [conflicts, refused] = ["conflict", "refused"].map((state) => [...changes, ...photos].filter((row) => row.state === state).length);
    const parts = [answers && `${answers}项`, photos.length && `${photos.length}张照片`].filter(Boolean).join("、");
    const box = byId("unsent");
    box.hidden = !who;
    box.className = `note ${conflicts || refused ? "note-error" : parts ? "note-warning" : "note-success"}`;
    say(box, {
      count: parts ? `还有${parts}没有上传` : "全部已上传",
      why: stopped ? stopped.message : conflicts ? `其中${conflicts}项与他人填写的不一致，请核对后选择。` : !parts ? "" : !navigator.onLine ? "没有网络。内容都存在这部手机上，有网络后自动上传。" : sending ? "正在上传…" : "",
    });
    part(box, "send").hidden = !parts;
    part(box, "login").hidden = stopped?.kind !== "login";
    const list = byId("unsent-list");
    list.hidden = !parts;
    part(list, "rows").replaceChildren(...[...changes, ...photos].map(unsentRow));
    part(list, "again").hidden = !refused;
    byId("net").textContent = navigator.onLine ? "在线" : "没有网络";
  }

  function unsentRow(row) {
    const node = copyOf("unsent");
    const visit = known.visits.find((one) => one.id === row.visit);
    const item = visit?.items.find((one) => one.item === row.item);
    const what = row.kind === "photo" ? "照片" : row.kind === "item" ? "现场添加的检查项" : told(row);
    const unfinished = row.kind === "answer" && row.outcome === "failed" && !row.words ? "请写明问题，写好后上传。" : "";
    say(node, {
      item: `${visit ? visit.mine : ""} ${item ? `${item.position}. ${item.text}` : ""}`,
      what: `${what}（${time(row.made_at)}）`, reason: row.state ? row.reason || "" : unfinished,
    });
    part(node, "link").href = `#${row.visit}`;
    part(node, "link").addEventListener("click", () => { wanted = row.item; if (visitId() === row.visit) goToWanted(); });
    part(node, "drop").hidden = row.state !== "refused";
    part(node, "drop").addEventListener("click", async () => {
      if (!confirm("确定放弃这条内容？放弃后不能找回。")) return;
      await Field.store.drop(row);
      await draw();
    });
    return node;
  }

  function goToWanted() {
    const node = wanted && byId(`item-${wanted}`);
    wanted = null;
    if (node) node.scrollIntoView({ block: "center" }); else window.scrollTo(0, 0);
  }

  // ---- The visits ---------------------------------------------------------------------------------------------

  function drawVisits() {
    byId("title").textContent = "现场检查";
    byId("lead").textContent = "打开过这个页面，下井后没有信号也能填写和拍照，回到地面自动上传。";
    byId("back").hidden = true;
    const rows = [...known.visits].sort((one, other) => Number(other.is_today) - Number(one.is_today) || other.id - one.id);
    view.replaceChildren(...rows.map((visit) => {
      const node = copyOf("visit");
      const waiting = [...known.changes, ...known.photos].filter((row) => row.visit === visit.id).length;
      const done = visit.items.filter((item) => item.outcome).length;
      say(node, {
        mine: visit.mine, facts: `${visit.kind}　${visit.days}${visit.is_today ? "（今天）" : ""}　${visit.number}`, places: visit.places,
        done: `已填 ${done}/${visit.items.length} 项`, failed: `不合格 ${visit.items.filter((item) => item.outcome === "failed").length} 项`,
        waiting: waiting ? `未上传 ${waiting}` : "",
      });
      part(node, "gone").hidden = !visit.gone;
      node.querySelector("a").href = `#${visit.id}`;
      return node;
    }));
    if (!rows.length) view.replaceChildren(copyOf(who ? "none" : "nobody"));
  }

  // ---- One visit ----------------------------------------------------------------------------------------------

  function drawVisit(visit) {
    byId("title").textContent = visit.mine;
    byId("lead").textContent = `${visit.kind}　${visit.days}　${visit.places}`;
    byId("back").hidden = false;
    const nodes = [];
    let section = "";
    for (const item of visit.items) {
      if (item.section && item.section !== section) {
        const heading = document.createElement("h2");
        heading.textContent = section = item.section;
        nodes.push(heading);
      }
      nodes.push(itemNode(visit, item));
    }
    const end = copyOf("end");
    part(end, "add").addEventListener("submit", (event) => addItem(event, visit));
    part(end, "page").href = `/inspections/${visit.id}/`;
    view.replaceChildren(...nodes, end);
    showProgress(visit);
  }

  function showProgress(visit) {
    const left = visit.items.filter((item) => !item.outcome).length;
    byId("left").textContent = left ? `还有${left}项没有填写` : "全部填写完了";
  }

  function itemNode(visit, item) {
    const node = copyOf("item");
    node.id = `item-${item.item}`;
    say(node, { text: `${item.position}. ${item.text}`, basis: item.basis || (item.own ? "现场添加" : "") });
    for (const input of node.querySelectorAll("input[type=radio]")) input.name = `outcome-${item.item}`;
    const words = node.querySelector("textarea");
    const fields = [...node.querySelectorAll("[data-field]")];
    const current = () => ({
      outcome: node.querySelector("input[type=radio]:checked")?.value || "", words: words.value,
      ...Object.fromEntries(fields.map((field) => [field.dataset.field, field.value])),
    });
    let saving = false;
    let changed = false;
    // Stored with every stroke, for nobody knows when the lamp goes out; sent when the hand rests. From the first touch until
    // it is stored, what the store knew before must not come back on the page.
    const save = (wait) => {
      node.dataset.touched = "1";
      changed = true;
      if (saving) return;
      saving = true;
      keep(async () => {
        try {
          while (changed) {
            changed = false;
            await Field.store.answer(who, visit.id, item.item, current());
          }
        } finally { saving = false; }
        delete node.dataset.touched;
      }, { wait });
    };
    node.addEventListener("change", (event) => { if (event.target.type === "radio") { showWords(node); save(SHORT_REST); } });
    for (const field of [words, ...fields]) field.addEventListener("input", () => save(REST));
    part(node, "write").addEventListener("click", () => { showWords(node, true); words.focus(); });
    node.querySelector("input[type=file]").addEventListener("change", (event) => addPhotos(event.target, visit, item));
    part(node, "mine").addEventListener("click", () => keep(() => Field.store.settle(slotOf(visit, item), true)));
    part(node, "theirs").addEventListener("click", () => keep(() => Field.store.settle(slotOf(visit, item), false), { whole: true }));
    showItem(node, item, true);
    return node;
  }

  const slotOf = (visit, item) => `${who.id}/${visit.id}/${item.item}`;

  function showWords(node, asked = false) {
    const failed = node.querySelector("input[value=failed]").checked;
    const words = node.querySelector("textarea");
    part(node, "words").hidden = !(failed || words.value || asked);
    part(node, "write").hidden = !part(node, "words").hidden;
    part(node, "finding").hidden = !failed || "fixed" in node.dataset;
  }

  // What the store knows of an item, put on the page without disturbing what is being typed.
  function showItem(node, item, whole = false) {
    const words = node.querySelector("textarea");
    if (!node.dataset.touched) {
      if (whole || (document.activeElement !== words && words.value.trim() !== item.words)) words.value = item.words;
      for (const input of node.querySelectorAll("input[type=radio]")) input.checked = input.value === item.outcome;
      for (const field of node.querySelectorAll("[data-field]")) if (whole || document.activeElement !== field) field.value = item[field.dataset.field] || "";
    }
    if (item.hazard || item.is_look_back) node.dataset.fixed = "1";
    const change = item.change;
    const mark = part(node, "mark");
    const lacking = item.outcome === "failed" && !item.words;
    const [text, tone] = item.hazard ? [`已登记为隐患 ${item.hazard}`, ""]
      : lacking ? ["请写明问题", "chip-red"]
      : change?.state === "conflict" ? ["与他人不一致", "chip-red"]
      : change?.state === "refused" ? ["没有收下", "chip-red"]
      : change || item.waiting ? ["已存手机，未上传", "chip-amber"]
      : item.outcome ? [`已上传 ${item.by}`, "chip-green"] : ["未填", ""];
    mark.textContent = text;
    mark.className = `chip row-end ${tone}`;
    for (const control of node.querySelectorAll("input[type=radio], textarea")) control.disabled = Boolean(item.hazard);
    const conflict = part(node, "conflict");
    conflict.hidden = change?.state !== "conflict";
    if (!conflict.hidden) say(conflict, { why: change.reason, own: told(change), other: told(change.now), by: `${change.now.by} ${change.now.at ? time(change.now.at) : ""}` });
    const refused = part(node, "refused");
    refused.hidden = change?.state !== "refused";
    refused.textContent = change?.reason || "";
    showWords(node, document.activeElement === words);
    part(node, "count").textContent = item.photos ? `已上传照片 ${item.photos} 张` : "";
    const shown = [...part(node, "pictures").children].map((one) => one.dataset.key).join();
    if (shown !== item.pictures.map((one) => one.key).join()) part(node, "pictures").replaceChildren(...item.pictures.map(pictureNode));
  }

  function pictureNode(photo) {
    const node = copyOf("picture");
    node.dataset.key = photo.key;
    const address = URL.createObjectURL(photo.blob);
    pictures.push(address);
    node.querySelector("img").src = address;
    say(node, { state: photo.state === "refused" ? photo.reason : `未上传 ${time(photo.made_at)}` });
    part(node, "drop").addEventListener("click", () => { if (confirm("确定删除这张没有上传的照片？")) keep(() => Field.store.drop(photo)); });
    return node;
  }

  async function addPhotos(input, visit, item) {
    const files = [...input.files];
    for (const [index, file] of files.entries()) {
      note(`正在把照片存到手机（${index + 1}/${files.length}），请不要离开。`, "info");
      try { await Field.store.addPhoto(who, visit.id, item.item, await Field.shrink(file), new Date(file.lastModified || Date.now()).toISOString()); } catch (error) { fault(error); }
    }
    input.value = "";
    if (byId("fault").classList.contains("note-info")) note("");
    navigator.storage?.persist?.();
    await refreshItems();
    send();
  }

  async function addItem(event, visit) {
    event.preventDefault();
    const form = event.target;
    const text = form.elements.text.value.trim();
    if (!text) return;
    const position = Math.max(0, ...visit.items.map((one) => one.position)) + 1;
    const made = { item: Field.key(), position, section: form.elements.section.value.trim(), text, basis: "", own: true, outcome: "", words: "", by: "", at: "", hazard: "", photos: 0 };
    form.reset();
    try { await Field.store.addItem(who, visit.id, made); } catch (error) { fault(error); return; }
    await draw();
    byId(`item-${made.item}`)?.scrollIntoView({ block: "center" });
    send();
  }

  function fault(error) {
    if (error?.name === "QuotaExceededError") note("手机存储空间不足，刚才的内容没有保存。请清理空间后再填。");
    else note(error?.message || "刚才的内容没有保存到手机，请再试一次。");
  }

  async function keep(act, { whole = false, wait = 0 } = {}) {
    note("");
    try { await act(); } catch (error) { fault(error); return; }
    if (whole) await draw(); else await refreshItems();
    clearTimeout(retry);
    retry = setTimeout(send, wait);
  }

  // ---- Drawing and sending ------------------------------------------------------------------------------------

  async function draw() {
    for (const address of pictures) URL.revokeObjectURL(address);
    pictures = [];
    who = await Field.store.who();
    byId("who").textContent = who ? who.name : "";
    known = who ? await Field.store.read(who.id) : { visits: [], changes: [], photos: [] };
    const left = await Field.store.others(who?.id);
    byId("others").hidden = !left.length;
    byId("others").textContent = left.map(([name, count]) => `这部手机上还有${name}的${count}项内容没有上传，由本人登录后上传，其他人看不到。`).join("");
    const visit = known.visits.find((one) => one.id === visitId());
    byId("left").textContent = "";
    if (visit) drawVisit(visit); else drawVisits();
    showState();
  }

  // Only marks, counts and new pictures; the page stays where it is.
  async function refreshItems(stopped = null) {
    if ((await Field.store.who())?.id !== who?.id) { await draw(); return; }
    if (!who) { showState(stopped); return; }
    known = await Field.store.read(who.id);
    const visit = known.visits.find((one) => one.id === visitId());
    if (!visit) drawVisits();
    else {
      for (const item of visit.items) {
        const node = byId(`item-${item.item}`);
        if (!node) { drawVisit(visit); break; }
        showItem(node, item);
      }
      showProgress(visit);
    }
    showState(stopped);
  }

  async function send(first = false) {
    if (sending) { again = true; return; }
    sending = true;
    clearTimeout(retry);
    showState();
    let stopped = null;
    try {
      if (first) await Field.sync.refresh();
      do { again = false; await Field.sync.run(); } while (again);
    } catch (error) {
      stopped = error.kind ? error : { kind: "server", message: "上传时出错，稍后自动再试。" };
      if (!error.kind) console.error(error);
      if (stopped.kind === "person") await Field.sync.refresh().catch(() => {});
    } finally { sending = false; }
    await refreshItems(stopped);
    if (stopped && stopped.kind !== "login" && (known.changes.length || known.photos.length)) {
      clearTimeout(retry);
      retry = setTimeout(send, RETRY);
    }
  }

  Field.sync.onstep = () => { refreshItems(); };
  part(byId("unsent"), "send").addEventListener("click", () => send(true));
  part(byId("unsent-list"), "again").addEventListener("click", async () => { await Field.store.tryAgain(who.id); send(true); });
  window.addEventListener("hashchange", () => { draw().then(goToWanted); });
  window.addEventListener("online", () => send(true));
  window.addEventListener("offline", () => showState());
  window.addEventListener("storage", (event) => { if (event.key === Field.store.HOUSE) draw(); });
  document.addEventListener("visibilitychange", () => { if (!document.hidden) send(true); });

  async function start() {
    if (!window.indexedDB) { note("这个浏览器不能保存内容，请换用系统自带或新版的浏览器，或用“填写检查表”页面。"); return; }
    if (navigator.serviceWorker) navigator.serviceWorker.register("/inspections/worker.js").catch(() => {});
    else note("这个网址不是 https，浏览器不许离线打开页面：没有信号时不要关闭或刷新本页。填写的内容仍会保存在手机上。", "warning");
    await draw();
    await send(true);
  }

  start().catch(fault);
})();
