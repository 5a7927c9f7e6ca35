"""Words of material and broadcasts that must not be said: held with the phrase named, released by an owner's reason."""

import datetime as dt
import tomllib
from functools import cache
from pathlib import Path
from typing import Any

from sqlalchemy import Select, insert, select
from sqlalchemy.orm import Session

from distribution import audit
from distribution.refusals import Code, Refusal
from distribution.rules import compliance as rule
from distribution.rules.compliance import Limits, Word
from models import Material
from models import tables as t

_m, _w = t.material.c, t.wording_release.c
_LISTED = Path(__file__).with_name("compliance.toml")


@cache
def words() -> tuple[Word, ...]:
    """Every phrase that must not be said, with the reason."""
    listed = _document()["words"]
    return tuple(Word(phrase, group["why"]) for group in listed for phrase in group["phrases"])


@cache
def limits() -> Limits:
    """From where on the guard speaks up."""
    return Limits(**_document()["limits"])


def of_text(*texts: str) -> list[Word]:
    """Every listed phrase that stands in these texts, whatever stands between its characters."""
    found = {word.phrase: word for text in texts for word in rule.found(text, words())}
    return list(found.values())


def open_words(session: Session, material_id: int) -> list[Word]:
    """The listed phrases of a material that no owner has let pass."""
    row = session.execute(select(_m.title, _m.text).where(_m.id == material_id)).one()
    released = {phrase for phrases in session.scalars(_released(material_id)) for phrase in phrases}
    return [word for word in of_text(row.title, row.text) if word.phrase not in released]


def refuse_held(session: Session, material_id: int) -> None:
    """Refusal wording_held, naming the phrases, for material that may not go out."""
    found = open_words(session, material_id)
    if found:
        raise Refusal(Code.WORDING_HELD, words=[word.phrase for word in found], why=[word.why for word in found])


def release(session: Session, material_id: int, *, reason: str, by: str, now: dt.datetime) -> list[str]:
    """An owner lets the phrases that stand in a material now pass, with a reason; which. Refusal not_found."""
    row = session.get(Material, material_id)
    found = [word.phrase for word in open_words(session, material_id)] if row is not None else []
    if row is None or not found:
        raise Refusal(Code.NOT_FOUND, what="material")
    session.execute(
        insert(t.wording_release).values(material_id=material_id, words=found, reason=reason, by=by, at=now)
    )
    audit.write(
        session, actor=by, action="material.released", subject=f"material:{material_id}",
        merchant_id=row.merchant_id, facts={"words": found, "reason": reason}, now=now,
    )  # fmt: skip
    return found


def held_material(session: Session, merchant_id: int) -> list[tuple[Material, list[Word]]]:
    """A merchant's material that may not go out, the newest first."""
    rows = session.scalars(select(Material).where(_m.merchant_id == merchant_id).order_by(_m.id.desc()).limit(300))
    held = [(row, open_words(session, row.id)) for row in rows.all() if of_text(row.title, row.text)]
    return [(row, found) for row, found in held if found]


def _released(material_id: int) -> Select[Any]:
    return select(_w.words).where(_w.material_id == material_id)


def _document() -> dict[str, Any]:
    with _LISTED.open("rb") as file:
        return tomllib.load(file)
