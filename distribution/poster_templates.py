"""Poster templates: merchants' own documents, and which template each kind of poster is drawn in."""

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from distribution import audit, pictures
from distribution.refusals import Code, Refusal
from models import PosterChoice, PosterTemplate, Product
from models import tables as t

DEFAULT = "clean"
#: Where the first template does not draw a kind.
_DEFAULTS = {"card": "card", "stand": "stand", "campaign": "festival"}
_OWN = "own:"
#: Kind → (template of the house, its title), as people are offered them.
HOUSE: Mapping[str, tuple[tuple[str, str], ...]] = {
    "product": (
        ("clean", "素白"), ("festival", "欢庆"), ("gallery", "画廊"), ("square", "方寸"), ("shopfront", "远山"),
        ("midnight", "夜宴"),
    ),
    "shop": (("clean", "素白"), ("festival", "欢庆"), ("gallery", "画廊"), ("shopfront", "远山")),
    "invitation": (("clean", "素白"), ("together", "同行"), ("together-night", "同行·夜")),
}  # fmt: skip
_c = t.poster_template.c


@dataclass(frozen=True, slots=True)
class Own:
    """A merchant's template as the painter needs it; ``version`` tells its states apart."""

    document: Mapping[str, Any]
    background: bytes | None
    version: str


def of_merchant(session: Session, merchant_id: int) -> list[PosterTemplate]:
    """The merchant's own templates, newest first."""
    rows = select(PosterTemplate).where(_c.merchant_id == merchant_id).order_by(_c.id.desc())
    return list(session.scalars(rows))


def get(session: Session, merchant_id: int, template_id: int) -> PosterTemplate:
    """One of the merchant's templates; Refusal not_found."""
    row = session.get(PosterTemplate, template_id)
    if row is None or row.merchant_id != merchant_id:
        raise Refusal(Code.NOT_FOUND, what="poster_template")
    return row


def save(
    session: Session,
    merchant_id: int,
    template_id: int | None,
    *,
    title: str,
    document: Mapping[str, Any],
    background_id: int | None,
    by: str,
    now: dt.datetime,
) -> PosterTemplate:
    """Make a template, or change it; posters drawn in it are drawn anew. Refusal not_found."""
    facts: dict[str, Any] = {"title": title, "document": dict(document), "background_id": background_id}
    if template_id is None:
        row = PosterTemplate(merchant_id=merchant_id, changed_by=by, changed_at=now, **facts)
        session.add(row)
    else:
        row = get(session, merchant_id, template_id)
        for name, value in facts.items():
            setattr(row, name, value)
        row.version, row.changed_by, row.changed_at = row.version + 1, by, now
    session.flush()
    told = {"version": row.version, "title": title}
    subject = f"poster_template:{row.id}"
    audit.write(
        session, actor=by, action="poster.template", subject=subject, merchant_id=merchant_id, facts=told, now=now
    )
    return row


def choose(session: Session, merchant_id: int, kind: str, template: str, *, by: str, now: dt.datetime) -> None:
    """Draw the merchant's posters of this kind in another template from now on."""
    row = session.get(PosterChoice, (merchant_id, kind))
    before = row.template if row else DEFAULT
    if row is None:
        session.add(PosterChoice(merchant_id=merchant_id, kind=kind, template=template))
    else:
        row.template = template
    session.flush()
    told = {"before": before, "after": template}
    subject = f"poster:{kind}"
    audit.write(
        session, actor=by, action="poster.choice", subject=subject, merchant_id=merchant_id, facts=told, now=now
    )


def choices(session: Session, merchant_id: int) -> dict[str, str]:
    """Kind → template, as far as the merchant chose."""
    c = t.poster_choice.c
    return {
        row.kind: row.template
        for row in session.execute(select(c.kind, c.template).where(c.merchant_id == merchant_id))
    }


def chosen(session: Session, product_id: int | None, kind: str) -> str:
    """The template a poster is drawn in: its product's merchant's choice, the first merchant's without a product."""
    merchant_id = (
        session.scalar(select(t.product.c.merchant_id).where(t.product.c.id == product_id)) if product_id else None
    )
    if merchant_id is None:
        merchant_id = session.scalar(select(t.merchant.c.id).order_by(t.merchant.c.id).limit(1))
    return choices(session, merchant_id or 0).get(kind) or _DEFAULTS.get(kind, DEFAULT)


def offered(session: Session, product_id: int | None, kind: str) -> list[tuple[str, str]]:
    """(template, title) that somebody may have this kind of poster in, the shop's choice first; [] without a choice."""
    house, first = list(HOUSE.get(kind, ())), chosen(session, product_id, kind)
    titles = dict(house)
    if first.startswith(_OWN):
        row = session.get(PosterTemplate, int(first.removeprefix(_OWN)))
        titles |= {first: row.title} if row is not None else {}
    mine = [(first, titles[first])] if first in titles else []
    return mine + [each for each in house if each[0] != first] if house else []


def own(session: Session, template: str) -> Own | None:
    """The merchant's template behind a name; None for one of the house."""
    if not template.startswith(_OWN):
        return None
    row = session.get(PosterTemplate, int(template.removeprefix(_OWN)))
    if row is None:
        return None
    stored = pictures.load(session, row.background_id) if row.background_id else None
    return Own(row.document, stored[0] if stored else None, f"{row.id}.{row.version}")


def name_of(row: PosterTemplate) -> str:
    """What a choice calls this template."""
    return f"{_OWN}{row.id}"


def example(session: Session, merchant_id: int) -> Product | None:
    """A product to show a template with: one on sale, with a picture if there is one."""
    p = t.product.c
    rows = select(Product).where(p.merchant_id == merchant_id, p.on_sale)
    return session.scalars(rows.order_by(p.image_url.is_(None), p.id).limit(1)).first()
