// Opens WeChat's own sheet to confirm a transfer, then shows how it stands.
(() => {
  "use strict";
  const button = document.getElementById("receive");
  const outcome = document.getElementById("outcome");
  if (!button) return;
  const say = (text) => { outcome.textContent = text; };

  function receive() {
    const { mchId, appId, package: bill } = button.dataset;
    say("");
    button.disabled = true;
    window.WeixinJSBridge.invoke("requestMerchantTransfer", { mchId, appId, package: bill }, (answer) => {
      const message = (answer && answer.err_msg) || "";
      if (message.endsWith(":ok")) {
        say("已确认，正在到账…");
        setTimeout(() => location.reload(), 1500);
        return;
      }
      button.disabled = false;
      if (message.endsWith(":cancel")) say("还没有确认，随时可以再点。");
      else say("没有打开收款页：请把微信升级到最新版再试，或在公众号里回复“人工”。");
    });
  }

  button.addEventListener("click", () => {
    if (window.WeixinJSBridge) receive();
    else document.addEventListener("WeixinJSBridgeReady", receive, { once: true });
  });
})();
