"""Tickets for the console: filtered, those that wait first, a page at a time; read only."""

from typing import Any

from sqlalchemy import ColumnElement, case, func, select
from sqlalchemy.orm import Session

from distribution.listings import PAGE_ROWS, Page
from models import tables as t

_k, _d = t.ticket.c, t.distributor.c


def page(session: Session, *, state: str = "", kind: str = "", page: int = 1) -> Page:
    """A page of tickets, those that wait for an operator first, the longest waiting in front."""
    asked: list[ColumnElement[bool]] = [
        column == value for column, value in ((_k.state, state), (_k.kind, kind)) if value
    ]
    total = int(session.scalar(select(func.count()).select_from(t.ticket).where(*asked)) or 0)
    waiting = case((_k.state == "open", 0), else_=1)
    found = (
        select(t.ticket, _d.name, _d.code)
        .outerjoin(t.distributor, _d.id == _k.distributor_id)
        .where(*asked)
        .order_by(waiting, case((_k.state == "open", _k.id), else_=-_k.id))
        .limit(PAGE_ROWS)
        .offset((page - 1) * PAGE_ROWS)
    )
    rows: list[dict[str, Any]] = [dict(row._mapping) for row in session.execute(found)]
    return Page(rows, total, page)
