"""Pages that open without a log-in: a withdrawal to confirm, the written rules, a statement, and their neighbours."""

import datetime as dt

from flask import Blueprint, render_template, request
from flask.typing import ResponseReturnValue

from distribution import members, merchants, policy, statements, withdrawals
from distribution.rules.commission import example
from distribution.rules.masking import name as masked
from distribution.statements import WORDS
from models import Withdrawal
from models.states import WithdrawalState as State
from web import wechat_browser
from web.console.forms import number
from web.filters import add_filters
from web.h5.gone import gone
from web.h5.private import private
from web.h5.real_name import add_real_name
from web.h5.recover import add_recover
from web.parts import WebParts
from web.typeface import typeface


def h5(parts: WebParts) -> Blueprint:
    """/h5: pages that open without a log-in."""
    pages = Blueprint("h5", "web", url_prefix="/h5", template_folder="templates", static_folder="static")
    add_filters(pages)

    pages.add_url_rule("/font", "font", typeface)

    @pages.get("/in")
    def log_in() -> ResponseReturnValue:
        return wechat_browser.come_back(parts)

    @pages.get("/withdrawals/<signed>")
    def confirm(signed: str) -> ResponseReturnValue:
        link = parts.links.opened("withdrawal", signed)
        with parts.database.reading() as session:
            row = withdrawals.find(session, link.subject) if link.subject else None
            shop = merchants.first(session)
        if row is None:
            return gone(parts, "withdrawal", link)
        facts = {"row": row, "shop": shop, "payee": masked(row.payee_name), "story": _story(row, parts.clock.now())}
        wechat = {"app_id": parts.app_id, "mch_id": parts.mch_id, "inside": wechat_browser.is_wechat()}
        return private(render_template("h5/confirm.html", **facts, **wechat))

    @pages.get("/agreement")
    def agreement() -> ResponseReturnValue:
        with parts.database.reading() as session:
            shop = merchants.first(session)
            terms = policy.in_force(session, shop.id if shop else 0, parts.clock.now())
        return render_template("h5/agreement.html", shop=shop, terms=terms, example=example(terms))

    _add_statement(pages, parts)
    add_recover(pages, parts)
    add_real_name(pages, parts)
    return pages


def _add_statement(pages: Blueprint, parts: WebParts) -> None:
    @pages.get("/statements/<signed>")
    def statement(signed: str) -> ResponseReturnValue:
        link = parts.links.opened("statement", signed)
        person, _, month = (link.subject or "").partition(":")
        with parts.database.reading() as session:
            shop = merchants.first(session)
            row = members.find_distributor(session, int(person)) if person else None
            told = statements.month(session, row.id, dt.date.fromisoformat(f"{month}-01")) if row else None
            orders = statements.owing(session, row.id) if row and told and told.left["owed"] else {}
        if row is None or told is None:
            return gone(parts, "statement", link)
        listed = statements.part(told, number(request.args.get("page", ""), 1) or 1)
        facts = {"shop": shop, "name": masked(row.name), "told": told, "list": listed, "owing": orders, "words": WORDS}
        return private(render_template("h5/statement.html", **facts))


def _story(row: Withdrawal, now: dt.datetime) -> str:
    """Which of the page's stories is told: waits, sent, asked, paid, returned or overdue."""
    if row.state == State.PAID:
        return "paid"
    if row.state == State.RELEASED:
        return "returned"
    if row.transfer_state == "WAIT_USER_CONFIRM" and row.package and row.confirm_by is not None:
        return "waits" if now < row.confirm_by else "overdue"
    return "asked" if row.state == State.REQUESTED else "sent"
