"""Identity numbers: the check digit and the birthday decide; eighteen is counted to the day."""

import datetime as dt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from distribution.rules import id_numbers

NUMBER = "11010519491231002X"


@pytest.mark.parametrize("text", [NUMBER, NUMBER.lower(), " 110105 19491231 002x ", "440524188001010014"])
def test_a_number_is_read_however_it_is_typed(text):
    assert id_numbers.parse(text) == "".join(text.split()).upper()


@pytest.mark.parametrize(
    "text",
    [
        "",
        "110105194912310021",
        "11010519490231002X",
        "1101051949123100",
        NUMBER + "1",
        "身份证" + NUMBER,
        "０１０１０５１９４９１２３１００２Ｘ",
    ],
)
def test_what_is_no_number_is_none(text):
    assert id_numbers.parse(text) is None


@given(st.integers(0, 16), st.integers(1, 9))
def test_one_wrong_digit_is_noticed(place, more):
    wrong = str((int(NUMBER[place]) + more) % 10)
    assert id_numbers.parse(NUMBER[:place] + wrong + NUMBER[place + 1 :]) is None


@pytest.mark.parametrize(
    ("today", "old"), [("1967-12-30", False), ("1967-12-31", True), ("1968-01-01", True), ("1966-12-31", False)]
)
def test_eighteen_is_counted_to_the_day(today, old):
    assert id_numbers.of_age(NUMBER, dt.date.fromisoformat(today)) is old
