"""Tax at the edges of every bracket, by the month and by the year (R44)."""

import datetime as dt

import pytest

from distribution.rules import tax
from distribution.rules.tax import Payment

MARCH = dt.datetime(2026, 3, 10, tzinfo=dt.UTC)


def paid(fen, tax_fen=0, *, month=3, year=2026, day=1):
    return Payment(fen, tax_fen, dt.datetime(year, month, day, 4, tzinfo=dt.UTC))


def labour(fen, *before, at=MARCH):
    return tax.withheld("labour", fen, before=before, at=at)


def platform(fen, *before, at=MARCH):
    return tax.withheld("platform", fen, before=before, at=at)


@pytest.mark.parametrize(
    ("income", "due"),
    [
        (1, 0),
        (80_000, 0),
        (80_004, 0),
        (80_005, 1),
        (400_000, 64_000),
        (400_001, 64_000),
        (400_007, 64_001),
        (2_500_000, 400_000),
        (2_500_001, 400_000),
        (2_500_005, 400_001),
        (6_250_000, 1_300_000),
        (6_250_001, 1_300_000),
        (6_250_004, 1_300_001),
        (10_000_000, 2_500_000),
    ],
)
def test_a_months_labour_is_taxed_by_its_brackets(income, due):
    assert tax.labour_tax(income) == due
    assert labour(income) == due


@pytest.mark.parametrize(
    ("taxable", "due"),
    [
        (0, 0),
        (-1, 0),
        (100, 3),
        (3_600_000, 108_000),
        (3_600_100, 108_010),
        (14_400_000, 1_188_000),
        (14_400_100, 1_188_020),
        (30_000_000, 4_308_000),
        (30_000_100, 4_308_025),
        (42_000_000, 7_308_000),
        (42_000_100, 7_308_030),
        (66_000_000, 14_508_000),
        (66_000_100, 14_508_035),
        (96_000_000, 25_008_000),
        (96_000_100, 25_008_045),
    ],
)
def test_a_years_income_is_taxed_by_its_brackets(taxable, due):
    # One month: ¥5,000 and a fifth are taken off first.
    assert tax.platform_tax((taxable + 500_000) * 5 // 4, 1) == due


def test_nothing_is_withheld_where_nothing_is_asked():
    assert tax.withheld("none", 10_000_000, before=(), at=MARCH) == 0


def test_a_month_is_added_up_and_what_was_withheld_is_taken_off():
    assert labour(100_000, paid(300_000, 44_000)) == 20_000
    assert labour(100_000, paid(300_000, 44_000, month=2), paid(300_000, 44_000, year=2025)) == 4_000


def test_the_month_is_the_one_of_shanghai():
    last_evening = Payment(300_000, 44_000, dt.datetime(2026, 2, 28, 16, tzinfo=dt.UTC))

    assert labour(100_000, last_evening) == 20_000


def test_nothing_comes_back_and_nobody_pays_beyond_a_payment():
    assert labour(100_000, paid(300_000, 99_000)) == 0
    assert labour(100, paid(300_000, 0)) == 100


def test_a_year_is_added_up_with_the_months_in_a_row_that_were_earned_in():
    # March alone: 10,000,000 × 80 % − 500,000.
    assert platform(10_000_000) == 498_000
    assert platform(5_000_000, paid(5_000_000, 0, month=2)) == 448_000
    assert platform(5_000_000, paid(5_000_000, 0, month=1)) == 498_000
    assert platform(5_000_000, paid(5_000_000, 0, month=1), paid(0, 0, month=2)) == 398_000
    assert platform(5_000_000, paid(5_000_000, 7, month=2)) == 447_993


def test_last_year_is_over_and_december_can_be_the_twelfth():
    january = dt.datetime(2027, 1, 5, tzinfo=dt.UTC)
    december = dt.datetime(2026, 12, 5, tzinfo=dt.UTC)
    months = [paid(1_000_000, 0, month=month) for month in range(1, 12)]

    assert platform(10_000_000, paid(9_000_000, 5, month=12), at=january) == 498_000
    assert platform(1_000_000, *months, at=december) == tax.platform_tax(12_000_000, 12)


def test_before_a_table_begins_nothing_is_withheld():
    assert platform(10_000_000, at=dt.datetime(2025, 9, 30, 15, 59, tzinfo=dt.UTC)) == 0
    assert platform(10_000_000, at=dt.datetime(2025, 9, 30, 16, tzinfo=dt.UTC)) == 498_000
    assert labour(10_000_000, at=dt.datetime(1993, 12, 31, tzinfo=dt.UTC)) == 0
    assert labour(10_000_000, at=dt.datetime(1994, 1, 1, tzinfo=dt.UTC)) == 2_500_000
