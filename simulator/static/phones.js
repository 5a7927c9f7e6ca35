// The phones page: people, the chosen phone, the clock and the story.
import { account, at, attempt, base64, face, get, local, make, post, prefix, toast, yuan } from "./wire.js";
import { render } from "./chat.js";
import * as orders from "./orders.js";
import * as panels from "./panels.js";

const state = { people: [], seen: {}, chosen: null, last: 0, before: null, offset: 0, menu: "", viewed: "", pinned: true };
const person = () => `/people/${encodeURIComponent(state.chosen.openid)}`;
const acts = { open: openPage, view: viewImage, say: (text, menuId) => speak(text, menuId) };

async function loadPeople() {
  const found = await get(`/contacts?q=${encodeURIComponent(at("person-search").value.trim())}`);
  const known = new Map(state.people.map((each) => [each.openid, each]));
  const order = state.people.map((each) => each.openid);
  for (const each of found) known.set(each.openid, each);
  const fresh = found.map((each) => each.openid).filter((openid) => !order.includes(openid));
  const searching = at("person-search").value.trim() !== "";
  state.people = (searching ? found.map((each) => each.openid) : [...fresh, ...order]).map((openid) => known.get(openid));
  for (const each of state.people) state.seen[each.openid] ??= each.last;
  drawPeople();
}

function drawPeople() {
  at("people").replaceChildren(...state.people.map((each) => {
    const current = state.chosen?.openid === each.openid;
    const unread = current ? 0 : each.last - state.seen[each.openid];
    const made = make("button", "", { type: "button" }, face(each.name),
      make("span", "who", {}, make("b", "", {}, each.name), make("small", "", {}, each.follows ? each.kind : `${each.kind} · 未关注`)),
      unread > 0 ? make("span", "unread", {}, String(unread)) : null);
    made.setAttribute("aria-current", String(current));
    made.addEventListener("click", () => choose(each));
    return make("li", "", {}, made);
  }));
}

async function choose(each) {
  Object.assign(state, { chosen: each, last: 0, before: null, menu: "" });
  at("lines").replaceChildren();
  for (const name of ["orders", "viewer", "browser"]) close(name);
  at("tray").hidden = true;
  at("owner").textContent = `${each.name}的手机`;
  drawPeople();
  panels.watch(each.openid);
  await Promise.all([loadLines(), loadPerson()]);
}

async function loadLines() {
  if (!state.chosen) return;
  const { openid } = state.chosen;
  const { messages, follows } = await get(`${person()}/phone?since=${state.last}`);
  if (openid !== state.chosen.openid) return;
  at("unfollowed").hidden = follows;
  at("say").hidden = !follows;
  at("menu").hidden = !follows;
  const fresh = messages.filter((line) => line.n > state.last);
  for (const line of fresh) {
    at("lines").append(...render(line, state.before, { person: state.chosen, acts }));
    state.before = line;
    state.last = line.n;
  }
  state.seen[openid] = Math.max(state.seen[openid] || 0, state.last);
  if (fresh.length) toEnd();
}

function toEnd() {
  state.pinned = true;
  at("lines").scrollTop = at("lines").scrollHeight;
}

async function loadPerson() {
  if (!state.chosen) return;
  const { openid } = state.chosen;
  const facts = await get(person());
  if (openid !== state.chosen.openid) return;
  at("wallet").textContent = `零钱 ${yuan(facts.wallet_fen)}`;
  const menu = JSON.stringify(facts.menu);
  if (menu !== state.menu) drawMenu(facts.menu);
  state.menu = menu;
}

function drawMenu(buttons) {
  at("menu").replaceChildren(...buttons.map((button) => {
    const below = button.sub_button || [];
    const made = make("button", "", { type: "button", textContent: (below.length ? "≡ " : "") + button.name });
    const list = make("ul", "", { hidden: true }, ...below.map((each) => {
      const item = make("button", "", { type: "button", textContent: each.name });
      item.addEventListener("click", () => { list.hidden = true; tap(each); });
      return make("li", "", {}, item);
    }));
    made.addEventListener("click", () => {
      const hidden = list.hidden;
      for (const other of at("menu").querySelectorAll("ul")) other.hidden = true;
      if (below.length) list.hidden = !hidden; else tap(button);
    });
    return make("div", "", {}, made, list);
  }));
}

function tap(button) {
  if (button.type === "view") {
    openPage(button.url);
    return attempt(() => post(`${person()}/view`, { url: button.url }));
  }
  return act("tap", { key: button.key });
}

async function act(name, body) {
  await attempt(async () => {
    const sent = post(`${person()}/${name}`, body);
    setTimeout(() => loadLines().catch(() => {}), 60);
    await sent;
    await Promise.all([loadLines(), loadPeople(), loadPerson()]);
  });
}

function speak(text, menuId = "") {
  if (text.trim() && state.chosen) act("say", menuId ? { text, menu_id: menuId } : { text });
}

function openPage(link) {
  const own = local(link);
  if (!own) {
    window.open(link, "_blank", "noopener");
    return;
  }
  const inside = `${prefix}/browser/${encodeURIComponent(state.chosen.openid)}${own.pathname}${own.search}${own.hash}`;
  const path = own.pathname.startsWith(`${prefix}/`) ? own.href : inside;
  at("browser-title").textContent = account;
  at("browser-out").href = path;
  at("page").src = path;
  at("browser").hidden = false;
}

function viewImage(url) {
  state.viewed = url;
  at("viewer-image").src = url;
  const others = state.people.filter((each) => each.openid !== state.chosen.openid);
  const owners = others.map((each) => make("option", "", { value: each.openid }, `${each.name}（${each.kind}）`));
  at("scan-person").replaceChildren(make("option", "", { value: "" }, "一位新客户"), ...owners);
  at("viewer").hidden = false;
}

