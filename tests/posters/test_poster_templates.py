"""Templates: the house's own stand the checks, documents are refused by name, bad ones are told why."""

import copy
import tomllib
from pathlib import Path

import pytest
from PIL import Image
from poster_samples import saved

from distribution.poster_templates import HOUSE
from posters import TEMPLATES, PosterError, PosterFacts, catalogue, check_template, render
from posters.checking import contrast
from posters.documents import read

GOOD = {
    "title": "自己的",
    "size": [1080, 1440],
    "tone": "light",
    "kinds": ["product"],
    "area": [
        {"part": "picture", "box": [0, 0, 1080, 800]},
        {"part": "title", "box": [72, 840, 700, 1000], "size": 54, "lines": 2, "colour": "#222222"},
        {"part": "price", "box": [72, 1020, 700, 1120], "size": 96, "colour": "#B02010"},
        {"part": "name", "box": [72, 1160, 700, 1220], "size": 36, "colour": "#222222"},
        {"part": "qr", "box": [708, 860, 1008, 1160]},
        {"part": "small", "box": [72, 1380, 1008, 1420], "size": 22, "colour": "#555555"},
    ],
}


def changed(which: str, **values: object) -> dict:
    document = copy.deepcopy(GOOD)
    next(area for area in document["area"] if area["part"] == which).update(values)
    return document


def without(part: str) -> dict:
    return GOOD | {"area": [area for area in GOOD["area"] if area["part"] != part]}


@pytest.mark.parametrize("name", TEMPLATES)
def test_the_house_templates_stand_their_own_checks(name):
    document = catalogue.document(name)
    assert [problem.said for problem in check_template(document, TEMPLATES[name].background)] == []


def test_there_are_templates_of_every_size_kind_and_tone():
    designs = list(TEMPLATES.values())
    assert {design.size for design in designs} == {(1080, 1920), (1080, 1440), (1080, 1080)}
    assert {design.tone for design in designs} == {"light", "dark"}
    kinds = {kind for design in designs for kind in design.kinds}
    assert kinds == {"product", "shop", "invitation", "campaign", "card", "stand"}
    assert {"clean", "spring", "night"} < set(TEMPLATES)


@pytest.mark.parametrize(
    ("code", "document"),
    [
        ("outside", changed("picture", box=[0, 0, 1100, 800])),
        ("qr_missing", without("qr")),
        ("qr_small", changed("qr", box=[708, 860, 858, 1010])),
        ("qr_square", changed("qr", box=[708, 860, 1008, 1180])),
        ("qr_quiet", changed("qr", radius=150)),
        ("qr_covered", changed("title", box=[72, 840, 760, 1000])),
        ("text_small", changed("small", size=15)),
        ("contrast", changed("small", colour="#CCCCCC")),
        ("small_missing", without("small")),
        ("pledge_missing", GOOD | {"kinds": ["invitation"]}),
        ("document", GOOD | {"wibble": 1}),
        ("document", GOOD | {"size": [10, 10]}),
        ("document", []),
    ],
)
def test_what_speaks_against_a_template_is_said_in_chinese(code, document):
    problems = check_template(document, None)
    assert code in [problem.code for problem in problems]
    assert all(problem.said and "{" not in problem.said for problem in problems)


@pytest.mark.parametrize(
    ("code", "background"),
    [("background", b"not a picture"), ("background_shape", saved(Image.new("RGB", (800, 800), (250, 250, 250))))],
)
def test_a_background_must_be_a_picture_of_the_right_shape(code, background):
    assert [problem.code for problem in check_template(GOOD, background)] == [code]


def test_letters_are_held_against_the_uploaded_background():
    dark = saved(Image.new("RGB", (1080, 1440), (20, 20, 20)))
    assert check_template(GOOD, None) == []
    assert {problem.code for problem in check_template(GOOD, dark)} == {"contrast"}


@pytest.mark.parametrize("key", ["box", "part", "size", "colour", "only", "align"])
def test_a_wrong_value_of_an_area_is_named(key):
    with pytest.raises(PosterError, match=key):
        read("own", changed("title", **{key: "wibble"}), None)


def test_a_merchants_own_template_is_drawn_with_its_background():
    background = saved(Image.new("RGB", (1080, 1440), (240, 250, 240)))
    design = read("own", GOOD, background)
    facts = PosterFacts("春茶", 8900, "小雅", "好喝", "http://weixin.qq.com/q/x", design=design)
    assert render(facts) != render(PosterFacts("春茶", 8900, "小雅", "好喝", "http://weixin.qq.com/q/x"))


def test_designs_are_the_same_when_their_documents_are():
    assert read("own", GOOD, None) == read("own", copy.deepcopy(GOOD), None)
    assert read("own", GOOD, None) != read("own", changed("title", size=50), None)


def test_black_on_white_is_the_highest_contrast():
    assert contrast((0, 0, 0), (255, 255, 255)) == contrast((255, 255, 255), (0, 0, 0)) == 2100
    assert contrast((9, 9, 9), (9, 9, 9)) == 100


def test_every_document_is_toml_without_surprises():
    folder = Path(catalogue.__file__).parent / "templates"
    assert {path.stem for path in folder.glob("*.toml")} == set(TEMPLATES)
    assert all(tomllib.loads(path.read_text("utf-8"))["title"] for path in folder.glob("*.toml"))


def test_styles_that_people_are_offered_are_templates_of_the_house_for_that_kind():
    for kind, styles in HOUSE.items():
        assert [(TEMPLATES[name].title, kind in TEMPLATES[name].kinds) for name, _ in styles] == [
            (title, True) for _, title in styles
        ]
