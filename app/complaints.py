"""What is wrong with a configuration, said key by key; no secret is ever repeated."""

import difflib
import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Any, get_args

from pydantic import BaseModel, SecretStr
from pydantic.fields import FieldInfo
from pydantic_core import ErrorDetails

_SECRETIVE = re.compile(r"secret|secert|key|token|pass|pwd|url", re.IGNORECASE)
_LONGEST_SHOWN = 60

_WORDS = {
    "int_type": "要写成整数",
    "int_parsing": "要写成整数",
    "int_from_float": "要写成整数",
    "bool_type": "要写成 true 或 false",
    "bool_parsing": "要写成 true 或 false",
    "string_type": "要写成文字（加引号）",
    "tuple_type": "要写成列表 [ … ]",
    "dict_type": "要写成一个表",
    "model_type": "要写成一个表 [ … ]",
    "greater_than_equal": "不能小于 {ge}",
    "less_than_equal": "不能大于 {le}",
    "string_too_short": "至少 {min_length} 个字符",
    "string_too_long": "最多 {max_length} 个字符",
    "too_short": "至少要有 {min_length} 个",
    "literal_error": "只能是 {expected}",
    "string_pattern_mismatch": "要符合 {pattern}",
}


def complaint(item: ErrorDetails, model: type[BaseModel]) -> str:
    """One wrong key: its name, its value (secrets masked) and what is allowed."""
    where = [str(part) for part in item["loc"]]
    name = ".".join(where)
    if item["type"] == "missing":
        return f"{name} 没有写{_meaning(model, where)}"
    if item["type"] == "extra_forbidden":
        return f"{name}{_value(item, model)} 不认识{_suggestion(model, where)}"
    return f"{name}{_value(item, model)}：{_allowed(item)}" if name else _allowed(item)


def deepest(items: Sequence[ErrorDetails]) -> list[ErrorDetails]:
    """The items without those that only repeat, for a whole table or list, what one inside it says."""
    places = [item["loc"] for item in items]
    return [item for item in items if not any(_inside(other, item["loc"]) for other in places)]


def _inside(place: Sequence[int | str], whole: Sequence[int | str]) -> bool:
    return len(place) > len(whole) and tuple(place[: len(whole)]) == tuple(whole)


def one_message(complaints: Sequence[str], file: str | None) -> str:
    """All complaints as one line."""
    place = f"（{file} 和环境变量）" if file else "（没有配置文件，只读了环境变量；模板是 config.example.toml）"
    return f"配置有 {len(complaints)} 处要改{place}：" + "；".join(complaints)


def keys_of(model: type[BaseModel], prefix: str = "") -> Iterator[tuple[str, FieldInfo]]:
    """Every key of a model by its dotted name, tables opened, with its field."""
    for name, field in model.model_fields.items():
        inner = section_of(field)
        if inner:
            yield from keys_of(inner, f"{prefix}{name}.")
        else:
            yield f"{prefix}{name}", field


def section_of(field: FieldInfo) -> type[BaseModel] | None:
    """The model a field holds, if it is a table of its own."""
    kind = field.annotation
    return kind if isinstance(kind, type) and issubclass(kind, BaseModel) else None


def is_secret(field: FieldInfo) -> bool:
    """Whether the field, or what it lists, is a secret."""
    return _mentions_secret(field.annotation)


def _mentions_secret(kind: Any) -> bool:
    return kind is SecretStr or any(_mentions_secret(inner) for inner in get_args(kind))


def _value(item: ErrorDetails, model: type[BaseModel]) -> str:
    value = item["input"]
    if isinstance(value, Mapping):
        return ""
    if _hidden([str(part) for part in item["loc"]], model):
        return f" = ***（{len(_plain(value))} 个字符）"
    shown = repr(value) if isinstance(value, str) else str(value)
    return f" = {shown[:_LONGEST_SHOWN]}"


def _plain(value: Any) -> str:
    return value.get_secret_value() if isinstance(value, SecretStr) else str(value)


def _hidden(where: Sequence[str], model: type[BaseModel]) -> bool:
    secrets = {name for name, field in keys_of(model) if is_secret(field)}
    known = {name for name, _ in keys_of(model)}
    dotted = ".".join(part for part in where if not part.isdigit())
    if dotted in known:
        return dotted in secrets or dotted.endswith(".url")
    return bool(_SECRETIVE.search(dotted))


def _allowed(item: ErrorDetails) -> str:
    facts = dict(item.get("ctx", {}))
    if item["type"] in ("value_error", "assertion_error"):
        return str(facts.get("error", item["msg"]))
    words = _WORDS.get(item["type"])
    if words is None:
        return item["msg"]
    if "expected" in facts:
        facts["expected"] = str(facts["expected"]).replace(" or ", "、").replace(", ", "、")
    return words.format(**facts)


def _meaning(model: type[BaseModel], where: Sequence[str]) -> str:
    field = dict(keys_of(model)).get(".".join(where))
    return f"（{field.description}）" if field and field.description else ""


def _suggestion(model: type[BaseModel], where: Sequence[str]) -> str:
    parent: type[BaseModel] | None = model
    for part in where[:-1]:
        field = parent.model_fields.get(part) if parent else None
        parent = section_of(field) if field else None
    if parent is None:
        return ""
    names = list(parent.model_fields)
    near = difflib.get_close_matches(where[-1], names, n=1, cutoff=0.7)
    return f"，是不是 {near[0]}？" if near else f"，可用：{'、'.join(names)}"
