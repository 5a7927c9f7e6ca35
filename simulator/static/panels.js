// The right side: console, what just happened, the bank's book, faults.
import { at, get, local, post, remove, make, yuan, clockText, attempt, toast } from "./wire.js";

const STATES = {
  ACCEPTED: "已受理", PROCESSING: "处理中", WAIT_USER_CONFIRM: "待确认收款", TRANSFERING: "转账中",
  SUCCESS: "已到账", FAIL: "失败退回", CANCELING: "撤销中", CANCELLED: "已撤销",
};
const DONE = ["SUCCESS", "FAIL", "CANCELLED"];
const shown = { tab: "console", person: "", events: 0, calls: 0 };

export async function start() {
  for (const tab of document.querySelectorAll("[data-tab]")) tab.addEventListener("click", () => choose(tab.dataset.tab));
  at("fault").addEventListener("submit", orderFault);
  at("faults-clear").addEventListener("click", () => attempt(async () => { await remove("/faults"); await refresh(); }));
  const { console: desk } = await get("/config");
  if (desk && desk.url) {
    const href = (local(desk.url) || new URL(desk.url)).href;
    at("console").src = href;
    const out = make("a", "", { href, target: "_blank", rel: "noopener" }, "新窗口");
    at("login").append("账号 ", make("code", "", {}, desk.user || ""), " 密码 ", make("code", "", {}, desk.password || ""), " ", out);
  }
}

function choose(name) {
  shown.tab = name;
  for (const tab of document.querySelectorAll("[data-tab]")) {
    tab.setAttribute("aria-selected", String(tab.dataset.tab === name));
    at(`tab-${tab.dataset.tab}`).hidden = tab.dataset.tab !== name;
  }
  refresh();
}

export function watch(openid) {
  Object.assign(shown, { person: openid, events: 0 });
  at("events").replaceChildren();
  refresh();
}

export async function refresh() {
  const panels = { trace, bank, faults: faultList };
  if (panels[shown.tab]) await panels[shown.tab]().catch(() => {});
}

async function trace() {
  const openid = shown.person;
  if (openid) {
    const told = await get(`/people/${openid}/trace?since=${shown.events}`);
    const events = told.events.length || shown.events ? told.events : (await get(`/people/${openid}/deliveries`)).map(asEvent);
    if (openid !== shown.person) return;
    if (told.events.length) shown.events = told.events.at(-1).n;
    const fallback = !told.events.length && !shown.events;
    if (fallback) at("events").replaceChildren();
    for (const event of events) at("events").prepend(eventCard(event));
    if (!at("events").children.length) at("events").append(make("p", "empty", {}, "还没有消息。在左边的手机上说句话试试。"));
    else at("events").querySelector(".empty")?.remove();
  }
  const calls = await get(`/calls?since=${shown.calls}`);
  if (calls.length) shown.calls = calls.at(-1).n;
  for (const call of calls) at("calls").prepend(callRow(call));
  while (at("calls").children.length > 200) at("calls").lastChild.remove();
}

function asEvent(delivery) {
  const tries = JSON.parse(delivery.attempts).map((each) => `${each.status ?? "超时"} ${each.ms}ms`).join("，");
  return { at: delivery.at, kind: delivery.kind, xml: delivery.xml, intent: "", reply: delivery.answer || delivery.verdict, ledger: [], tries };
}

const plain = (value) => (typeof value === "string" ? value : JSON.stringify(value, null, 1));

function eventCard(event) {
  const rows = [];
  const add = (name, value) => { if (value) rows.push(make("dt", "", {}, name), make("dd", "", {}, value)); };
  add("意图", event.intent && plain(event.intent));
  add("回复", event.reply && plain(event.reply));
  add("送达", event.tries);
  const ledger = (event.ledger || []).map((row) => make("div", "", {}, typeof row === "string" ? row : Object.values(row).map(plain).join(" · ")));
  if (ledger.length) rows.push(make("dt", "", {}, "账本"), make("dd", "", {}, ...ledger));
  const xml = event.xml ? make("details", "", {}, make("summary", "", {}, "收到的 XML"), make("pre", "", {}, event.xml)) : null;
  const head = make("header", "", {}, make("b", "", {}, event.kind || "消息"), event.at ? clockText(event.at) : "");
  return make("article", "event", {}, head, make("dl", "", {}, ...rows), xml);
}

function callRow(call) {
  const good = call.status >= 200 && call.status < 300 && ["", "0", ...Object.keys(STATES)].includes(call.code);
  const result = call.status === 0 ? "没有回答" : `${call.status} ${call.code === "0" ? "" : call.code}`;
  return make("tr", "", {}, make("td", "", {}, clockText(call.at)),
    make("td", "", {}, make("code", "", {}, `${call.method} ${call.path}`)),
    make("td", good ? "good" : "bad", {}, result), make("td", "", {}, call.fault));
}

async function bank() {
  const [book, desk, people] = await Promise.all([get("/transfers"), get("/bank"), get("/contacts")]);
  const names = Object.fromEntries(people.map((person) => [person.openid, person.name]));
  at("balance").textContent = yuan(desk.balance_fen);
  at("transfers").replaceChildren(...book.reverse().slice(0, 200).map((bill) => transferRow(bill, names)));
  if (!book.length) at("transfers").append(make("tr", "", {}, make("td", "empty", { colSpan: 5 }, "还没有转账。提现通过以后就会出现在这里。")));
}

function transferRow(bill, names) {
  const acts = [];
  if (bill.state === "WAIT_USER_CONFIRM") acts.push(act("替本人确认", `/transfers/${bill.out_bill_no}/confirm`));
  if (!DONE.includes(bill.state)) acts.push(act("让它失败", `/transfers/${bill.out_bill_no}/fail`));
  const state = STATES[bill.state] + (bill.fail_reason ? `（${bill.fail_reason}）` : "");
  return make("tr", "", {}, make("td", "", {}, make("code", "", {}, bill.out_bill_no), make("br"), clockText(bill.create_time)),
    make("td", "", {}, names[bill.openid] || `…${bill.openid.slice(-6)}`),
    make("td", "money", {}, yuan(bill.transfer_amount)),
    make("td", bill.state === "SUCCESS" ? "good" : "", {}, state), make("td", "", {}, ...acts));
}

function act(text, path) {
  const made = make("button", "", { type: "button", textContent: text });
  made.addEventListener("click", () => attempt(async () => { await post(path); await bank(); }, made));
  return made;
}

async function orderFault(event) {
  event.preventDefault();
  const form = new FormData(event.target);
  const [kind, raw] = String(form.get("kind")).split(":");
  const value = /^-?\d+$/.test(raw) ? Number(raw) : raw;
  await attempt(async () => {
    await post("/faults", { call: form.get("call"), times: Number(form.get("times")), [kind]: value });
    toast("安排好了，下一次调用就会出错");
    await faultList();
  });
}

async function faultList() {
  const planned = await get("/faults");
  const words = Object.fromEntries([...at("fault").elements.kind.options].map((each) => [each.value, each.textContent]));
  const word = ([key, value]) => words[`${key}:${value}`] || `${key} ${value}`;
  const named = ({ call, times, ...rest }) => Object.entries(rest).map(word).join("，");
  at("fault-list").replaceChildren(...planned.map((fault) => make("tr", "", {},
    make("td", "", {}, make("code", "", {}, fault.call)), make("td", "", {}, named(fault)), make("td", "", {}, String(fault.times)))));
  if (!planned.length) at("fault-list").append(make("tr", "", {}, make("td", "empty", { colSpan: 3 }, "现在一切正常。")));
}
