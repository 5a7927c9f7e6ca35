"""The page where somebody with another WeChat says which account is his; people compare and decide."""

from flask import Blueprint, render_template, request
from flask.typing import ResponseReturnValue

from distribution import merchants, people, recoveries
from distribution.refusals import Code, Refusal
from models.database import Session
from web.h5.gone import gone
from web.h5.private import private
from web.parts import WebParts

#: Which field a refusal is about.
_FIELDS = {Code.INVALID_PHONE: "phone", Code.INVALID_NAME: "name"}
_LONGEST = 40


def add_recover(pages: Blueprint, parts: WebParts) -> None:
    """Add the page and what its form sends to; the signed address alone says who asks."""

    @pages.get("/recover/<signed>")
    def recover(signed: str) -> ResponseReturnValue:
        link = parts.links.opened("recover", signed)
        return gone(parts, "recover", link) if link.subject is None else _page(parts, {})

    @pages.post("/recover/<signed>")
    def claim(signed: str) -> ResponseReturnValue:
        link = parts.links.opened("recover", signed)
        if (openid := link.subject) is None:
            return gone(parts, "recover", link)
        given = {name: _typed(name) for name in ("phone", "name", "proof")}
        try:
            no = parts.database.write(lambda session: _claimed(parts, session, openid, given))
        except Refusal as refusal:
            said = parts.wording(refusal)
            return _page(parts, given, errors={_FIELDS.get(refusal.code, ""): said}, status=422)
        return _page(parts, given, no=no)


def _typed(name: str) -> str:
    given = request.form.get(name, "")[:_LONGEST]
    return "".join(each for each in given if each.isprintable()).strip()


def _claimed(parts: WebParts, session: Session, openid: str, given: dict[str, str]) -> str:
    now = parts.clock.now()
    member_id = people.meet(session, parts.app_id, openid, now).member_id
    assert member_id is not None, "everybody who was met has a row"
    return recoveries.claim(session, member_id, **given, now=now).no


def _page(
    parts: WebParts,
    given: dict[str, str],
    *,
    errors: dict[str, str] | None = None,
    no: str = "",
    status: int = 200,
) -> ResponseReturnValue:
    with parts.database.reading() as session:
        shop = merchants.first(session)
    return private(render_template("h5/recover.html", shop=shop, given=given, errors=errors or {}, no=no), status)
