"""Income tax withheld on withdrawals (R44). The tables are data with a first day: ask an accountant about them."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import count
from typing import Literal

from distribution.rules.calendar import day_of

Method = Literal["none", "labour", "platform"]
_WHOLE = 10_000


@dataclass(frozen=True, slots=True)
class Bracket:
    """Of a taxable amount up to ``up_to_fen`` (None: without end) so much is tax: rate less quick deduction."""

    up_to_fen: int | None
    rate_bp: int
    quick_fen: int


@dataclass(frozen=True, slots=True)
class LabourTable:
    """劳务报酬: of a month's income, ``free_fen`` or less is free, then a fixed sum or a share is deducted first."""

    since: dt.date
    free_fen: int
    fixed_until_fen: int
    share_bp: int
    brackets: tuple[Bracket, ...]


@dataclass(frozen=True, slots=True)
class PlatformTable:
    """互联网平台: cumulative over the year, a share and a monthly sum deducted first."""

    since: dt.date
    share_bp: int
    monthly_fen: int
    brackets: tuple[Bracket, ...]


#: The version in force is the last one that has begun.
LABOUR = (
    LabourTable(
        since=dt.date(1994, 1, 1),
        free_fen=80_000,
        fixed_until_fen=400_000,
        share_bp=8_000,
        brackets=(
            Bracket(2_000_000, 2_000, 0),
            Bracket(5_000_000, 3_000, 200_000),
            Bracket(None, 4_000, 700_000),
        ),
    ),
)
PLATFORM = (
    PlatformTable(
        since=dt.date(2025, 10, 1),
        share_bp=8_000,
        monthly_fen=500_000,
        brackets=(
            Bracket(3_600_000, 300, 0),
            Bracket(14_400_000, 1_000, 252_000),
            Bracket(30_000_000, 2_000, 1_692_000),
            Bracket(42_000_000, 2_500, 3_192_000),
            Bracket(66_000_000, 3_000, 5_292_000),
            Bracket(96_000_000, 3_500, 8_592_000),
            Bracket(None, 4_500, 18_192_000),
        ),
    ),
)


@dataclass(frozen=True, slots=True)
class Payment:
    """What was paid to somebody before, or is reserved for him: gross and withheld fen, and when it was asked for."""

    fen: int
    tax_fen: int
    at: dt.datetime


def withheld(method: Method, fen: int, *, before: Sequence[Payment], at: dt.datetime) -> int:
    """Fen of tax on ``fen`` paid at ``at`` after ``before`` (this person's payments of the calendar year so far)."""
    if method == "labour":
        return _labour(fen, [each for each in before if _month(each.at) == _month(at)], day_of(at))
    if method == "platform":
        return _platform(fen, [each for each in before if day_of(each.at).year == day_of(at).year], day_of(at))
    return 0


def labour_tax(income_fen: int, table: LabourTable = LABOUR[-1]) -> int:
    """The tax on one month's income, floored to the fen."""
    if income_fen <= table.free_fen:
        return 0
    # Ten-thousandths of a fen, so that nothing is rounded before the end.
    taxable = income_fen * table.share_bp
    if income_fen <= table.fixed_until_fen:
        taxable = (income_fen - table.free_fen) * _WHOLE
    return _tax(taxable, table.brackets)


def platform_tax(income_fen: int, months: int, table: PlatformTable = PLATFORM[-1]) -> int:
    """The tax on a year's income so far, earned in so many months in a row, floored to the fen."""
    return _tax(income_fen * table.share_bp - months * table.monthly_fen * _WHOLE, table.brackets)


def _labour(fen: int, before: Sequence[Payment], today: dt.date) -> int:
    tables = [each for each in LABOUR if each.since <= today]
    income = fen + sum(each.fen for each in before)
    return _due(labour_tax(income, tables[-1]), fen, before) if tables else 0


def _platform(fen: int, before: Sequence[Payment], today: dt.date) -> int:
    tables = [each for each in PLATFORM if each.since <= today]
    if not tables:
        return 0
    months = {day_of(each.at).month for each in before} | {today.month}
    row = next(length for length in count(1) if today.month - length not in months)
    income = fen + sum(each.fen for each in before)
    return _due(platform_tax(income, row, tables[-1]), fen, before)


def _due(tax: int, fen: int, before: Sequence[Payment]) -> int:
    """What is still to be withheld; a payment is never taxed beyond itself, the rest follows with the next."""
    return min(max(0, tax - sum(each.tax_fen for each in before)), fen)


def _tax(taxable: int, brackets: Sequence[Bracket]) -> int:
    if taxable <= 0:
        return 0
    for bracket in brackets:
        if bracket.up_to_fen is None or taxable <= bracket.up_to_fen * _WHOLE:
            return taxable * bracket.rate_bp // (_WHOLE * _WHOLE) - bracket.quick_fen
    raise AssertionError("the last bracket has no end")


def _month(at: dt.datetime) -> tuple[int, int]:
    day = day_of(at)
    return day.year, day.month
