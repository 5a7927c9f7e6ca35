// WeChat's bridge as a page inside the phone finds it: confirming a transfer, asking what is there, closing.
(() => {
  "use strict";
  const { prefix, openid } = document.currentScript.dataset;
  const inside = `${prefix}/browser/${encodeURIComponent(openid)}`;
  const person = `${prefix}/people/${encodeURIComponent(openid)}`;
  const known = ["requestMerchantTransfer", "checkJsApi", "closeWindow", "hideOptionMenu", "showOptionMenu", "getNetworkType"];

  function turned(link) {
    const url = new URL(String(link), location.href);
    const own = url.origin === location.origin;
    return own && !url.pathname.startsWith(`${prefix}/`) ? inside + url.pathname + url.search + url.hash : link;
  }

  const plainFetch = window.fetch.bind(window);
  window.fetch = (what, how) => plainFetch(typeof what === "string" || what instanceof URL ? turned(what) : what, how);
  const plainOpen = XMLHttpRequest.prototype.open;
  XMLHttpRequest.prototype.open = function open(method, url, ...rest) {
    return plainOpen.call(this, method, turned(url), ...rest);
  };
  document.addEventListener("click", (event) => {
    const link = event.target instanceof Element ? event.target.closest("a[href]") : null;
    if (link) link.href = turned(link.href);
  }, true);

  function element(name, text, parent) {
    const made = document.createElement(name);
    made.textContent = text;
    parent.append(made);
    return made;
  }

  async function receive(params, done) {
    const name = "requestMerchantTransfer";
    const query = new URLSearchParams({ package: params.package || "" });
    const found = await plainFetch(`${person}/receive?${query}`);
    if (!found.ok) return done({ err_msg: `${name}:fail` });
    const bill = await found.json();
    const sheet = element("div", "", document.body);
    sheet.className = "wx-sheet";
    const box = element("div", "", sheet);
    element("p", `${bill.account} · ${bill.remark}`, box);
    element("strong", `¥${(bill.transfer_amount / 100).toFixed(2)}`, box);
    const waits = bill.state === "WAIT_USER_CONFIRM";
    element("p", waits ? "确认后存入微信零钱" : "这笔收款已经处理过了", box);
    const go = element("button", waits ? "确认收款" : "知道了", box);
    go.className = "go";
    go.addEventListener("click", async () => {
      const answer = waits ? await post(`${person}/receive`, { package: params.package }) : { ok: true };
      sheet.remove();
      done({ err_msg: `${name}:${answer.ok ? "ok" : "fail"}` });
    });
    if (waits) {
      element("button", "以后再说", box).addEventListener("click", () => {
        sheet.remove();
        done({ err_msg: `${name}:cancel` });
      });
    }
    return undefined;
  }

  function post(path, body) {
    return plainFetch(path, { method: "POST", headers: { "Content-Type": "application/json" }, body: JSON.stringify(body) });
  }

  function invoke(name, params, callback) {
    const done = typeof callback === "function" ? callback : () => {};
    if (name === "requestMerchantTransfer") return void receive(params || {}, done);
    if (name === "checkJsApi") {
      const asked = (params && params.jsApiList) || [];
      const checkResult = Object.fromEntries(asked.map((each) => [each, known.includes(each)]));
      return void done({ err_msg: "checkJsApi:ok", checkResult });
    }
    if (name === "closeWindow") window.parent.postMessage("close-browser", location.origin);
    return void done({ err_msg: `${name}:${known.includes(name) ? "ok" : "function not exist"}` });
  }

  window.WeixinJSBridge = { invoke, on() {}, call: (name) => invoke(name) };
  window.wx = window.wx || {
    config() {},
    ready: (callback) => callback(),
    error() {},
    checkJsApi: ({ jsApiList, success }) => invoke("checkJsApi", { jsApiList }, success),
    requestMerchantTransfer: (params) => invoke("requestMerchantTransfer", params, (answer) => {
      const way = answer.err_msg.endsWith(":ok") ? "success" : answer.err_msg.endsWith(":cancel") ? "cancel" : "fail";
      if (params[way]) params[way](answer);
      if (params.complete) params.complete(answer);
    }),
    closeWindow: () => invoke("closeWindow"),
  };
  document.addEventListener("DOMContentLoaded", () => document.dispatchEvent(new Event("WeixinJSBridgeReady")));
})();
