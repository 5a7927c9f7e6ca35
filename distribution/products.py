"""What merchants sell: kept as their mall or their console last said."""

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass, fields
from enum import Enum
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from distribution import audit, policy, stock, teaching
from distribution.policy import Policy
from distribution.refusals import Code, Refusal
from distribution.rules import goods, rates
from distribution.rules.commission import rounded
from distribution.rules.goods import Line
from models import Product
from models import tables as t
from models.upsert import upsert

_p = t.product.c
_EXACT = 1000


class Kept(Enum):
    """A fact that was not told: what stands stays."""

    KEPT = "kept"


KEPT = Kept.KEPT


@dataclass(frozen=True, slots=True)
class ProductFacts:
    """What is told of a product, in fen; an optional fact that is not told stays as it is, None takes it away."""

    name: str
    price_fen: int
    stock: int
    category: str | Kept | None = KEPT
    image_url: str | Kept | None = KEPT
    link: str | Kept | None = KEPT
    cost_fen: int | Kept | None = KEPT
    on_sale: bool | Kept = KEPT
    struck_fen: int | Kept | None = KEPT
    restock_on: dt.date | Kept | None = KEPT


@dataclass(frozen=True, slots=True)
class SoldAs:
    """What an order's line takes from the catalogue of its moment; fen a unit."""

    rule: dict[str, Any] | None = None
    category: str | None = None
    cost_fen: int | None = None


#: A sku the catalogue does not have.
UNKNOWN = SoldAs()


def put(session: Session, merchant_id: int, sku: str, facts: ProductFacts, *, now: dt.datetime) -> Product:
    """The product as told; made if it is new (then on sale unless told otherwise)."""
    fresh = upsert(session, t.product).values(
        merchant_id=merchant_id, sku=sku, name=facts.name, price_fen=facts.price_fen, stock=0, on_sale=True,
        updated_at=now,
    )  # fmt: skip
    session.execute(fresh.on_conflict_do_nothing(index_elements=["merchant_id", "sku"]))
    row = session.scalars(
        select(Product)
        .where(_p.merchant_id == merchant_id, _p.sku == sku)
        .with_for_update()
        .execution_options(populate_existing=True)
    ).one()
    for each in fields(facts):
        told = getattr(facts, each.name)
        if told is not KEPT:
            setattr(row, each.name, told)
    row.updated_at = now
    session.flush()
    stock.follow(session, row, now=now)
    return row


def sold_as(session: Session, merchant_id: int, skus: set[str]) -> dict[str, SoldAs]:
    """What the catalogue says now of each of ``skus`` that it has."""
    found = select(_p.sku, _p.rule, _p.category, _p.cost_fen).where(_p.merchant_id == merchant_id, _p.sku.in_(skus))
    return {row.sku: SoldAs(dict(row.rule) if row.rule else None, *row[2:]) for row in session.execute(found)}


def set_rule(
    session: Session, merchant_id: int, product_id: int, own: Mapping[str, Any] | None, *, by: str, now: dt.datetime
) -> Product:
    """Give a product its own rule (ProductRule) or none (None); orders made earlier keep theirs.

    Refusal invalid_policy for a rule that is none.
    """
    row = get(session, merchant_id, product_id)
    row.rule, row.updated_at = policy.product_rule(own) if own is not None else None, now
    session.flush()
    note(session, row, "product.rule", {"rule": row.rule}, by=by, now=now)
    return row


def note(session: Session, row: Product, action: str, facts: dict[str, Any], *, by: str, now: dt.datetime) -> None:
    """Write down what an operator changed."""
    subject = f"product:{row.id}"
    audit.write(session, actor=by, action=action, subject=subject, merchant_id=row.merchant_id, facts=facts, now=now)


def find(session: Session, product_id: int) -> Product | None:
    """The product, or None."""
    return session.get(Product, product_id)


def get(session: Session, merchant_id: int, product_id: int) -> Product:
    """A merchant's own product; Refusal not_found."""
    row = session.get(Product, product_id)
    if row is None or row.merchant_id != merchant_id:
        raise Refusal(Code.NOT_FOUND, what="product")
    return row


def find_by_sku(session: Session, merchant_id: int, sku: str) -> Product | None:
    """A merchant's product by its own number."""
    return session.scalars(select(Product).where(_p.merchant_id == merchant_id, _p.sku == sku)).first()


def of_merchant(session: Session, merchant_id: int, *, words: str = "", limit: int = 200) -> list[Product]:
    """A merchant's products, on sale first; ``words`` stand somewhere in the name or number."""
    found = select(Product).where(_p.merchant_id == merchant_id)
    if words:
        found = found.where(_p.name.contains(words, autoescape=True) | _p.sku.contains(words, autoescape=True))
    return list(session.scalars(found.order_by(_p.on_sale.desc(), _p.id).limit(limit)))


def categories(session: Session, merchant_id: int) -> list[str]:
    """The categories of a merchant's products, by name."""
    found = select(_p.category).where(_p.merchant_id == merchant_id, _p.category.is_not(None), _p.category != "")
    return list(session.scalars(found.distinct().order_by(_p.category)))


def on_sale(session: Session, limit: int = 10) -> list[Product]:
    """What can be bought now, of every merchant, in the order it was added."""
    sold = select(Product).where(_p.on_sale, _p.stock > 0)
    return list(session.scalars(sold.order_by(_p.id).limit(limit)))


def matching(session: Session, text: str, limit: int = 10) -> list[Product]:
    """Products that ``text`` may mean, the best first: by nickname, number, name, or words they share."""
    nicknamed = teaching.nicknamed(session, text)
    if nicknamed is not None:
        return [nicknamed]
    wanted = "".join(text.split()).casefold()
    rows = session.scalars(select(Product).where(_p.on_sale).order_by(_p.id).limit(2000)).all()
    scored = [(_likeness(wanted, row), row) for row in rows] if wanted else []
    best = max((score for score, _ in scored), default=0)
    # Who says a whole name or number means that one, though others are called like it.
    least = best if best == _EXACT else (best + 1) // 2
    close = [(score, row) for score, row in scored if score > 0 and score >= least]
    return [row for _, row in sorted(close, key=lambda pair: -pair[0])[:limit]]


def commission_hint(product: Product, terms: Policy, seller: rates.Person | None = None) -> int:
    """What one piece earns the distributor who sells it (nobody special where none is named), in fen."""
    line = Line(1, 1, product.price_fen, 0, product.category, product.cost_fen, product.rule)
    band = rates.band_of(terms, product.price_fen)
    found = rates.rate(terms, line, "l1", seller or rates.Person(0), band=band)
    base = goods.commission_base(line, kind=terms.base, paid_fen=line.amount_fen, left_fen=line.amount_fen, pieces=1)
    fen = found.fixed_fen if found.fixed_fen is not None else rounded(base, found.bp, terms.rounding)
    return min(fen, base * terms.line_cap_bp // 10_000)


def _likeness(wanted: str, row: Product) -> int:
    name, sku = "".join(row.name.split()).casefold(), row.sku.casefold()
    if wanted in (sku, name):
        return _EXACT
    if wanted in name:
        return 500
    if name in wanted or (len(sku) > 2 and sku in wanted):
        return 400
    pairs = {wanted[at : at + 2] for at in range(len(wanted) - 1)}
    return 10 * sum(pair in name for pair in pairs)
