"""The simulator, our clients to it, and the service's doors as a stand-in."""

from dataclasses import dataclass
from pathlib import Path
from typing import Any

import requests
from cryptography.hazmat.primitives import serialization
from wechat_pay_bank import KEY_ID, MCH_ID, V3_KEY, Bank
from wechat_stand_in import StandIn

from simulator.clock import SharedClock
from simulator.settings import SimulatorSettings
from wechat.http import open_session
from wechat.official import Official
from wechat.pay import Pay
from wechat.settings import PaySettings, WechatSettings
from wechat.tokens import AccessTokens

ACCOUNT = {
    "app_id": "wx0123456789abcdef",
    "original_id": "gh_0123456789ab",
    "app_secret": "0123456789abcdef0123456789abcdef",
    "token": "demoToken2026",
    "encoding_aes_key": "abcdefghijklmnopqrstuvwxyz0123456789ABCDEFG",
}
NOTICE = ("tmpl-paid", "佣金到账", ("thing1", "amount2"))


@dataclass
class World:
    """The simulator, our clients to it, and the service's doors as a stand-in."""

    base: str
    clock: SharedClock
    doors: StandIn
    official: Official
    pay: Pay

    def post(self, path: str, **facts: Any) -> Any:
        answer = requests.post(f"{self.base}/sim{path}", json=facts, timeout=20)
        assert answer.ok, answer.text
        return answer.json()

    def phone(self, openid: str) -> list[dict[str, Any]]:
        return requests.get(f"{self.base}/sim/people/{openid}/phone", timeout=20).json()["messages"]

    def follower(self, *, saying: str = "") -> str:
        openid = self.post("/people", name="小红")["openid"]
        self.post(f"/people/{openid}/follow")
        if saying:
            self.post(f"/people/{openid}/say", text=saying)
        return openid

    def received(self, openid: str) -> list[str]:
        return [message["type"] for message in self.phone(openid) if message["from"] == "account"]


def desk_settings(folder: Path, bank: Bank, base: str) -> SimulatorSettings:
    secret = bank._ours.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    merchants = bank._theirs.public_key().public_bytes(
        serialization.Encoding.PEM, serialization.PublicFormat.SubjectPublicKeyInfo
    )
    return SimulatorSettings(
        **ACCOUNT,
        mode="safe",
        webhook_url=base + "/wechat",
        service_url=base,
        mch_id=MCH_ID,
        mch_serial="5F3A",
        mch_public_key_pem=merchants.decode(),
        api_v3_key=V3_KEY,
        pay_private_key_pem=secret.decode(),
        pay_public_key_id=KEY_ID,
        pay_notify_url=base + "/pay/notify",
        templates=(NOTICE,),
        data_dir=folder / "desk",
        api_secret="whsec_MDEyMzQ1Njc4OWFiY2RlZg==",
        delivery_pause=0.05,
    )


def clients(base: str, bank: Bank, clock: SharedClock) -> tuple[Official, Pay]:
    account = WechatSettings(**ACCOUNT, api_base=base + "/sim/wechat")
    merchant = PaySettings(
        mch_id=MCH_ID,
        api_base=base + "/sim/pay",
        serial_no="5F3A",
        private_key_file=str(bank.private_key_file),
        api_v3_key=V3_KEY,
        public_key_file=str(bank.public_key_file),
        public_key_id=KEY_ID,
        notify_url=base + "/pay/notify",
    )
    http = open_session(account.api_base, merchant.api_base)
    tokens = AccessTokens(http, account.app_id, ACCOUNT["app_secret"], clock=clock)
    return Official(account, http, tokens, clock=clock), Pay(merchant, account.app_id, http, clock=clock)