async function addPerson(name, kind) {
  const { openid } = await post("/people", { name, kind });
  at("person-search").value = "";
  await loadPeople();
  return openid;
}

async function scan(blob, openid) {
  const image = await base64(blob);
  if (state.chosen.openid !== openid) await choose(state.people.find((each) => each.openid === openid));
  const seen = await post(`${person()}/scan`, { image_base64: image, open: false });
  await Promise.all([loadLines(), loadPeople()]);
  if (seen.decoded === null) toast("没有在图片里找到二维码");
  else if (!seen.deliveries.length && !/weixin\.qq\.com\/q\//.test(seen.decoded)) openPage(seen.decoded);
}

function close(name) {
  at(name).hidden = true;
  if (name === "browser") at("page").src = "about:blank";
}

async function jump(button) {
  toast("时间快进中，到期的事一件件办…");
  await attempt(async () => {
    for (const each of document.querySelectorAll("[data-jump]")) each.disabled = true;
    await post("/clock", { advance_seconds: Number(button.dataset.jump) });
    toast(`已${button.textContent}`);
    await Promise.all([syncClock(), loadLines(), loadPeople(), loadPerson(), panels.refresh(), loadStory()]);
  });
  for (const each of document.querySelectorAll("[data-jump]")) each.disabled = false;
}

async function syncClock() {
  state.offset = new Date((await get("/clock")).now).getTime() - Date.now();
}

const shanghai = new Intl.DateTimeFormat("zh-CN", {
  timeZone: "Asia/Shanghai", year: "numeric", month: "2-digit", day: "2-digit", weekday: "short",
  hour: "2-digit", minute: "2-digit", second: "2-digit", hour12: false,
});

function drawClock() {
  const text = shanghai.format(new Date(Date.now() + state.offset));
  at("clock").textContent = text;
  at("phone-time").textContent = text.slice(-8, -3);
}

async function loadStory() {
  const steps = await get("/story");
  at("story-count").textContent = `${steps.filter((step) => step.done).length}/${steps.length}`;
  at("story").replaceChildren(...steps.map((step, index) => {
    const made = make("button", step.done ? "done" : "", { type: "button" },
      make("b", "", {}, `${index + 1}. ${step.title}`), make("small", "", {}, step.hint));
    if (step.words) made.addEventListener("click", () => { at("words").value = step.words; at("words").focus(); });
    return make("li", "", {}, made);
  }));
}

function listen() {
  const lines = at("lines");
  lines.addEventListener("scroll", () => { state.pinned = lines.scrollHeight - lines.scrollTop - lines.clientHeight < 60; });
  lines.addEventListener("load", () => { if (state.pinned) toEnd(); }, true);
  at("say").addEventListener("submit", (event) => {
    event.preventDefault();
    speak(at("words").value);
    at("words").value = "";
  });
  at("person-form").addEventListener("submit", (event) => {
    event.preventDefault();
    attempt(async () => {
      const openid = await addPerson(at("person-name").value.trim() || undefined, "新人");
      at("person-name").value = "";
      await choose(state.people.find((each) => each.openid === openid));
    });
  });
  at("person-search").addEventListener("input", () => attempt(async () => { state.people = []; await loadPeople(); }));
  at("follow").addEventListener("click", () => act("follow", {}));
  at("unfollow").addEventListener("click", () => { at("tray").hidden = true; act("unfollow", {}); });
  for (const id of ["plus", "phone-more"]) {
    at(id).addEventListener("click", () => {
      at("tray").hidden = !at("tray").hidden;
      at("plus").setAttribute("aria-expanded", String(!at("tray").hidden));
    });
  }
  at("orders-open").addEventListener("click", () => { at("tray").hidden = true; orders.open(state.chosen.openid); });
  at("send-image").addEventListener("change", (event) => pick(event, async (file) => act("send_image", { image_base64: await base64(file) })));
  at("scan-image").addEventListener("change", (event) => pick(event, (file) => scan(file, state.chosen.openid)));
  at("scan").addEventListener("click", (event) => attempt(async () => {
    const blob = await (await fetch(state.viewed)).blob();
    await scan(blob, at("scan-person").value || await addPerson("新客户", "客户"));
  }, event.currentTarget));
  for (const button of document.querySelectorAll("[data-close]")) button.addEventListener("click", () => close(button.dataset.close));
  for (const button of document.querySelectorAll("[data-jump]")) button.addEventListener("click", () => jump(button));
  at("story-toggle").addEventListener("click", () => {
    at("story").hidden = !at("story").hidden;
    at("story-toggle").setAttribute("aria-expanded", String(!at("story").hidden));
  });
  window.addEventListener("message", (event) => {
    if (event.origin === location.origin && event.data === "close-browser") close("browser");
  });
}

function pick(event, action) {
  const [file] = event.target.files;
  event.target.value = "";
  at("tray").hidden = true;
  if (file) attempt(() => action(file));
}

function repeat(action, pause) {
  const round = async () => {
    if (!document.hidden) await action().catch(() => {});
    setTimeout(round, pause);
  };
  setTimeout(round, pause);
}

async function start() {
  listen();
  orders.start();
  await attempt(async () => {
    await Promise.all([panels.start(), syncClock(), loadPeople(), loadStory()]);
    if (state.people.length) await choose(state.people[0]);
    if (at("story-count").textContent.startsWith("0/")) at("story-toggle").click();
  });
  setInterval(drawClock, 250);
  repeat(loadLines, 1000);
  repeat(async () => { await loadPeople(); await panels.refresh(); }, 2000);
  repeat(async () => { await loadPerson(); await loadStory(); await syncClock(); }, 5000);
}

start();
