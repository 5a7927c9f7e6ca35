"""Which posters somebody has had; read-only."""

from sqlalchemy import select
from sqlalchemy.orm import Session

from models import tables as t

_p, _g = t.poster.c, t.product.c


def newest_goods(session: Session, distributor_id: int) -> str | None:
    """What somebody's newest poster of a product shows."""
    found = (
        select(_g.name)
        .join(t.poster, _p.product_id == _g.id)
        .where(_p.distributor_id == distributor_id, _p.asked_at.is_not(None))
        .order_by(_p.asked_at.desc())
        .limit(1)
    )
    return session.scalar(found)
