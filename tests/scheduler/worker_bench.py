"""A worker between a real database and the simulated WeChat and WeChat Pay over HTTP."""

import re
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import requests
from flask import Flask, request
from sqlalchemy import select
from werkzeug.serving import WSGIRequestHandler

from distribution import campaign_sends, ledger, members, outbox, people, withdrawals
from distribution.policy import Policy
from models import Merchant, OutboxRow, Withdrawal
from models.database import Database
from models.tables import outbox_row, withdrawal
from posters import render
from scheduler.parts import Pace, Parts
from scheduler.runner import Runner
from simulator.clock import SharedClock
from simulator.pay_signing import new_key_pair
from simulator.settings import SimulatorSettings, Template
from wechat.http import open_session
from wechat.official import Official
from wechat.pay import Pay
from wechat.settings import NoticeTemplate, PaySettings, WechatSettings
from wechat.tokens import AccessTokens

APP_ID = "wx0123456789abcdef"
APP_SECRET = "0123456789abcdef0123456789abcdef"
V3_KEY = "0123456789abcdef0123456789abcdef"
MERCHANT, BANK = new_key_pair(), new_key_pair()
PAID = Template("T_PAID", "提现进度通知", ("character_string1", "amount2", "phrase3"))
TEMPLATES = {
    "withdrawal": NoticeTemplate(
        id="T_PAID", fields={"character_string1": "number", "amount2": "amount", "phrase3": "status"}
    )
}
FACTS = {"number": "W1", "amount": "¥60.00", "status": "已到账"}
EVERYONE = Policy(join_mode="everyone")


class Quiet(WSGIRequestHandler):
    def log(self, *_: Any) -> None: ...


class PlainLinks:
    def __init__(self, base: str) -> None:
        self.base = base

    def confirm(self, no: str) -> str:
        return f"{self.base}/h5/withdrawals/{no}"

    def code_in(self, address: str) -> str | None:
        return address.removeprefix(f"{self.base}/s/") if address.startswith(f"{self.base}/s/") else None


@dataclass
class World:
    base: str
    database: Database
    clock: SharedClock
    parts: Parts
    runner: Runner
    service: Flask

    def post(self, path: str, **facts: Any) -> Any:
        answer = requests.post(f"{self.base}/sim{path}", json=facts, timeout=30)
        assert answer.ok, answer.text
        self.clock.freeze(self.clock.now())
        return answer.json()

    def fault(self, call: str, **how: Any) -> None:
        self.post("/faults", call=call, **how)

    def advance(self, **units: float) -> datetime:
        """Only our clock and WeChat's: nothing is run on the way."""
        now = self.clock.now() + timedelta(**units)
        self.clock.freeze(now)
        return now

    def jump(self, **units: float) -> None:
        """As the demo does it: everything that falls due on the way is run at its moment."""
        self.post("/clock", advance_seconds=timedelta(**units).total_seconds())

    def person(self, name: str = "陈晓燕", *, talks: bool = True) -> tuple[str, int, int]:
        """(openid, member id, distributor id) of somebody who follows, just spoke, and distributes."""
        openid = str(self.post("/people", name=name)["openid"])
        self.post(f"/people/{openid}/follow")
        if talks:
            self.post(f"/people/{openid}/say", text="你好")
        else:
            self.advance(minutes=2)
        now = self.clock.now()
        with self.database.transaction() as session:
            member_id = people.meet(session, APP_ID, openid, now).member_id
            assert member_id is not None
            members.record_follow(session, member_id, at=now.replace(microsecond=0), now=now)
            facts = {"name": name, "phone": "13800138000", "invite_code": None, "terms_version": "1"}
            row = members.apply(session, member_id, **facts, policy=EVERYONE, now=now)
            return openid, member_id, row.id

    def put(self, kind: str, facts: dict[str, Any], *, once: str = "x", member_id: int | None = None) -> None:
        with self.database.transaction() as session:
            outbox.put(session, kind, facts, once=once, member_id=member_id, now=self.clock.now())

    def notice(self, member_id: int, *, kind: str = "withdrawal", once: str = "n", link: str | None = None) -> None:
        text = "到账了 ¥60.00" + ("\n{link}" if link else "")
        self.put("notice", {"kind": kind, "text": text, "facts": FACTS, "link": link}, once=once, member_id=member_id)

    def row(self, once: str) -> OutboxRow:
        with self.database.reading() as session:
            return session.scalars(select(OutboxRow).where(outbox_row.c.once == once)).one()

    def received(self, openid: str) -> list[tuple[str, str]]:
        messages = requests.get(f"{self.base}/sim/people/{openid}/phone", timeout=20).json()["messages"]
        ours = [message for message in messages if message["from"] == "account"]
        return [(message["type"], message.get("text") or "") for message in ours]

    def withdraw(self, distributor_id: int, fen: int = 6000) -> str:
        """The number of an approved withdrawal."""
        now = self.clock.now()
        with self.database.transaction() as session:
            available = ledger.purse(distributor_id, "available")
            moves = [(ledger.cost(1), available, fen)]
            ledger.post(session, f"gift:{distributor_id}:{now}", moves, cause="gift", actor="test", at=now)
            key = f"r:{distributor_id}:{now}"
            row = withdrawals.request(session, distributor_id, fen, request_key=key, policy=EVERYONE, now=now)
            withdrawals.approve(session, row.no, by="boss", version=row.version, now=now)
            return row.no

    def withdrawal(self, no: str) -> Withdrawal:
        with self.database.reading() as session:
            return session.scalars(select(Withdrawal).where(withdrawal.c.no == no)).one()

    def bank(self) -> list[tuple[str, str]]:
        book = requests.get(f"{self.base}/sim/transfers", timeout=20).json()
        return [(line["out_bill_no"], line["state"]) for line in book]

    def another(self, name: str, **changes: Any) -> Runner:
        """A further worker on the same rows."""
        return Runner(replace(self.parts, **changes), name)


