"""The face in force: a setting wins, and a face without Chinese is refused at once."""

import shutil
from pathlib import Path

import pytest
from PIL import ImageFont

from posters import PosterError, PosterFacts, configure, fonts, render

FACTS = PosterFacts(product="茶", price_fen=1, name="小雅", slogan="", url="https://shop.example.com/s/A")


@pytest.fixture(autouse=True)
def _as_found():
    yield
    configure(None)


def test_the_configured_font_is_the_one_used(tmp_path):
    found = fonts.sans()
    mine = tmp_path / "mine.otf"
    shutil.copy(found.path, mine)
    plain = render(FACTS)
    configure(mine)
    assert fonts.sans() == fonts.serif() == fonts.Face(str(mine))
    # The letter on the picture's panel is drawn with serifs where nothing is configured.
    assert render(FACTS) != plain
    configure(None)
    assert fonts.sans() == found
    assert render(FACTS) == plain


def test_a_missing_font_is_refused(tmp_path):
    with pytest.raises(PosterError, match="font"):
        configure(tmp_path / "gone.otf")


def test_a_font_without_chinese_is_refused(tmp_path):
    latin = tmp_path / "latin.ttf"
    latin.write_bytes(ImageFont.load_default(size=10).font_bytes)
    with pytest.raises(PosterError, match="没有中文"):
        configure(Path(latin))
