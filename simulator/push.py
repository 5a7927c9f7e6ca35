"""Pushes a message or event to the service's webhook the way WeChat does."""

import json
import secrets
import time
from dataclasses import asdict, dataclass, field
from typing import Any

import requests

from simulator import answers, codec, phone
from simulator.desk import Desk, outgoing
from simulator.instants import SECOND

_LONGEST_ANSWER = 1 << 20


@dataclass(frozen=True, slots=True)
class Delivery:
    """One attempt: the HTTP status, None when no answer came in time, and how long it took."""

    status: int | None
    ms: int


@dataclass(slots=True)
class Outcome:
    """All attempts, the phone line they led to, and the desk's verdict on the answer."""

    deliveries: list[Delivery] = field(default_factory=list)
    line: int | None = None
    verdict: str = "no answer"
    answer: str = ""


@dataclass(frozen=True, slots=True)
class Twist:
    """How a hostile or broken push differs from an honest one."""

    wrong: str = ""
    xml: str | None = None
    attempts: int | None = None


def fields_of(desk: Desk, openid: str, created: int, kind: str) -> dict[str, Any]:
    """The fields every push begins with; `created` in seconds."""
    return {
        "ToUserName": desk.settings.original_id,
        "FromUserName": openid,
        "CreateTime": created,
        "MsgType": kind,
    }


def next_message_id(desk: Desk) -> int:
    """A 64-bit message id nobody has had before."""
    return 24_000_000_000_000_000 + desk.store.next_number("message")


def push(desk: Desk, asked: dict[str, Any], *, shown: bool = True, twist: Twist | None = None) -> Outcome:
    """Deliver up to three times, judge the answer and put it on the phone; what nobody sees is only recorded."""
    twist = twist or Twist()
    xml = twist.xml.encode() if twist.xml is not None else codec.to_xml(asked)
    outcome = Outcome()
    for attempt in range(twist.attempts or desk.settings.deliveries):
        if attempt:
            time.sleep(desk.settings.delivery_pause)
        delivery, raw = _deliver(desk, asked["FromUserName"], xml, twist)
        outcome.deliveries.append(delivery)
        if delivery.status == 200:
            _judge(desk, asked, raw, outcome)
            break
    openid = asked["FromUserName"]
    if shown and outcome.verdict not in ("silent", "shown"):
        outcome.line = phone.put(desk, openid, "system", {"text": phone.SYSTEM_LINE})
    _record(desk, asked, xml, outcome)
    return outcome


def _judge(desk: Desk, asked: dict[str, Any], raw: bytes, outcome: Outcome) -> None:
    try:
        answer = answers.read(desk, raw, asked)
    except answers.BadAnswer as error:
        outcome.verdict = f"bad: {error}"
        return
    if answer is None:
        outcome.verdict = "silent"
        return
    outcome.verdict = "shown"
    outcome.answer = json.dumps(asdict(answer), ensure_ascii=False)
    outcome.line = phone.put(desk, asked["FromUserName"], answer.kind, answer.body)


def _deliver(desk: Desk, openid: str, xml: bytes, twist: Twist) -> tuple[Delivery, bytes]:
    query, body = _envelope(desk, openid, xml, twist)
    begun = time.monotonic()
    try:
        with outgoing() as session:
            response = session.post(
                desk.settings.webhook_url,
                params=query,
                data=body,
                headers={"Content-Type": "text/xml", "User-Agent": "Mozilla/4.0"},
                timeout=desk.settings.delivery_timeout,
                allow_redirects=False,
            )
        status: int | None = response.status_code
        raw = response.content[:_LONGEST_ANSWER]
    except requests.RequestException:
        status, raw = None, b""
    spent = time.monotonic() - begun
    if spent > desk.settings.delivery_timeout:
        status, raw = None, b""
    return Delivery(status, round(spent * 1000)), raw


def _envelope(desk: Desk, openid: str, xml: bytes, twist: Twist) -> tuple[dict[str, str], bytes]:
    settings = desk.settings
    now = desk.now() // SECOND - (400 * 86400 if twist.wrong == "timestamp" else 0)
    timestamp, nonce = str(now), secrets.token_hex(8)
    token = "wrong" if twist.wrong == "signature" else settings.token
    query = {"signature": codec.sign(token, timestamp, nonce), "timestamp": timestamp, "nonce": nonce, "openid": openid}
    if settings.mode == "plain" or twist.wrong == "plain":
        return query, xml
    key = secrets.token_hex(21) + "A" if twist.wrong == "key" else settings.encoding_aes_key
    sealed = codec.seal(xml, key, "wx0000000000000000" if twist.wrong == "app_id" else settings.app_id)
    query |= {"encrypt_type": "aes", "msg_signature": codec.sign(token, timestamp, nonce, sealed)}
    encrypted = f"<Encrypt><![CDATA[{sealed}]]></Encrypt></xml>".encode()
    if settings.mode == "compatible":
        return query, xml.removesuffix(b"</xml>") + encrypted
    return query, f"<xml><ToUserName><![CDATA[{settings.original_id}]]></ToUserName>".encode() + encrypted


def _record(desk: Desk, asked: dict[str, Any], xml: bytes, outcome: Outcome) -> None:
    kind = str(asked.get("Event") or asked["MsgType"])
    attempts = json.dumps([asdict(each) for each in outcome.deliveries])
    sql = "INSERT INTO delivery(at, openid, kind, xml, attempts, answer, verdict) VALUES (?, ?, ?, ?, ?, ?, ?)"
    text = xml.decode("utf-8", "replace")
    openid = asked["FromUserName"]
    desk.store.run(sql, desk.now(), openid, kind, text, attempts, outcome.answer, outcome.verdict)


def run_event(desk: Desk, body: dict[str, Any], tries: int) -> int | None:
    """Due work: push an event nobody sees, such as the end of a job."""
    push(desk, body["fields"], shown=False)
    return None
