"""Type ``binding``: the clicks and orders of one customer; the orders are reported as by a mall, and their L1 read."""

import datetime as dt
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.trial import desk as made_up
from app.trial.cases import Case, TrialError, moment
from app.trial.desk import Desk
from distribution import bindings, customer_moves, orders, people
from distribution.refusals import Code, Refusal
from distribution.shapes import LineReport, OrderReport
from models import tables as t

_o = t.order.c
_CUSTOMER = "U"
_LINE = LineReport(1, "试算", "试算商品", 1, 10_000)


def run(session: Session, case: Case) -> dict[str, Any]:
    """Whom each order of the timeline counts for; None = nobody."""
    timeline = case.part("timeline")
    return {"l1": _Timeline(session, case, timeline).answers()}


class _Timeline:
    """The customer's events one after the other."""

    def __init__(self, session: Session, case: Case, events: list[dict[str, Any]]) -> None:
        self.events = events
        registered = [moment(each.get("at")) for each in events if each.get("do") == "register"]
        settings = case.settings if registered else _for_anybody(case.settings)
        self.desk = Desk(session, settings)
        # Whoever never registered was always there.
        if registered:
            people.meet(session, self.desk.appid, made_up.openid(_CUSTOMER), registered[0])
        self.customer = self.desk.member(_CUSTOMER)

    def answers(self) -> list[str | None]:
        """The name of the L1 of every order."""
        told: list[str | None] = []
        for number, event in enumerate(self.events):
            do, at = event.get("do"), moment(event.get("at"))
            if do == "order":
                told.append(self._order(f"B{number}", at))
            elif do in _DEEDS:
                _DEEDS[do](self, event, at)
            elif do != "register":
                raise TrialError(f"没有 {do} 这种事件")
        return told

    def _order(self, number: str, at: dt.datetime) -> str | None:
        desk = self.desk
        report = OrderReport(number, "paid", 1, at, (_LINE,), buyer_openid=made_up.openid(_CUSTOMER), created_at=at)
        orders.record(desk.session, desk.merchant_id, report, appid=desk.appid, now=at)
        l1 = desk.session.scalar(select(_o.l1_id).where(_o.merchant_id == desk.merchant_id, _o.order_no == number))
        return None if l1 is None else desk.names[l1]

    def _click(self, event: dict[str, Any], at: dt.datetime) -> None:
        who = self._named(event)
        terms = self.desk.policy
        bindings.click(self.desk.session, self.customer, who, policy=terms, channel="link", at=at, now=at)

    def _transfer(self, event: dict[str, Any], at: dt.datetime) -> None:
        to, terms = self._named(event), self.desk.policy
        customer_moves.transfer(self.desk.session, self.customer, to, policy=terms, by="trial", reason="试算", now=at)

    def _unbind(self, event: dict[str, Any], at: dt.datetime) -> None:
        terms = self.desk.policy
        try:
            customer_moves.unbind(self.desk.session, self.customer, policy=terms, by="trial", reason="试算", now=at)
        except Refusal as refusal:
            # A timeline may unbind whoever is nobody's customer: there is nothing to end.
            if refusal.code != Code.NOT_FOUND:
                raise

    def _named(self, event: dict[str, Any]) -> int:
        name = event.get("distributor")
        if not isinstance(name, str):
            raise TrialError(f"{event.get('do')} 要写 distributor")
        return self.desk.distributor(name)


_DEEDS = {"click": _Timeline._click, "transfer": _Timeline._transfer, "unbind": _Timeline._unbind}


def _for_anybody(settings: dict[str, Any]) -> dict[str, Any]:
    """Without a moment of registration nobody can be too old to be bound."""
    return settings | {"binding": {**settings.get("binding", {}), "new_window_seconds": None}}
