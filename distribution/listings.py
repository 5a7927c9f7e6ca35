"""Lists for the console: filtered, counted, added up, a page at a time; read only."""

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import ColumnElement, Select, case, func, or_, select
from sqlalchemy.orm import Session

from distribution.refusals import Code, Refusal
from models import tables as t
from models.states import DistributorState, WithdrawalState

PAGE_ROWS = 30
_c, _d, _w, _o, _a = t.commission.c, t.distributor.c, t.withdrawal.c, t.order.c, t.audit_entry.c


@dataclass(frozen=True, slots=True)
class Page:
    """Some rows of a list, how many there are in all, and sums of the whole list in fen."""

    rows: list[dict[str, Any]]
    total: int
    page: int = 1
    sums: Mapping[str, int] = field(default_factory=dict)

    @property
    def pages(self) -> int:
        """How many pages the list has."""
        return max(1, -(-self.total // PAGE_ROWS))


@dataclass(frozen=True, slots=True)
class Wanted:
    """A filter: empty means everything."""

    words: str = ""
    state: str = ""
    level_id: int | None = None
    tag_id: int | None = None
    since: dt.datetime | None = None
    until: dt.datetime | None = None
    page: int = 1
    rows: int = PAGE_ROWS


def distributors(session: Session, wanted: Wanted) -> Page:
    """People who distribute or applied, the newest first, with their customers, orders and earnings."""
    upline, level = t.distributor.alias("upline"), t.level.c
    found = (
        select(_d.id, _d.code, _d.name, _d.phone, _d.state, _d.applied_at, _d.reason)
        .add_columns(level.name.label("level"), upline.c.code.label("upline"), upline.c.name.label("upline_name"))
        .outerjoin(t.level, level.id == _d.level_id)
        .outerjoin(upline, upline.c.id == _d.inviter_id)
        .where(*_people(wanted))
    )
    page = _page(session, found, (_d.id.desc(),), wanted.page, rows=wanted.rows)
    ids = [row["id"] for row in page.rows]
    figures = _figures(session, ids)
    return Page([row | figures[row["id"]] for row in page.rows], page.total, page.page)


def applications(session: Session, page: int = 1) -> Page:
    """Who waits for an answer, the oldest first, with others who gave the same phone."""
    found = select(_d.id, _d.code, _d.name, _d.phone, _d.applied_at, _d.inviter_id, _d.terms_version).where(
        _d.state == DistributorState.PENDING
    )
    result = _page(session, found, (_d.id,), page)
    other = t.distributor.alias()
    for row in result.rows:
        inviter = session.execute(select(other.c.code, other.c.name).where(other.c.id == row["inviter_id"])).first()
        row["inviter"] = inviter
        twins = select(other.c.code).where(other.c.phone == row["phone"], other.c.id != row["id"]).limit(5)
        row["twins"] = list(session.scalars(twins))
    return result


def orders(session: Session, merchant_id: int, wanted: Wanted, *, distributor_id: int | None = None) -> Page:
    """A merchant's orders, the newest first, with who earns and how much."""
    first, second = t.distributor.alias("first"), t.distributor.alias("second")
    paid = select(_sum(t.order_line.c.paid_fen)).where(t.order_line.c.order_id == _o.id).scalar_subquery()
    earned = select(_sum(_c.fen)).where(_c.order_id == _o.id).correlate(t.order).scalar_subquery()
    found = (
        select(_o.id, _o.order_no, _o.state, _o.created_at, _o.paid_at, _o.buyer_openid, _o.buyer_external_id)
        .add_columns(first.c.code.label("l1_code"), first.c.name.label("l1_name"))
        .add_columns(second.c.code.label("l2_code"), second.c.name.label("l2_name"))
        .add_columns(paid.label("paid_fen"), earned.label("commission_fen"))
        .outerjoin(first, first.c.id == _o.l1_id)
        .outerjoin(second, second.c.id == _o.l2_id)
        .where(_o.merchant_id == merchant_id, *_orders(wanted, distributor_id))
    )
    page = _page(session, found, (_o.created_at.desc(), _o.id.desc()), wanted.page, rows=wanted.rows)
    whole = found.order_by(None).subquery()
    sums = session.execute(
        select(func.coalesce(func.sum(whole.c.paid_fen), 0), func.coalesce(func.sum(whole.c.commission_fen), 0)).where(
            whole.c.state != "unpaid"
        )
    ).one()
    return Page(page.rows, page.total, page.page, {"paid_fen": int(sums[0]), "commission_fen": int(sums[1])})


def withdrawals(session: Session, wanted: Wanted) -> Page:
    """Withdrawals, those that wait for somebody first, with their sums."""
    first = case((_w.state == WithdrawalState.REQUESTED, 0), else_=1)
    found = (
        select(t.withdrawal, _d.code, _d.name)
        .join(t.distributor, _d.id == _w.distributor_id)
        .where(*_withdrawals(wanted))
    )
    page = _page(session, found, (first, _w.id.desc()), wanted.page, rows=wanted.rows)
    whole = found.order_by(None).subquery()
    fen, net, fee = session.execute(
        select(*(func.coalesce(func.sum(whole.c[name]), 0) for name in ("fen", "net_fen", "fee_fen")))
    ).one()
    return Page(page.rows, page.total, page.page, {"fen": int(fen), "net_fen": int(net), "fee_fen": int(fee)})


def commissions(session: Session, distributor_id: int, limit: int = 20) -> list[dict[str, Any]]:
    """A person's newest commission rows with their orders."""
    return _rows(
        session,
        select(_o.order_no, _c.merchant_id, _c.kind, _c.fen, _c.state, _c.cause, _c.paid_at, _c.due_at, _c.settled_at)
        .join(t.order, _o.id == _c.order_id)
        .where(_c.distributor_id == distributor_id)
        .order_by(_c.id.desc())
        .limit(limit),
    )


def customers(session: Session, distributor_id: int, limit: int = 50) -> list[dict[str, Any]]:
    """Who belongs to a distributor now, the newest first."""
    b, m = t.binding.c, t.member.c
    return _rows(
        session,
        select(m.id, m.openid, b.bound_at, b.valid_until)
        .join(t.member, m.id == b.member_id)
        .where(b.distributor_id == distributor_id, b.ended_at.is_(None))
        .order_by(b.id.desc())
        .limit(limit),
    )


def team(session: Session, distributor_id: int, limit: int = 50) -> list[dict[str, Any]]:
    """Whom a distributor invited."""
    return _rows(
        session,
        select(_d.id, _d.code, _d.name, _d.state, _d.applied_at)
        .where(_d.inviter_id == distributor_id)
        .order_by(_d.id.desc())
        .limit(limit),
    )


def audit(session: Session, merchant_id: int | None, *, subject: str = "", words: str = "", page: int = 1) -> Page:
    """Who changed what, the newest first; ``merchant_id`` None shows every merchant's."""
    found = select(_a.id, _a.at, _a.actor, _a.action, _a.subject, _a.facts)
    if merchant_id is not None:
        found = found.where(_a.merchant_id == merchant_id)
    if subject:
        found = found.where(_a.subject == subject)
    if words:
        found = found.where(or_(*(column.contains(words, autoescape=True) for column in (_a.actor, _a.subject))))
    return _page(session, found, (_a.id.desc(),), page)


def names(session: Session, codes: set[str]) -> dict[str, tuple[int, str]]:
    """(id, name) of the people with these codes."""
    rows = session.execute(select(_d.code, _d.id, _d.name).where(_d.code.in_(codes)))
    return {code: (person, name) for code, person, name in rows}


def order_id(session: Session, merchant_id: int, order_no: str) -> int:
    """The id of a merchant's own order; Refusal not_found."""
    found = session.scalar(select(_o.id).where(_o.merchant_id == merchant_id, _o.order_no == order_no))
    if found is None:
        raise Refusal(Code.NOT_FOUND, what="order")
    return int(found)


def _people(wanted: Wanted) -> list[ColumnElement[bool]]:
    conditions: list[ColumnElement[bool]] = []
    if wanted.words:
        columns = (_d.name, _d.phone, _d.code)
        conditions.append(or_(*(column.contains(wanted.words, autoescape=True) for column in columns)))
    if wanted.state:
        conditions.append(_d.state == wanted.state)
    if wanted.level_id is not None:
        conditions.append(_d.level_id == wanted.level_id)
    if wanted.tag_id is not None:
        tagged = t.distributor_tag.c
        conditions.append(_d.id.in_(select(tagged.distributor_id).where(tagged.tag_id == wanted.tag_id)))
    return conditions


def _orders(wanted: Wanted, distributor_id: int | None) -> list[ColumnElement[bool]]:
    conditions: list[ColumnElement[bool]] = []
    if wanted.words:
        person = select(_d.id).where(or_(_d.code == wanted.words.upper(), _d.name == wanted.words))
        conditions.append(or_(_o.order_no.contains(wanted.words, autoescape=True), _o.l1_id.in_(person)))
    if wanted.state:
        conditions.append(_o.state == wanted.state)
    if wanted.since is not None:
        conditions.append(_o.created_at >= wanted.since)
    if wanted.until is not None:
        conditions.append(_o.created_at < wanted.until)
    if distributor_id is not None:
        conditions.append(or_(_o.l1_id == distributor_id, _o.l2_id == distributor_id))
    return conditions


def _withdrawals(wanted: Wanted) -> list[ColumnElement[bool]]:
    conditions: list[ColumnElement[bool]] = []
    if wanted.words:
        columns = (_w.no, _d.name, _d.code)
        conditions.append(or_(*(column.contains(wanted.words, autoescape=True) for column in columns)))
    if wanted.state == "confirming":
        conditions += [_w.state == WithdrawalState.PAYING, _w.transfer_state == "WAIT_USER_CONFIRM"]
    elif wanted.state:
        conditions.append(_w.state == wanted.state)
    return conditions


def _figures(session: Session, ids: list[int]) -> dict[int, dict[str, int]]:
    """Customers, orders, earned and available fen of these people."""
    figures = {each: {"customers": 0, "orders": 0, "earned_fen": 0, "available_fen": 0} for each in ids}
    b = t.binding.c
    bound = select(b.distributor_id, func.count()).where(b.distributor_id.in_(ids), b.ended_at.is_(None))
    for person, count in session.execute(bound.group_by(b.distributor_id)):
        figures[person]["customers"] = count
    earned = select(_c.distributor_id, func.count(func.distinct(_c.order_id)), func.sum(_c.fen))
    for person, count, fen in session.execute(earned.where(_c.distributor_id.in_(ids)).group_by(_c.distributor_id)):
        figures[person] |= {"orders": count, "earned_fen": int(fen)}
    names = {f"distributor:{each}:available": each for each in ids}
    account = t.account.c
    for name, fen in session.execute(select(account.name, account.balance_fen).where(account.name.in_(names))):
        figures[names[name]]["available_fen"] = fen
    return figures


def _page(session: Session, found: Select[Any], order: tuple[Any, ...], page: int, *, rows: int = PAGE_ROWS) -> Page:
    total = int(session.scalar(select(func.count()).select_from(found.order_by(None).subquery())) or 0)
    number = min(max(1, page), max(1, -(-total // rows)))
    shown = _rows(session, found.order_by(*order).offset((number - 1) * rows).limit(rows))
    return Page(shown, total, number)


def _sum(column: Any) -> Any:
    return func.coalesce(func.sum(column), 0)


def _rows(session: Session, found: Select[Any]) -> list[dict[str, Any]]:
    return [dict(row._mapping) for row in session.execute(found)]
