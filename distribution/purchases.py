"""What somebody bought and kept: orders that were received, less what was refunded."""

from sqlalchemy import select
from sqlalchemy.orm import Session

from distribution.rules.joining import Bought
from models import tables as t

_o, _l = t.order.c, t.order_line.c


def completed(session: Session, member_id: int) -> Bought:
    """A customer's completed purchases at every merchant."""
    left = _l.paid_fen - _l.refunded_fen
    found = (
        select(_o.id, _l.sku, left.label("fen"))
        .join(t.order_line, _l.order_id == _o.id)
        .where(_o.buyer_id == member_id, _o.received_at.is_not(None), _o.closed_at.is_(None), left > 0)
    )
    rows = session.execute(found).all()
    return Bought(sum(row.fen for row in rows), len({row.id for row in rows}), frozenset(row.sku for row in rows))
