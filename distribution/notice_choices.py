"""Which notices somebody wants: all but some groups, or only those about own money and standing, which always come."""

from typing import Any

from sqlalchemy import ColumnElement, func, select, update
from sqlalchemy.orm import Session

from models import tables as t

_m = t.member.c
#: What can be switched off by itself: what people call it, and the kinds of notices it holds.
GROUPS: dict[str, tuple[str, frozenset[str]]] = {
    "orders": ("出单和退款", frozenset(("order", "refund"))),
    "money": ("结算和奖励", frozenset(("settlement", "bonus", "deposit"))),
    "customers": ("客户变动", frozenset(("customer",))),
    "levels": ("等级和荣誉", frozenset(("level", "honour", "ranking"))),
    "goods": ("商品和规则", frozenset(("stock", "rules"))),
    "materials": ("新素材", frozenset(("campaign",))),
}
_GROUP_OF = {kind: group for group, (_, kinds) in GROUPS.items() for kind in kinds}


def wanted(kind: str, notices: bool, muted: str | None) -> bool:
    """Whether somebody with these switches wants a notice of this kind."""
    group = _GROUP_OF.get(kind)
    return notices and (group is None or group not in _names(muted))


def wants(group: str) -> ColumnElement[Any]:
    """Whether a member wants the notices of a group, in a statement."""
    return _m.notices & ~func.coalesce(_m.muted, "").contains(f",{group},")


def off(session: Session, member_id: int) -> set[str]:
    """The groups that a member has switched off; every group where notices are off altogether."""
    notices, muted = session.execute(select(_m.notices, _m.muted).where(_m.id == member_id)).one()
    return _names(muted) if notices else set(GROUPS)


def switch(session: Session, member_id: int, group: str, on: bool) -> set[str]:
    """Switch one group on or off; the groups that are off then."""
    left = off(session, member_id) - {group} if on else off(session, member_id) | {group}
    muted = f",{','.join(sorted(left))}," if left else None
    every = left >= set(GROUPS)
    values = {"notices": not every, "muted": None if every else muted}
    session.execute(update(t.member).where(_m.id == member_id).values(values))
    return left


def switch_all(session: Session, member_id: int, on: bool) -> None:
    """Switch every group on or off."""
    session.execute(update(t.member).where(_m.id == member_id).values(notices=on, muted=None))


def _names(muted: str | None) -> set[str]:
    return {name for name in (muted or "").split(",") if name}
