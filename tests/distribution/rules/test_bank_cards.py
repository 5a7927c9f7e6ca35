"""Numbers of bank cards: the check digit decides, spaces do not."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from distribution.rules import bank_cards

CARD = "6222021234567890128"


@pytest.mark.parametrize("text", [CARD, " 6222 0212 3456 7890 128 ", "6222-0212-3456-7890-128"])
def test_a_card_is_read_however_it_is_typed(text):
    assert bank_cards.parse(text) == CARD
    assert bank_cards.tail(CARD) == "0128"


@pytest.mark.parametrize(
    "text",
    ["", "13800138000", "622202123456789013", CARD + "0", f"卡号{CARD}", "６２２２０２１２３４５６７８９０１２８"],
)
def test_what_is_no_card_is_none(text):
    assert bank_cards.parse(text) is None


@given(st.integers(0, len(CARD) - 1), st.integers(1, 9))
def test_one_wrong_digit_is_noticed(place, more):
    wrong = str((int(CARD[place]) + more) % 10)
    assert bank_cards.parse(CARD[:place] + wrong + CARD[place + 1 :]) is None
