"""Which posters somebody has had; read-only."""

from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session

from models import tables as t

_p, _g = t.poster.c, t.product.c


@dataclass(frozen=True, slots=True)
class Newest:
    """The poster that somebody wanted last."""

    purpose: str
    template: str
    product_id: int | None
    product: str | None


def newest(session: Session, distributor_id: int) -> Newest | None:
    """The poster that somebody wanted last, of whatever kind."""
    found = (
        select(t.scene.c.purpose, _p.template, _p.product_id, _g.name)
        .join(t.scene, t.scene.c.id == _p.scene_id)
        .outerjoin(t.product, _g.id == _p.product_id)
        .where(_p.distributor_id == distributor_id, _p.asked_at.is_not(None))
        .order_by(_p.asked_at.desc(), _p.id.desc())
        .limit(1)
    )
    row = session.execute(found).first()
    return Newest(*row) if row is not None else None
