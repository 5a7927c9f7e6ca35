"""Cases of the type ``order``: one order from its creation through refunds, settlement and withdrawals."""

import datetime as dt
import itertools
from typing import Any

from sqlalchemy.orm import Session

from app.trial import order_steps
from app.trial.cases import Case, Document, TrialError, at_least, inviter_of, moment, whole
from app.trial.desk import Desk, openid
from app.trial.people import give_level, set_status
from app.trial.sale import Sale
from distribution import agents, agreements, products
from distribution.products import ProductFacts
from distribution.shapes import Decided, LineReport, OrderReport

_CREATED = "2025-03-01T10:00:00"


def run(session: Session, case: Case) -> dict[str, Any]:
    """The order's bases and rows after creation, and what each step wrote and left."""
    rates = {"level_rate_bp": case.document.get("levels") or {}}
    region = {**case.settings.get("region", {}), "tenure": "shared"}
    # The cycle belongs to cases of its own: here every run of the settlement settles what is due.
    settings = {name: told for name, told in case.settings.items() if name != "cycle"}
    desk = Desk(session, {**settings, **rates, "region": region})
    told, steps = case.part("order"), case.document.get("steps") or []
    at = moment(told.get("created_at", _CREATED))
    _in_order([at, *(moment(step.get("at")) for step in steps)])
    _people(desk, case.document.get("people") or {})
    _agents(desk, case.document.get("region_agents") or [])
    sale = Sale(desk, _report(desk, told, at), [str(line["id"]) for line in told["lines"]])
    sale.repeat(now=at)
    return {
        "base_fen": sale.bases(),
        "rows": sale.new_rows(),
        "steps": [order_steps.take(sale, step) for step in steps],
    }


def _in_order(moments: list[dt.datetime]) -> None:
    for before, after in itertools.pairwise(moments):
        if after < before:
            raise TrialError(f"{after:%Y-%m-%dT%H:%M:%S} 的步骤排在更晚的后面")


def _people(desk: Desk, people: Document) -> None:
    for name in people:
        _enter(desk, people, name, set())
    for name, facts in people.items():
        facts = facts or {}
        if facts.get("level") is not None:
            give_level(desk, name, str(facts["level"]), now=desk.opened_at)
        if facts.get("personal") is not None:
            _agree(desk, name, facts["personal"])
    for name, facts in people.items():
        set_status(desk, name, (facts or {}).get("status", "active"), now=desk.opened_at)


def _enter(desk: Desk, people: Document, name: str, below: set[str]) -> None:
    """Make a person after everybody above."""
    inviter = inviter_of(people, name)
    if inviter is not None:
        if inviter in below:
            raise TrialError(f"{inviter} 邀请了自己")
        _enter(desk, people, inviter, below | {name})
    desk.distributor(name, inviter=inviter)


def _agree(desk: Desk, name: str, told: Document) -> None:
    agreements.make(
        desk.session, desk.merchant_id, desk.distributor(name),
        rates={kind: whole(told, kind, 0) for kind in ("l1", "l2", "l3")},
        valid_from=_limit(told, "from"), valid_until=_limit(told, "until"), by="trial", now=desk.opened_at,
    )  # fmt: skip


def _agents(desk: Desk, told: list[Document]) -> None:
    for agent in told:
        agents.appoint(
            desk.session, desk.merchant_id, desk.known(agent.get("who"), "region_agents"), scope=agent["scope"],
            code=str(agent["code"]), valid_from=_limit(agent, "from"), valid_until=_limit(agent, "until"),
            by="trial", now=desk.opened_at,
        )  # fmt: skip


def _limit(told: Document, name: str) -> dt.datetime | None:
    return moment(told[name]) if told.get(name) is not None else None


def _report(desk: Desk, told: Document, at: dt.datetime) -> OrderReport:
    lines: list[LineReport] = []
    for number, line in enumerate(told["lines"], 1):
        unit, name = at_least(line, "unit_fen"), str(line["id"])
        if name in {each.sku for each in lines}:
            raise TrialError(f"有两行都叫 {name}")
        facts = ProductFacts(name, unit, 10**6, category=line.get("category"), cost_fen=line.get("cost_fen"))
        row = products.put(desk.session, desk.merchant_id, name, facts, now=desk.opened_at)
        if line.get("rule") is not None:
            products.set_rule(desk.session, desk.merchant_id, row.id, line["rule"], by="trial", now=desk.opened_at)
        lines.append(
            LineReport(number, name, name, at_least(line, "qty", least=1), unit, at_least(line, "discount_fen", 0))
        )
    return OrderReport(
        order_no="T1", state="paid", version=1, occurred_at=at, created_at=at, lines=tuple(lines),
        buyer_openid=openid(told["buyer"]), decided=Decided(_l1(desk, told["l1"])),
        coupon_fen=at_least(told, "coupon_fen", 0), points_fen=at_least(told, "points_fen", 0),
        freight_fen=at_least(told, "freight_fen", 0), address=told.get("address"),
    )  # fmt: skip


def _l1(desk: Desk, name: str | None) -> int | None:
    return desk.known(name, "order.l1") if name is not None else None
