"""Products to share: best sellers, highest commission, newest; and what one piece earns a given person. Read-only."""

import datetime as dt
from collections.abc import Sequence
from typing import Any, Literal

from sqlalchemy import Select, and_, func, select
from sqlalchemy.orm import Session

from distribution import agreements, merchants, policy, products
from distribution.people import Person
from distribution.rules import rates
from models import Product
from models import tables as t

_l, _line, _o, _p = t.level.c, t.order_line.c, t.order.c, t.product.c
#: Best sellers are those of so many days.
HOT_DAYS = 7
_MOST = 2000

Sort = Literal["hot", "commission", "new", "dear"]


def listed(
    session: Session, sort: Sort, seller: rates.Person, *, price_max: int | None = None, limit: int, now: dt.datetime
) -> list[Product]:
    """What can be bought now in this order, at most ``price_max`` fen each; by commission it is the seller's own."""
    cheap = [] if price_max is None else [_p.price_fen <= price_max]
    here = select(Product).where(_p.on_sale, _p.stock > 0, *cheap)
    if sort in ("hot", "dear"):
        sold = _sold(now).subquery("sold")
        pieces = func.coalesce(sold.c.pieces, 0)
        # Dear is what brings most: the price times what sold, then the price.
        order = (
            (pieces.desc(), _p.id) if sort == "hot" else ((pieces * _p.price_fen).desc(), _p.price_fen.desc(), _p.id)
        )
        joined = here.outerjoin(sold, and_(sold.c.merchant_id == _p.merchant_id, sold.c.sku == _p.sku))
        return list(session.scalars(joined.order_by(*order).limit(limit)))
    if sort == "new":
        return list(session.scalars(here.order_by(_p.id.desc()).limit(limit)))
    rows = session.scalars(here.order_by(_p.id).limit(_MOST)).all()
    fen = earned(session, rows, seller, now=now)
    return sorted(rows, key=lambda row: (-fen[row.id], row.id))[:limit]


def sold_out(session: Session, limit: int) -> list[Product]:
    """What is on the shelf and has run out, the last one first."""
    gone = select(Product).where(_p.on_sale, _p.stock <= 0)
    return list(session.scalars(gone.order_by(_p.unavailable_since.desc(), _p.id).limit(limit)))


def earned(session: Session, rows: Sequence[Product], seller: rates.Person, *, now: dt.datetime) -> dict[int, int]:
    """What one piece of each product earns the one who sells it now, in fen, by product."""
    terms = {each: policy.in_force(session, each, now) for each in {row.merchant_id for row in rows}}
    return {row.id: products.commission_hint(row, terms[row.merchant_id], seller) for row in rows}


def seller(session: Session, person: Person, now: dt.datetime) -> rates.Person:
    """Somebody as the rates of a new order see him: his level and personal agreement; nobody special otherwise."""
    if person.distributor_id is None:
        return rates.Person(0)
    level = session.scalar(select(_l.name).where(_l.id == person.level_id)) if person.level_id else None
    shop = merchants.first(session)
    own = agreements.of(session, shop.id if shop else 0, [person.distributor_id], now)
    return rates.Person(person.distributor_id, level, own.get(person.distributor_id))


def _sold(now: dt.datetime) -> Select[Any]:
    """Pieces sold lately and not given back, by merchant and number."""
    since = now - dt.timedelta(days=HOT_DAYS)
    lately = (_o.merchant_id.in_(select(t.merchant.c.id)), _o.created_at >= since, _o.paid_at.is_not(None))
    pieces = func.sum(_line.quantity - _line.refunded_quantity).label("pieces")
    return (
        select(_o.merchant_id, _line.sku, pieces)
        .join(t.order_line, _line.order_id == _o.id)
        .where(*lately, _o.closed_at.is_(None))
        .group_by(_o.merchant_id, _line.sku)
    )
