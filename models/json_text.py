"""The JSON text of values, as the databases read it and as digests are taken of it."""

from typing import Any

import orjson


def as_json(value: Any) -> bytes:
    """The JSON of a value, without spaces and in UTF-8; keys that are no texts are made texts."""
    return orjson.dumps(value, option=orjson.OPT_NON_STR_KEYS)


def must_be_json(value: Any) -> None:
    """TypeError for what JSON has no word for, and for instants and dataclasses, which would come back as texts."""
    orjson.dumps(value, option=orjson.OPT_PASSTHROUGH_DATETIME | orjson.OPT_PASSTHROUGH_DATACLASS)


def read_json(text: str | bytes) -> Any:
    """The value of a JSON text; ValueError if it is none."""
    return orjson.loads(text)
