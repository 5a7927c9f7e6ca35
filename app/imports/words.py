"""What is wrong with a cell, in words for people."""

import re
from collections.abc import Mapping
from typing import Any

from pydantic_core import ErrorDetails

from bot.wording import headline
from distribution.refusals import Code, Refusal

_WORDS = {
    "missing": "没有填",
    "int_type": "要是整数",
    "string_too_short": "没有填",
    "string_too_long": "最多 {max_length} 个字符",
    "string_pattern_mismatch": "不能有空格、斜杠和冒号",
    "greater_than_equal": "不能小于 {ge}",
    "less_than_equal": "不能大于 {le}",
    "literal_error": "只能是 {expected}",
    "too_long": "一单最多 {max_length} 行",
}
#: What the shapes of /api/v1 say, in the same order of matching.
_SAID = {
    "RFC 3339": "要写成带时区的时间，如 2026-11-23T10:00:00+08:00",
    "between the years": "要在 2000 年到 2199 年之间",
    "control characters": "有看不见的控制字符",
    "address or a path": "要是 http(s) 网址或以 / 开头的路径",
    "add up to more": "这一单的金额太大",
    "different": "同一单里的 line_no 不能重复",
    "above the line": "优惠超过了这一行的金额",
    "above the goods": "优惠券和积分超过了商品金额",
}
_WHOLE = re.compile(r"-?\d{1,18}")
_NUMBER_LOST = re.compile(r"-?\d(\.\d+)?E\+\d+", re.IGNORECASE)
_LONGEST_SHOWN = 40


def reason(item: ErrorDetails) -> str:
    """Why a shape did not take a value, with the value."""
    facts: Mapping[str, Any] = item.get("ctx", {})
    expected = str(facts.get("expected", "")).replace(" or ", "、").replace(", ", "、")
    words = _WORDS.get(item["type"], "").format(**{**facts, "expected": expected}) or said(item["msg"])
    return shown(item["input"]) + words


def shown(value: Any) -> str:
    """The value in front of what is wrong with it; nothing where there is none."""
    if not isinstance(value, str | int) or value == "":
        return ""
    text = str(value)
    return f"“{text[:_LONGEST_SHOWN]}{'…' if len(text) > _LONGEST_SHOWN else ''}”"


def said(message: str) -> str:
    """A shape's own complaint."""
    return next((words for part, words in _SAID.items() if part in message), message)


def refused(refusal: Refusal) -> tuple[str, str]:
    """The column and the reason of an order that the business refused."""
    facts = refusal.facts
    told = {
        Code.BUYER_CHANGED: ("buyer_openid", "买家和库里这一单的不一样"),
        Code.LINES_CHANGED: ("line_no", "库里这一单已付款，商品明细、优惠券和积分不能再改"),
        Code.ILLEGAL_STATE: ("state", f"库里这一单是 {facts.get('state')}，不能变成 {facts.get('wanted')}"),
    }
    if refusal.code in told:
        return told[refusal.code]
    column = {"lines": "line_no"}.get(str(facts.get("field")), str(facts.get("field", "")))
    return column, said(str(facts["why"])) if "why" in facts else headline(refusal)


def whole(cell: str) -> int | str:
    """The integer in a cell; the cell itself where there is none, for the shape to refuse."""
    return int(cell) if _WHOLE.fullmatch(cell) and cell.isascii() else cell


def number_lost(cell: str) -> bool:
    """Whether a spreadsheet has shortened a long number (1.23457E+17)."""
    return "+" in cell and _NUMBER_LOST.fullmatch(cell.strip()) is not None
