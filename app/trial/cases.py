"""A file of cases: the defaults overlaid with each case's own settings, moments and days made into values."""

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import yaml

ZONE = dt.timezone(dt.timedelta(hours=8))
Document = dict[str, Any]


class TrialError(Exception):
    """The file cannot be tried; the message says where and why."""


@dataclass(frozen=True, slots=True)
class Case:
    """One case: ``settings`` are the file's defaults with the case's ``config`` on top."""

    id: str
    type: str
    document: Document
    settings: Document = field(default_factory=dict)

    def part(self, name: str) -> Any:
        """A part the case must have; TrialError otherwise."""
        if name not in self.document:
            raise TrialError(f"缺少 {name}")
        return self.document[name]


def read(text: str) -> list[Case]:
    """The cases of a YAML file in their order; TrialError for a broken one."""
    try:
        told = yaml.load(text, Loader=_Loader)
    except yaml.YAMLError as error:
        raise TrialError(f"不是正确的 YAML：{' '.join(str(error).split())}") from error
    if not isinstance(told, dict) or not isinstance(told.get("cases"), list):
        raise TrialError("文件里没有 cases 列表")
    if told.get("timezone", "+08:00") != "+08:00":
        raise TrialError(f"时区只认 +08:00，文件写的是 {told['timezone']}")
    defaults = told.get("defaults") or {}
    return [_case(item, place, defaults) for place, item in enumerate(told["cases"], 1)]


def inviter_of(people: Mapping[str, Any], name: str) -> str | None:
    """Who invited one of the people of a case, if anybody; TrialError for somebody who is not among them."""
    inviter: str | None = (people.get(name) or {}).get("inviter")
    if inviter is not None and inviter not in people:
        raise TrialError(f"{name} 的 inviter：people 里没有 {inviter}")
    return inviter


def moment(told: Any) -> dt.datetime:
    """``YYYY-MM-DDTHH:MM:SS`` at +08:00; TrialError for anything else."""
    try:
        return dt.datetime.strptime(str(told), "%Y-%m-%dT%H:%M:%S").replace(tzinfo=ZONE)
    except ValueError as error:
        raise TrialError(f"时间 {told!r} 要写成 2025-03-01T10:00:00") from error


def whole(told: Mapping[str, Any], name: str, otherwise: int | None = None) -> int:
    """An integer; TrialError for a fraction, a boolean, a number in quotes, or a missing one without ``otherwise``."""
    value = told.get(name, otherwise)
    if type(value) is not int:
        raise TrialError(f"{name} 要写整数，写的是 {value!r}")
    return value


def at_least(told: Mapping[str, Any], name: str, otherwise: int | None = None, *, least: int = 0) -> int:
    """An integer that is not below ``least``; TrialError otherwise."""
    value = whole(told, name, otherwise)
    if value < least:
        raise TrialError(f"{name} 不能小于 {least}，写的是 {value}")
    return value


class _Loader(yaml.SafeLoader):
    """YAML without its own dates: a moment stays what was written."""


_Loader.yaml_implicit_resolvers = {
    first: [(tag, pattern) for tag, pattern in resolvers if tag != "tag:yaml.org,2002:timestamp"]
    for first, resolvers in yaml.SafeLoader.yaml_implicit_resolvers.items()
}


def _case(item: Any, place: int, defaults: Document) -> Case:
    if not isinstance(item, dict) or not isinstance(item.get("id"), str) or not isinstance(item.get("type"), str):
        raise TrialError(f"第 {place} 个案例要有 id 和 type")
    config = item.get("config") or {}
    if not isinstance(config, dict):
        raise TrialError(f"{item['id']}: config 要写成键和值")
    return Case(item["id"], item["type"], item, _overlay(defaults, config))


def _overlay(below: Document, above: Document) -> Document:
    """``above`` on ``below``: objects key by key at every depth, lists and scalars as a whole."""
    made = dict(below)
    for name, value in above.items():
        held = made.get(name)
        made[name] = _overlay(held, value) if isinstance(held, dict) and isinstance(value, dict) else value
    return made