def service(database: Database, clock: SharedClock, run: Any) -> Flask:
    """What the service answers meanwhile: events of mass sends are taken in, due work is run."""
    app = Flask("service")
    app.config["HEARS"] = True

    @app.post("/wechat")
    def push() -> str:
        body = request.get_data(as_text=True)
        if "MASSSENDJOBFINISH" in body and app.config["HEARS"]:
            told = {name: re.search(rf"<{name}>(?:<!\[CDATA\[)?(\w[^\]<]*)", body) for name in _TOLD}
            msg_id, status, total, sent = (found.group(1) if found else "" for found in told.values())
            facts = {"status": status, "total": int(total), "sent": int(sent), "now": clock.now()}
            with database.transaction() as session:
                campaign_sends.record_finished(session, msg_id, **facts)
        return "success"

    @app.post("/pay/notify")
    def notify() -> tuple[str, int]:
        return "", 204

    @app.post("/demo/run")
    def due() -> dict[str, str | None]:
        moment = run()
        return {"next_due": moment.isoformat() if moment else None}

    return app


_TOLD = ("MsgID", "Status", "TotalCount", "SentCount")


def desk(base: str, folder: Path) -> SimulatorSettings:
    return SimulatorSettings(
        app_id=APP_ID,
        original_id="gh_0123456789ab",
        app_secret=APP_SECRET,
        token="demoToken2026",
        encoding_aes_key="abcdefghijklmnopqrstuvwxyz0123456789ABCDEFG",
        mode="plain",
        webhook_url=f"{base}/wechat",
        service_url=base,
        mch_id="1900000001",
        mch_serial="5F3A",
        mch_public_key_pem=MERCHANT[1],
        api_v3_key=V3_KEY,
        pay_private_key_pem=BANK[0],
        pay_public_key_id="PUB_KEY_ID_0119000000012026",
        pay_notify_url=f"{base}/pay/notify",
        templates=(PAID,),
        data_dir=folder / "desk",
        api_secret="whsec_MDEyMzQ1Njc4OWFiY2RlZg==",
        delivery_pause=0.01,
    )


def parts_of(base: str, folder: Path, database: Database, clock: SharedClock) -> Parts:
    account = WechatSettings(
        app_id=APP_ID,
        original_id="gh_0123456789ab",
        app_secret=APP_SECRET,
        token="demoToken2026",
        mode="plain",
        api_base=f"{base}/sim/wechat",
    )
    (folder / "merchant.pem").write_text(MERCHANT[0])
    (folder / "bank.pem").write_text(BANK[1])
    merchant = PaySettings(
        mch_id="1900000001",
        api_base=f"{base}/sim/pay",
        serial_no="5F3A",
        private_key_file=str(folder / "merchant.pem"),
        api_v3_key=V3_KEY,
        public_key_file=str(folder / "bank.pem"),
        public_key_id="PUB_KEY_ID_0119000000012026",
        notify_url=f"{base}/pay/notify",
    )
    http = open_session(account.api_base, merchant.api_base)
    tokens = AccessTokens(http, APP_ID, APP_SECRET, clock=clock)
    return Parts(
        database=database,
        clock=clock,
        official=Official(account, http, tokens, clock=clock),
        pay=Pay(merchant, APP_ID, http, clock=clock),
        draw=render,
        fetch=lambda url: None,
        links=PlainLinks(base),
        templates=TEMPLATES,
        pace=Pace(threads=4, per_second=1000, every_seconds=0.05),
    )


def open_shop(database: Database, now: datetime) -> None:
    with database.transaction() as session:
        session.add(Merchant(name="阿胶世家", created_at=now))
