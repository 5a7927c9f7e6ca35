"""The JSON text of values, as the databases read it and as digests are taken of it."""

from typing import Any

import orjson


def as_json(value: Any) -> bytes:
    """The JSON of a value, without spaces and in UTF-8; keys that are no texts are made texts."""
    return orjson.dumps(value, option=orjson.OPT_NON_STR_KEYS)
