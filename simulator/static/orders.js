// The mall of the demo, in a drawer of the phone.
import { at, get, post, make, yuan, clockText, attempt, toast } from "./wire.js";

const STATES = { paid: "待发货", shipped: "待收货", received: "已收货", refunded: "已退款" };
const STEPS = { paid: [["ship", "商家发货"], ["refund", "退款"]], shipped: [["receive", "确认收货"], ["refund", "退款"]], received: [["refund", "退款"]], refunded: [] };
let openid = "";

export function start() {
  at("buy").addEventListener("submit", (event) => {
    event.preventDefault();
    attempt(buy, event.submitter);
  });
}

export async function open(person) {
  openid = person;
  at("orders").hidden = false;
  await attempt(async () => {
    const products = await get("/products");
    at("sku").replaceChildren(...products.map((each) => make("option", "", { value: each.sku }, `${each.name} ${yuan(each.price_fen)}`)));
    await list();
  });
}

async function buy() {
  const order = await post(`/people/${openid}/buy`, { sku: at("sku").value, quantity: Number(at("quantity").value) });
  toast(order.status === 200 ? "已付款，商城已通知商家" : `商城通知商家时出错：${order.status ?? "没有回答"}`);
  await list();
}

async function list() {
  const orders = await get(`/people/${openid}/orders`);
  at("order-list").replaceChildren(...orders.map(row));
  if (!orders.length) at("order-list").append(make("li", "empty", {}, "还没有订单，上面选一件买吧。"));
}

function row(order) {
  const [line] = order.lines;
  const acts = (STEPS[order.state] || []).map(([step, text]) => {
    const made = make("button", "", { type: "button", textContent: text });
    made.addEventListener("click", () => attempt(async () => {
      await post(`/people/${openid}/orders/${order.order_no}/${step}`);
      await list();
    }, made));
    return made;
  });
  return make("li", "", {},
    make("div", "row", {}, make("b", "", {}, `${line.name} × ${line.quantity}`), yuan(line.unit_fen * line.quantity)),
    make("div", "row", {}, make("small", "", {}, `${order.order_no} · ${clockText(order.at)}`), make("small", "", {}, STATES[order.state] || order.state)),
    make("div", "acts", {}, ...acts));
}
