"""Finding an order and its lines, locked for whoever changes them."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import Select, func, select
from sqlalchemy.orm import Session

from models import Order, OrderLine, fingerprints
from models import tables as t


def find_locked(session: Session, merchant_id: int, order_no: str) -> Order | None:
    """The order, locked until the transaction ends; creation of the same number is serialized too."""
    serialize(session, f"{merchant_id}:{order_no}")
    o = t.order.c
    return session.scalars(
        select(Order).where(o.merchant_id == merchant_id, o.order_no == order_no).with_for_update()
    ).first()


def get_locked(session: Session, merchant_id: int, order_no: str) -> Order:
    """The order, locked until the transaction ends; it is known to be there."""
    order = find_locked(session, merchant_id, order_no)
    assert order is not None, "the order is there"
    return order


def serialize(session: Session, name: str) -> None:
    """One transaction at a time for ``name``, also while no row bears it yet."""
    if session.get_bind().dialect.name == "postgresql":
        session.execute(select(func.pg_advisory_xact_lock(func.hashtextextended(name, 0))))


def shown_lines(session: Session, order_id: int) -> list[OrderLine]:
    """The lines in the order the mall listed them, only to be read."""
    return list(session.scalars(_lines(order_id)))


def lines_of(session: Session, order_id: int) -> list[OrderLine]:
    """The lines in the order the mall listed them, locked until the transaction ends."""
    return list(session.scalars(_lines(order_id).with_for_update()))


def drop_lines(session: Session, lines: Sequence[OrderLine]) -> None:
    """Take away lines that an unpaid order no longer has, and what vouches for their rows."""
    for line in lines:
        session.delete(line)
    session.flush()
    fingerprints.forget(session.connection(), "order_line", [line.id for line in lines])


def _lines(order_id: int) -> Select[Any]:
    return select(OrderLine).where(t.order_line.c.order_id == order_id).order_by(t.order_line.c.id)
