"""The rules form read back into a policy's document, every mistake beside its field."""

import copy
import unicodedata
from collections.abc import Mapping
from typing import Any

from distribution import policy
from distribution.policy import Policy
from distribution.refusals import Code, Refusal
from web.console.forms import Form
from web.console.rule_groups import Field, groups

#: Rows of a table that may be added at once.
SPARE = 3
#: Most rows that are read of one table.
_MOST_ROWS = 60
BOTH = "每一级都要填，不给就填 0"
Document = dict[str, Any]


def read(given: Mapping[str, str], held: Document, *, runs: bool, levels: list[str]) -> tuple[Form, Document]:
    """The document that the form makes of ``held``; ask the Form to ``check`` before it is used."""
    form, made = Form(given), copy.deepcopy(held)
    depth = 3 if given.get("depth") == "3" else 2
    for group in groups(runs=runs):
        for field in group.fields:
            _put(made, field.path, _value(form, given, field))
        if group.table:
            _put(made, group.table, _TABLES[group.table](form, given, depth=depth, levels=levels))
    _whole(form, made)
    if runs:
        _for_people(form, made, held)
    return form, made


def _value(form: Form, given: Mapping[str, str], field: Field) -> Any:
    name, empty = field.path, not given.get(field.path, "").strip()
    if empty and not field.needed and field.kind != "list":
        return None
    if field.kind == "bp":
        return form.bp(name)
    if field.kind == "fen":
        return form.fen(name)
    if field.kind == "whole":
        return form.whole(name, least=field.least, most=field.most)
    if field.kind == "flag":
        return form.ticked(name)
    if field.kind == "list":
        text = form.text(name, most=4000, needed=field.needed)
        split = text.split("\n") if name == "terms" else text.replace("，", ",").replace("、", ",").split(",")
        return [part.strip() for part in split if part.strip()]
    if field.kind == "choice":
        chosen = form.choice(name, field.choices)
        return int(chosen) if chosen.isdecimal() else chosen or None
    return form.text(name, most=20)


def _rates(form: Form, given: Mapping[str, str], row: str, depth: int) -> dict[str, int]:
    """The rates of one row: every level has to be told, since what is left out pays nothing (R26)."""
    kinds = ("l1", "l2", "l3")[:depth]
    for kind in kinds:
        if not given.get(f"{row}.{kind}", "").strip():
            form.wrong(f"{row}.{kind}", BOTH)
    return {kind: form.bp(f"{row}.{kind}") for kind in kinds}


def _filled(given: Mapping[str, str], row: str) -> bool:
    return any(given.get(f"{row}.{name}", "").strip() for name in ("key", "from_fen", "l1", "l2", "l3", "bp"))


def _rows(given: Mapping[str, str], table: str) -> list[str]:
    return [row for place in range(_MOST_ROWS) if _filled(given, row := f"{table}.{place}")]


def _key(form: Form, row: str, taken: Mapping[str, Any]) -> str:
    key = form.text(f"{row}.key", most=20)
    if key in taken:
        form.wrong(f"{row}.key", "和上面重复")
    return key


def _categories(form: Form, given: Mapping[str, str], *, depth: int, levels: list[str]) -> Document:
    made: Document = {}
    for row in _rows(given, "category_rate_bp"):
        key = form.text(f"{row}.key", most=40)
        if key in made:
            form.wrong(f"{row}.key", "和上面重复")
        off = form.ticked(f"{row}.disabled")
        made[key] = {"disabled": True} if off else _rates(form, given, row, depth)
    return made


def _levels(form: Form, given: Mapping[str, str], *, depth: int, levels: list[str]) -> Document:
    named = [(f"level_rate_bp.{place}", name) for place, name in enumerate(levels)]
    return {name: _rates(form, given, row, depth) for row, name in named if _filled(given, row)}


def _bands(form: Form, given: Mapping[str, str], *, depth: int, levels: list[str]) -> list[Document]:
    made: list[Document] = []
    for row in _rows(given, "amount_bands"):
        fen = form.fen(f"{row}.from_fen")
        if any(each["from_fen"] == fen for each in made):
            form.wrong(f"{row}.from_fen", "和上面重复")
        made.append({"from_fen": fen, **_rates(form, given, row, depth)})
    return sorted(made, key=lambda each: int(each["from_fen"]))


def _grades(form: Form, given: Mapping[str, str], *, depth: int, levels: list[str]) -> Document:
    made: Document = {}
    for row in _rows(given, "dealers.grades_bp"):
        made[_key(form, row, made)] = form.bp(f"{row}.bp")
    if len(made) > 5:
        form.wrong("dealers.grades_bp", "最多五个等级")
    return made


def _quiet(form: Form, given: Mapping[str, str], *, depth: int, levels: list[str]) -> list[int] | None:
    if not form.ticked("quiet"):
        return None
    return [form.whole("quiet_from", most=23), form.whole("quiet_until", most=23)]


_TABLES = {
    "category_rate_bp": _categories,
    "level_rate_bp": _levels,
    "amount_bands": _bands,
    "dealers.grades_bp": _grades,
    "quiet_hours": _quiet,
}


def _whole(form: Form, made: Document) -> None:
    """What no field can know alone; what is not asked for is left out of the cycle."""
    rates = made["store_rate_bp"]
    if made["depth"] < 3:
        rates["l3"] = 0
    if made["depth"] < 2:
        rates["l2"] = 0
    if sum(rates.values()) > 10_000:
        form.wrong("store_rate_bp.l1", "各级加起来不能超过 100%")
    made["jurisdiction"] = unicodedata.normalize("NFKC", made["jurisdiction"]).upper()
    if not (len(made["jurisdiction"]) == 2 and made["jurisdiction"].isascii() and made["jurisdiction"].isalpha()):
        form.wrong("jurisdiction", "请填两个字母的国家或地区代码，例如 CN")
    needs = {"weekly": "weekday", "monthly": "day", "quarterly": "day", "threshold": "fen"}
    needed = needs.get(made["cycle"]["mode"])
    made["cycle"] = {"mode": made["cycle"]["mode"]} | ({needed: made["cycle"][needed]} if needed else {})
    if needed and made["cycle"][needed] is None:
        form.wrong(f"cycle.{needed}", "选了这种周期就要填")


def _for_people(form: Form, made: Document, held: Document) -> None:
    """What no field can know alone of the settings that only the first merchant decides."""
    most = made["withdraw"]["max_fen"]
    if most is not None and most < made["withdraw"]["min_fen"]:
        form.wrong("withdraw.max_fen", "最高不能低于最低")
    if made["binding"]["protect_days"] > made["binding"]["valid_days"]:
        form.wrong("binding.protect_days", "保护期不能比有效期长")
    if list(made["terms"]) != list(held["terms"]) and made["terms_version"] == held["terms_version"]:
        form.wrong("terms_version", "条款文字改了，版本号也要换")


def stands(form: Form, document: Document) -> Policy:
    """The policy of a document, checked as a whole; what it refuses is said beside its field."""
    form.check()
    try:
        return policy.read(document)
    except Refusal as refusal:
        if refusal.code == Code.DEPTH_NOT_ALLOWED:
            form.wrong("depth", "经营地在中国内地最多两级佣金")
        for path in refusal.facts.get("fields", {}):
            form.wrong(path, "这里的内容不对")
        form.check()
        raise


def _put(document: Document, path: str, value: Any) -> None:
    *parts, last = path.split(".")
    for name in parts:
        document = document[name]
    document[last] = value
