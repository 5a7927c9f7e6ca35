"""Words on a poster: Chinese line breaking, characters that cannot be shown, prices."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from posters import fonts
from posters.lettering import ELLIPSIS, NOT_FIRST, Pen, clean, fit, price_parts, wrap

FACE = fonts.sans()
PEN = Pen(FACE, 40)


def test_no_line_begins_with_closing_punctuation():
    for width in range(200, 640, 20):
        rows = wrap("春天到了，万物生长。（新茶上市！）快来尝尝，好吗？“当然”。", PEN, width=width, lines=20)
        assert not [row for row in rows if row[0] in NOT_FIRST]


def test_no_line_ends_with_opening_punctuation():
    for width in range(200, 640, 20):
        rows = wrap("新品《云岭春茶》（明前）今日到店，只要¥89起", PEN, width=width, lines=20)
        assert not [row for row in rows[:-1] if row[-1] in "《（¥"]


def test_words_and_numbers_stay_whole():
    text = "每盒250g仅¥1,234.56含Nespresso胶囊与e-mail售后"
    for width in range(240, 640, 20):
        joined = "|".join(wrap(text, PEN, width=width, lines=20))
        assert all(word in joined for word in ("250g", "¥1,234.56", "Nespresso", "e-mail"))


def test_a_word_longer_than_the_line_is_cut_rather_than_lost():
    rows = wrap("W" * 60, PEN, width=300, lines=20)
    assert "".join(rows) == "W" * 60
    assert all(PEN.width(row) <= 300 for row in rows)


def test_what_does_not_fit_ends_in_an_ellipsis():
    rows = wrap("长" * 100, PEN, width=400, lines=2)
    assert len(rows) == 2
    assert rows[1].endswith(ELLIPSIS)
    assert fit("短", PEN, width=400) == "短"


def test_lines_end_where_a_phrase_ends_if_they_can():
    rows = wrap("即食阿胶糕 250g 礼盒装 东阿古法熬制", Pen(FACE, 58), width=936, lines=2)
    assert rows == ["即食阿胶糕 250g 礼盒装", "东阿古法熬制"]


def test_the_last_line_is_not_one_lonely_character():
    rows = wrap("一二三四五六七八九十甲", PEN, width=400, lines=2)
    assert len(rows) == 2
    assert len(rows[1]) > 2


@settings(max_examples=150, deadline=None)
@given(st.text(max_size=60), st.integers(90, 700), st.integers(1, 4))
def test_any_text_stays_within_its_lines_and_width(text, width, lines):
    rows = wrap(clean(text, FACE), PEN, width=width, lines=lines)
    assert len(rows) <= lines
    assert all(PEN.width(row) <= width for row in rows)


@settings(max_examples=150, deadline=None)
@given(st.text(max_size=40))
def test_only_characters_the_font_can_draw_remain(text):
    assert all(fonts.has(FACE, char) for char in clean(text, FACE))


@pytest.mark.parametrize(
    ("said", "shown"),
    [
        ("小雅🌸的店❤️", "小雅的店"),
        ("👨‍👩‍👧家", "家"),
        ("\u202e反了\u2066", "反了"),
        ("零\u200b宽\ufeff", "零宽"),
        ("一\n二\t三\x00\x1b", "一 二 三"),
        ("𝓐𝓵𝓲𝓬𝓮", "Alice"),
        ("  空  格  ", "空 格"),
        ("Cafe\u0301", "Café"),
        ("囧rz 繁體 ①", "囧rz 繁體 ①"),
    ],
)
def test_what_the_font_cannot_show_is_replaced_or_dropped(said, shown):
    assert clean(said, FACE) == shown


@pytest.mark.parametrize(
    ("fen", "shown"),
    [(0, "0.00"), (5, "0.05"), (100, "1.00"), (8990, "89.90"), (123456, "1,234.56"), (100000000, "1,000,000.00")],
)
def test_prices_have_thousands_and_two_decimals(fen, shown):
    assert "".join(price_parts(fen)) == shown
