"""A product's own rule, read from its form: off, own rates, a fixed sum a piece, or rates by level."""

from collections.abc import Mapping, Sequence
from typing import Any

from distribution import levels
from models import Product
from models.database import Session
from web.console.forms import Form
from web.console.rule_form import BOTH

WAYS = {"store": "按店铺规则", "own": "单独比例", "fixed": "每件固定金额", "level": "按等级", "off": "不参与分销"}


def way_of(row: Product | None) -> str:
    """Which kind of rule a product has."""
    rule = (row.rule if row else None) or {}
    kinds = {"disabled": "off", "rate_bp": "own", "fixed_fen": "fixed", "level_rate_bp": "level"}
    return next((way for name, way in kinds.items() if rule.get(name)), "store")


def level_names(session: Session, matrix: Mapping[str, Any]) -> list[str]:
    """Every level that there is, and those a rule names besides."""
    names = [each.name for each in levels.all_levels(session)]
    return [*names, *(each for each in matrix if each not in names)]


def own_rule(
    form: Form, given: Mapping[str, str], *, kinds: Sequence[str], levels: Sequence[str]
) -> dict[str, Any] | None:
    """The product's own rule; every paid level has to be told, since what is left out is nothing (R26)."""
    way = form.choice("way", WAYS)
    if way == "own":
        return {"rate_bp": {kind: form.bp(kind) for kind in kinds if _told(form, given, kind)}}
    if way == "fixed":
        return {"fixed_fen": {kind: form.fen(f"fixed_{kind}") for kind in kinds if _told(form, given, f"fixed_{kind}")}}
    if way == "level":
        return {"level_rate_bp": _matrix(form, given, kinds, levels)}
    return {"disabled": True} if way == "off" else None


def _matrix(
    form: Form, given: Mapping[str, str], kinds: Sequence[str], levels: Sequence[str]
) -> dict[str, dict[str, int]]:
    made: dict[str, dict[str, int]] = {}
    for place, name in enumerate(levels):
        row = f"level.{place}"
        if any(given.get(f"{row}.{kind}", "").strip() for kind in kinds):
            made[name] = {kind: form.bp(f"{row}.{kind}") for kind in kinds if _told(form, given, f"{row}.{kind}")}
    if not made:
        form.wrong("way", "至少填一个等级")
    return made


def _told(form: Form, given: Mapping[str, str], name: str) -> bool:
    told = bool(given.get(name, "").strip())
    if not told:
        form.wrong(name, BOTH)
    return told
