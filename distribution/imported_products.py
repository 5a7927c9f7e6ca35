"""Products from a list, many at once: what stands as told already is left alone."""

import datetime as dt
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, fields

from sqlalchemy import select
from sqlalchemy.orm import Session

from distribution import audit, products
from distribution.products import KEPT, ProductFacts
from models import Product
from models import tables as t

_p = t.product.c


@dataclass(frozen=True, slots=True)
class Told:
    """A product as the list tells it; a (merchant, sku) stands once in a list."""

    merchant_id: int
    sku: str
    facts: ProductFacts


def take_all(session: Session, told: Sequence[Told], *, file: str, now: dt.datetime) -> list[str]:
    """Put every product that is not so already; for each ``new``, ``changed`` or ``held``."""
    known = _known(session, told)
    found = []
    for each in told:
        row = known.get((each.merchant_id, each.sku))
        if row is not None and _stands(row, each.facts):
            found.append("held")
            continue
        products.put(session, each.merchant_id, each.sku, each.facts, now=now)
        found.append("new" if row is None else "changed")
    _note(session, told, found, file=file, now=now)
    return found


def _known(session: Session, told: Sequence[Told]) -> dict[tuple[int, str], Product]:
    rows: dict[tuple[int, str], Product] = {}
    for merchant_id in {each.merchant_id for each in told}:
        skus = [each.sku for each in told if each.merchant_id == merchant_id]
        chosen = select(Product).where(_p.merchant_id == merchant_id, _p.sku.in_(skus))
        rows |= {(merchant_id, row.sku): row for row in session.scalars(chosen)}
    return rows


def _stands(row: Product, facts: ProductFacts) -> bool:
    told = {each.name: getattr(facts, each.name) for each in fields(facts)}
    return all(getattr(row, name) == value for name, value in told.items() if value is not KEPT)


def _note(session: Session, told: Sequence[Told], found: Sequence[str], *, file: str, now: dt.datetime) -> None:
    changed = Counter((each.merchant_id, what) for each, what in zip(told, found, strict=True) if what != "held")
    for merchant_id in sorted({merchant_id for merchant_id, _ in changed}):
        facts = {"new": changed[merchant_id, "new"], "changed": changed[merchant_id, "changed"], "file": file}
        audit.write(
            session, actor="import", action="products.imported", subject=f"merchant:{merchant_id}",
            merchant_id=merchant_id, facts=facts, now=now,
        )  # fmt: skip
