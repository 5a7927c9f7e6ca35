"""A poster from a file of facts: both notations, both endings, and the wrong key named."""

import json
from io import BytesIO

import pytest
import zxingcpp
from PIL import Image

from posters import PosterError
from posters.command import draw

FACTS = {
    "product": "即食阿胶糕",
    "price_fen": 8900,
    "name": "小雅",
    "slogan": "独立小包",
    "url": "https://shop.example.com/s/A",
}


def facts_file(folder, ending: str = ".json", **changes):
    facts = {key: value for key, value in (FACTS | changes).items() if value is not ...}
    path = folder / f"facts{ending}"
    toml = "\n".join(f"{key} = {json.dumps(value, ensure_ascii=False)}" for key, value in facts.items())
    path.write_text(toml if ending == ".toml" else json.dumps(facts), "utf-8")
    return path


@pytest.mark.parametrize("notation", [".json", ".toml"])
@pytest.mark.parametrize(("ending", "image_format"), [("jpg", "JPEG"), ("JPEG", "JPEG"), ("png", "PNG")])
def test_a_file_of_facts_becomes_a_poster(tmp_path, notation, ending, image_format):
    out = tmp_path / f"poster.{ending}"
    draw(facts_file(tmp_path, notation, struck_fen=12800, shop="云岭好物"), out, template="spring")
    image = Image.open(out)
    assert image.format == image_format
    assert [found.text for found in zxingcpp.read_barcodes(image)] == [FACTS["url"]]


def test_a_picture_is_looked_for_beside_the_facts(tmp_path):
    picture = BytesIO()
    Image.new("RGB", (300, 300), (0, 0, 255)).save(picture, "PNG")
    (tmp_path / "tea.png").write_bytes(picture.getvalue())
    draw(facts_file(tmp_path, picture="tea.png"), tmp_path / "out.png", template=None)
    assert Image.open(tmp_path / "out.png").getpixel((540, 500)) == (0, 0, 255)


@pytest.mark.parametrize(
    ("key", "changes"),
    [
        ("price_fen", {"price_fen": "89"}),
        ("price_fen", {"price_fen": 89.5}),
        ("price_fen", {"price_fen": True}),
        ("product", {"product": 7}),
        ("url", {"url": ...}),
        ("prize_fen", {"prize_fen": 1}),
        ("picture", {"picture": "gone.jpg"}),
        ("template", {"template": "gone"}),
    ],
)
def test_the_wrong_key_is_named_in_one_sentence(tmp_path, key, changes):
    with pytest.raises(PosterError) as refused:
        draw(facts_file(tmp_path, **changes), tmp_path / "out.jpg", template=None)
    assert refused.value.key == key
    assert str(refused.value).startswith(key)
    assert not (tmp_path / "out.jpg").exists()


@pytest.mark.parametrize("text", ["", "[1]", "{", "product = ", "\x00"])
def test_a_file_that_is_no_set_of_facts_is_refused(tmp_path, text):
    path = tmp_path / "facts.json"
    path.write_text(text)
    with pytest.raises(PosterError, match="facts"):
        draw(path, tmp_path / "out.jpg", template=None)


def test_another_ending_or_a_missing_file_is_refused(tmp_path):
    with pytest.raises(PosterError, match="out"):
        draw(facts_file(tmp_path), tmp_path / "out.bmp", template=None)
    with pytest.raises(PosterError, match="facts"):
        draw(tmp_path / "gone.toml", tmp_path / "out.jpg", template=None)
    with pytest.raises(PosterError, match="out"):
        draw(facts_file(tmp_path), tmp_path / "gone" / "out.jpg", template=None)
