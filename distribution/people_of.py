"""Which distributors an audience ({"kind": "all"|"level"|"tag", "id"?}) names."""

from collections.abc import Mapping
from typing import Any

from sqlalchemy import ColumnElement, select

from distribution.rules import audience as rule
from models import tables as t

_d, _tag = t.distributor.c, t.distributor_tag.c


def named_by(audience: Mapping[str, Any]) -> list[ColumnElement[bool]]:
    """Conditions on the distributor; Refusal empty_audience for an audience that says nothing."""
    chosen = rule.clean(audience)
    if chosen["kind"] == "level":
        return [_d.level_id == chosen["id"]]
    if chosen["kind"] == "tag":
        return [_d.id.in_(select(_tag.distributor_id).where(_tag.tag_id == chosen["id"]))]
    return []
