"""JSON as a signed notice has to be: one object, no name twice, no NaN, no bottomless nesting."""

import json
from typing import Any


def strict_object(text: str) -> dict[str, Any]:
    """The object in the text; ValueError for anything else or anything ambiguous."""
    try:
        value = json.loads(text, object_pairs_hook=_pairs, parse_constant=_refused)
    except RecursionError:
        raise ValueError("nested too deeply") from None
    if not isinstance(value, dict):
        raise ValueError("not an object")
    return value


def _pairs(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) != len(pairs):
        raise ValueError("a name twice")
    return found


def _refused(constant: str) -> Any:
    raise ValueError(f"{constant} is not JSON")
