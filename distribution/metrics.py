"""What people have achieved: completed orders less refunds, own and the team's; the one place that counts them."""

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, Select, Subquery, and_, func, select
from sqlalchemy.orm import Session

from distribution.rules.calendar import Span
from models import tables as t
from models.states import CommissionState, DistributorState

_c, _d, _o, _line, _path = t.commission.c, t.distributor.c, t.order.c, t.order_line.c, t.team_path.c
#: Figures of more people than these two generations are nobody's business (R8).
_DEEPEST = 2


@dataclass(frozen=True, slots=True)
class Metric:
    """How a metric is called, and whether it is money (fen) or a count."""

    word: str
    money: bool = False


#: Every metric that conditions may ask for.
METRICS: Mapping[str, Metric] = {
    "sales_fen": Metric("本人成交额", money=True),
    "orders": Metric("本人成交单数"),
    "direct_customers": Metric("成交客户数"),
    "team_sales_fen": Metric("团队成交额（本人和下两级）", money=True),
    "direct_team": Metric("直接邀请的分销员"),
    "selling_team": Metric("下两级有成交的分销员"),
    "earned_fen": Metric("已结算佣金", money=True),
}


def of_everyone(session: Session, span: Span | None = None) -> dict[int, dict[str, int]]:
    """The metrics of all who have any, by distributor; of orders received in ``span`` (None: ever)."""
    return _collect(session, span)


def of_one(session: Session, distributor_id: int, span: Span | None = None) -> dict[str, int]:
    """Every metric of one person; of orders received in ``span`` (None: ever)."""
    found = dict.fromkeys(METRICS, 0)
    rows = session.execute(_team_of(distributor_id, span)).all()
    for row in rows:
        if row.l1_id == distributor_id:
            own = {"orders": row.orders, "sales_fen": int(row.sales_fen), "direct_customers": row.customers}
            found.update(own)
    found["team_sales_fen"] = int(sum(row.sales_fen for row in rows))
    active = [row for row in rows if row.depth and row.state == DistributorState.ACTIVE]
    found["selling_team"] = len(active)
    for name, question in (("direct_team", _direct(distributor_id)), ("earned_fen", _earned(distributor_id, span))):
        found[name] = int(next((value for _, value in session.execute(question)), 0))
    return found


def completed(span: Span | None = None) -> Select[Any]:
    """Orders that were received and not closed, with what is left of them: l1_id, order_id, buyer, net_fen."""
    net = func.sum(_line.paid_fen - _line.refunded_fen)
    return (
        select(
            _o.l1_id,
            _o.id.label("order_id"),
            func.coalesce(_o.buyer_openid, _o.buyer_external_id).label("buyer"),
            net.label("net_fen"),
        )
        .join(t.order_line, _line.order_id == _o.id)
        .where(
            _o.l1_id.is_not(None), _o.received_at.is_not(None), _o.closed_at.is_(None), *_within(_o.received_at, span)
        )
        .group_by(_o.id, _o.l1_id, _o.buyer_openid, _o.buyer_external_id)
        .having(net > 0)
    )


def _team_of(distributor_id: int, span: Span | None) -> Select[Any]:
    """Who of one person's two generations sold something, the person included."""
    team = select(_path.descendant_id).where(_path.ancestor_id == distributor_id, _path.depth <= _DEEPEST)
    own = _own(completed(span).where(_o.l1_id.in_(team)))
    return (
        select(own, _path.depth, _d.state)
        .join(t.team_path, and_(_path.ancestor_id == distributor_id, _path.descendant_id == own.c.l1_id))
        .join(t.distributor, _d.id == own.c.l1_id)
    )


def _collect(session: Session, span: Span | None) -> dict[int, dict[str, int]]:
    found: dict[int, dict[str, int]] = defaultdict(dict)
    own = _own(completed(span))
    asked = (
        (select(own), ("orders", "sales_fen", "direct_customers")),
        (_team_sales(own), ("team_sales_fen",)),
        (_selling(own), ("selling_team",)),
        (_direct(None), ("direct_team",)),
        (_earned(None, span), ("earned_fen",)),
    )
    for question, names in asked:
        for who, *values in session.execute(question):
            found[who].update(zip(names, map(int, values), strict=True))
    return found


def _own(orders: Select[Any]) -> Subquery:
    sold = orders.subquery("sold")
    return (
        select(
            sold.c.l1_id,
            func.count().label("orders"),
            func.sum(sold.c.net_fen).label("sales_fen"),
            func.count(func.distinct(sold.c.buyer)).label("customers"),
        )
        .group_by(sold.c.l1_id)
        .subquery("own")
    )


def _team_sales(own: Subquery) -> Select[Any]:
    return (
        select(_path.ancestor_id, func.sum(own.c.sales_fen))
        .join(own, own.c.l1_id == _path.descendant_id)
        .where(_path.depth <= _DEEPEST)
        .group_by(_path.ancestor_id)
    )


def _selling(own: Subquery) -> Select[Any]:
    return (
        select(_path.ancestor_id, func.count())
        .join(own, own.c.l1_id == _path.descendant_id)
        .join(t.distributor, _d.id == _path.descendant_id)
        .where(_path.depth.between(1, _DEEPEST), _d.state == DistributorState.ACTIVE)
        .group_by(_path.ancestor_id)
    )


def _direct(one: int | None) -> Select[Any]:
    invited = select(_d.inviter_id, func.count()).where(_d.state == DistributorState.ACTIVE, _d.inviter_id.is_not(None))
    return invited.where(*_only(_d.inviter_id, one)).group_by(_d.inviter_id)


def _earned(one: int | None, span: Span | None) -> Select[Any]:
    settled = select(_c.distributor_id, func.sum(_c.fen)).where(_c.state == CommissionState.AVAILABLE)
    within = _within(_c.paid_at, span)
    return settled.where(*within, *_only(_c.distributor_id, one)).group_by(_c.distributor_id)


def _within(moment: Any, span: Span | None) -> list[ColumnElement[bool]]:
    return [] if span is None else [moment >= span[0], moment < span[1]]


def _only(column: Any, one: int | None) -> list[ColumnElement[bool]]:
    return [] if one is None else [column == one]
