"""Cases of ordering dealers: a purchase or retail sale up a chain of grades, then perhaps a return (R70-R75)."""

import datetime as dt
from typing import Any

from sqlalchemy.orm import Session

from app.trial.cases import Case, Document, TrialError, at_least
from app.trial.desk import Desk
from distribution import commissions, dealer_orders, dealers
from distribution.dealer_shapes import Sale, SaleLine
from distribution.rules.calendar import SHANGHAI

_AT = dt.datetime(2025, 3, 1, 10, tzinfo=SHANGHAI)
_ORDER, _SKU = "D1", "D1"


def run(session: Session, case: Case) -> dict[str, Any]:
    """``pays_fen``, ``rows``, ``hq_fen`` right after the order, and ``refund`` where the case has one."""
    desk = Desk(session, {**case.settings, "dealers": {"grades_bp": case.part("grades_bp")}})
    _appoint(desk, case.part("dealers"))
    told = dealer_orders.record(
        session, desk.merchant_id, _sale(desk, case.part("order")), appid=desk.appid, by="trial", now=_AT
    )
    answer: dict[str, Any] = {"pays_fen": told.pays_fen, "rows": _rows(desk, told.order_no), "hq_fen": told.hq_fen}
    for name, grade in (case.document.get("regrade") or {}).items():
        dealers.regrade(session, desk.merchant_id, _dealer(desk, name), grade, by="trial", now=_AT)
    if case.document.get("refund") is not None:
        answer["refund"] = _refund(desk, case.document["refund"], answer["rows"])
    return answer


def _appoint(desk: Desk, told: Document) -> None:
    def enter(name: str, below: frozenset[str]) -> int:
        if name not in told or name in below:
            raise TrialError(f"订货商 {name} 没有写，或上级成环")
        person = desk.distributor(name)
        known = dealers.find(desk.session, desk.merchant_id, person)
        if known is not None:
            return known.id
        facts = told[name] or {}
        parent = facts.get("parent")
        above = enter(parent, below | {name}) if parent is not None else None
        row = dealers.appoint(
            desk.session, desk.merchant_id, person, grade=str(facts.get("grade")), parent_id=above, by="trial", now=_AT
        )
        return row.id

    for name in told:
        enter(name, frozenset())


def _sale(desk: Desk, told: Document) -> Sale:
    kind = told.get("kind")
    if kind not in ("purchase", "retail"):
        raise TrialError(f"没有 {kind} 这种订货单")
    paid = at_least(told, "paid_fen") if kind == "retail" else None
    line = SaleLine(1, _SKU, at_least(told, "qty", least=1), at_least(told, "list_fen"), "试算商品", paid)
    person = desk.distributor(str(told.get("dealer")))
    return Sale(_ORDER, kind, person, "paid", _AT, (line,))


def _refund(desk: Desk, told: Document, before: list[Document]) -> Document:
    refund = {1: at_least(told, "qty")}
    fen = dealer_orders.take_back(desk.session, desk.merchant_id, _ORDER, refund, refund_no="R1", now=_AT)
    return {"refund_fen": fen, "delta": _rows(desk, _ORDER)[len(before) :]}


def _rows(desk: Desk, order_no: str) -> list[Document]:
    found = dealer_orders.sold_by(desk.session, desk.merchant_id, order_no)
    assert found is not None, "the order was just recorded"
    return [
        {"who": desk.names[row.distributor_id], "kind": row.kind, "fen": row.fen}
        for row in commissions.standing(desk.session, found[0].id)
    ]


def _dealer(desk: Desk, name: str) -> int:
    row = dealers.find(desk.session, desk.merchant_id, desk.distributor(name))
    if row is None:
        raise TrialError(f"{name} 不是订货商")
    return row.id
