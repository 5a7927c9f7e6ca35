"""The page where name and identity number are looked at once; nothing readable of the number is kept."""

from dataclasses import replace

from flask import Blueprint, render_template, request
from flask.typing import ResponseReturnValue

from distribution import members, merchants, real_names
from distribution.links import Opened
from distribution.real_names import Verdict
from distribution.rules import id_numbers
from distribution.rules.masking import name as masked
from models.database import Session
from web.h5.gone import gone
from web.h5.private import private
from web.parts import WebParts
from web.throttle import Throttle

_LONGEST = 60
_WRONG = {
    Verdict.OTHER_NAME: "姓名和登记的收款人不一致。登记的名字有误，请回聊天发“改姓名”。",
    Verdict.WRONG_NUMBER: "身份证号不对，请核对 18 位号码，最后一位可能是 X。",
    Verdict.TOO_YOUNG: "分销员要年满 18 周岁，暂时不能提现。有疑问回聊天发“人工”。",
    Verdict.TAKEN: "这个身份证号已在别的账号核对过。有疑问回聊天发“人工”。",
}
_TOO_OFTEN = "试得太频繁了，请过一分钟再试。"


def add_real_name(pages: Blueprint, parts: WebParts) -> None:
    """Add the page and what its form sends to; the signed address alone says whose name it is."""
    throttle = Throttle()

    def look(session: Session, distributor_id: int, link: Opened) -> str | None:
        person = members.get_distributor(session, distributor_id)
        name, number = (request.form.get(field, "")[:_LONGEST] for field in ("name", "number"))
        known = id_numbers.parse(number) or ""
        digest, now = parts.links.digest("identity", known), parts.clock.now()
        verdict = real_names.judge(session, person, name, known, digest=digest, asked_at=link.made_at, now=now)
        return _WRONG.get(verdict)

    @pages.get("/realname/<signed>")
    def real_name(signed: str) -> ResponseReturnValue:
        return shown(parts.links.opened("realname", signed), None)

    @pages.post("/realname/<signed>")
    def real_name_sent(signed: str) -> ResponseReturnValue:
        link = parts.links.opened("realname", signed)
        if not link.subject:
            return gone(parts, "realname", link)
        who, free = int(link.subject), throttle.admit(link.subject, parts.clock.now())
        wrong = parts.database.write(lambda session: look(session, who, link)) if free else _TOO_OFTEN
        return shown(link, wrong)

    def shown(link: Opened, wrong: str | None) -> ResponseReturnValue:
        with parts.database.reading() as session:
            shop = merchants.first(session)
            person = members.find_distributor(session, int(link.subject)) if link.subject else None
            passed = person is not None and real_names.passed(session, person)
            used = person is not None and real_names.used(session, person, link.made_at)
        if person is None or (used and not passed):
            return gone(parts, "realname", replace(link, lapsed=link.lapsed or used))
        told = {"shop": shop, "payee": masked(person.name), "done": wrong is None and passed, "wrong": wrong}
        return private(render_template("h5/realname.html", **told), 422 if wrong else 200)
