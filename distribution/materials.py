"""Material: words, a picture and a film a merchant wants shared."""

import datetime as dt
from collections.abc import Collection
from itertools import islice

from sqlalchemy import select
from sqlalchemy.orm import Session

from distribution import audit, stock, wording_check
from distribution.refusals import Code, Refusal
from models import Material, Product
from models import tables as t

_m = t.material.c
TITLE_MOST, TEXT_MOST = 40, 500


def create(
    session: Session,
    merchant_id: int,
    *,
    title: str,
    text: str,
    picture_id: int | None,
    product_id: int | None = None,
    video_id: int | None = None,
    by: str,
    now: dt.datetime,
) -> Material:
    """Add material, about one of the merchant's products if told so.

    Raises Refusal: invalid_material for empty or over-long words (40 and 500 characters), unknown_product.
    """
    title, text = title.strip(), text.strip()
    if not title or not text or len(title) > TITLE_MOST or len(text) > TEXT_MOST:
        raise Refusal(Code.INVALID_MATERIAL, title_most=TITLE_MOST, text_most=TEXT_MOST)
    if product_id is not None:
        product = session.get(Product, product_id)
        if product is None or product.merchant_id != merchant_id:
            raise Refusal(Code.UNKNOWN_PRODUCT)
    row = Material(
        merchant_id=merchant_id, title=title, text=text, picture_id=picture_id, product_id=product_id,
        video_id=video_id, created_by=by, created_at=now,
    )  # fmt: skip
    session.add(row)
    session.flush()
    subject = f"material:{row.id}"
    audit.write(session, actor=by, action="material.created", subject=subject, merchant_id=merchant_id, now=now)
    return row


def list_of(session: Session, merchant_id: int, limit: int = 100) -> list[Material]:
    """A merchant's material, the newest first."""
    found = select(Material).where(_m.merchant_id == merchant_id).order_by(_m.id.desc()).limit(limit)
    return list(session.scalars(found))


def about(
    session: Session,
    product_ids: Collection[int] | None,
    *,
    pictured: bool = False,
    filmed: bool = False,
    skip: int = 0,
    limit: int = 1,
) -> list[Material]:
    """Material to share, of these products (None: of anything), the newest first; with a picture, a film if asked.

    What is held for its words is left out, and what is about a product that cannot be bought now (R80).
    """
    asked = [] if product_ids is None else [_m.product_id.in_(product_ids)]
    if pictured:
        asked.append(_m.picture_id.is_not(None))
    if filmed:
        asked.append(_m.video_id.is_not(None))
    listed = session.scalars(select(Material).where(~stock.withdrawn(), *asked).order_by(_m.id.desc()).limit(200))
    fit = (row for row in listed if not wording_check.open_words(session, row.id))
    return list(islice(fit, skip, skip + limit))


def filmed(session: Session, material_id: int) -> Material | None:
    """Material with a film that may be shared now; None for anything else."""
    found = select(Material).where(_m.id == material_id, _m.video_id.is_not(None), ~stock.withdrawn())
    row = session.scalars(found).first()
    return row if row is not None and not wording_check.open_words(session, row.id) else None
