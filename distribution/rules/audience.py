"""Who a campaign is for, as data: everybody, one level, one tag."""

from collections.abc import Mapping
from typing import Any

from distribution.refusals import Code, Refusal

KINDS = ("all", "level", "tag")


def clean(audience: Mapping[str, Any]) -> dict[str, Any]:
    """``{"kind": "all"}`` or ``{"kind": "level" | "tag", "id": n}``; Refusal empty_audience for anything else."""
    kind, chosen = audience.get("kind"), audience.get("id")
    if kind == "all":
        return {"kind": "all"}
    if kind in KINDS and isinstance(chosen, int) and not isinstance(chosen, bool):
        return {"kind": kind, "id": chosen}
    raise Refusal(Code.EMPTY_AUDIENCE)
