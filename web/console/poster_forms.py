"""A template as a form: areas as numbers, read into the document that posters are drawn from."""

from collections.abc import Mapping
from typing import Any

from posters.checking import NAMES
from posters.design import SIZES
from web.console.forms import Form

PARTS = ("picture", "shop", "title", "slogan", "price", "pledge", "avatar", "name", "qr", "logo", "small")
_LETTERS = ("shop", "title", "slogan", "price", "pledge", "name", "small")
SIZE_NAMES = {f"{width}x{height}": f"{width} × {height}" for width, height in SIZES}
KIND_NAMES = {
    "product": "商品海报",
    "shop": "全店海报",
    "campaign": "活动海报",
    "invitation": "邀请海报",
    "card": "推广名片",
    "stand": "门店台卡",
}
_LINES = {"title": 2, "slogan": 2, "small": 2}
#: Where everything stands on a new sheet: part → left, top, width, height, size of the letters, colour.
_BEGINNING: dict[str, tuple[int, int, int, int, int, str]] = {
    "picture": (72, 150, 936, 620, 32, "#222222"),
    "shop": (72, 70, 700, 56, 36, "#222222"),
    "title": (72, 800, 560, 150, 52, "#222222"),
    "slogan": (72, 960, 560, 96, 30, "#4A4A4A"),
    "price": (72, 1070, 560, 100, 92, "#A8261A"),
    "pledge": (72, 1190, 560, 60, 26, "#222222"),
    "avatar": (72, 1260, 96, 96, 32, "#222222"),
    "name": (190, 1280, 440, 56, 36, "#222222"),
    "qr": (664, 830, 344, 344, 32, "#222222"),
    "logo": (936, 62, 72, 72, 32, "#222222"),
    "small": (72, 1380, 936, 40, 22, "#4A4A4A"),
}


def read_form(form: Form, given: Mapping[str, str]) -> dict[str, Any]:
    """The document a form describes; wrong numbers are named beside their fields."""
    width, height = form.choice("size", SIZE_NAMES).split("x")
    document: dict[str, Any] = {
        "title": form.text("title", most=20),
        "size": [int(width), int(height)],
        "tone": "dark" if given.get("tone") == "dark" else "light",
        "kinds": [form.choice("kind", KIND_NAMES)],
        "colours": {"sheet": form.text("sheet", most=7)},
    }
    return document | {"area": [_area(form, part) for part in PARTS if form.ticked(f"{part}.on")]}


def _area(form: Form, part: str) -> dict[str, Any]:
    numbers = {key: form.whole(f"{part}.{key}", least=least, most=1920) for key, least in _EDGES}
    left, top = numbers["left"], numbers["top"]
    area: dict[str, Any] = {"part": part, "box": [left, top, left + numbers["width"], top + numbers["height"]]}
    if part == "qr":
        area["logo"] = True
    if part in _LETTERS:
        area["size"] = form.whole(f"{part}.size", least=12, most=300)
        area["colour"] = form.text(f"{part}.colour", most=7)
        area |= {"lines": _LINES.get(part, 1), "bold": part in ("title", "name"), "at": "middle"}
    return area


_EDGES = (("left", 0), ("top", 0), ("width", 1), ("height", 1))


def beginning() -> dict[str, Any]:
    """The document that the form of a new template describes before anything is changed."""
    shown = values_of(None)
    given = {key: str(shown[key]) for key in ("size", "tone", "kind", "sheet")} | {"title": "新模板"}
    for part, each in shown["parts"].items():
        given |= {f"{part}.{key}": str(each[key]) for key in _FIELDS} | {f"{part}.on": "1" if each["on"] else ""}
    return read_form(Form(given), given)


def values_of(document: Mapping[str, Any] | None) -> dict[str, Any]:
    """What the form shows for a document; the beginning of a new one for None."""
    if document is None:
        parts = {part: dict(zip(_FIELDS, _BEGINNING[part], strict=True)) for part in PARTS}
        shown = {part: {**each, "on": part not in ("pledge", "logo")} for part, each in parts.items()}
        return {
            "title": "",
            "size": "1080x1440",
            "tone": "light",
            "kind": "product",
            "sheet": "#FAF7F2",
            "parts": shown,
        }
    areas = {area["part"]: area for area in document["area"]}
    return {
        "title": document["title"],
        "size": "x".join(map(str, document["size"])),
        "tone": document["tone"],
        "kind": document["kinds"][0],
        "sheet": document["colours"]["sheet"],
        "parts": {part: _shown(part, areas.get(part)) for part in PARTS},
    }


_FIELDS = ("left", "top", "width", "height", "size", "colour")


def _shown(part: str, area: Mapping[str, Any] | None) -> dict[str, Any]:
    beginning = dict(zip(_FIELDS, _BEGINNING[part], strict=True))
    if area is None:
        return {**beginning, "on": False}
    left, top, right, bottom = area["box"]
    told = {"left": left, "top": top, "width": right - left, "height": bottom - top, "on": True}
    return {**beginning, **told, **{key: area[key] for key in ("size", "colour") if key in area}}


def lettered(part: str) -> bool:
    """Whether a part has letters, and so a size and a colour."""
    return part in _LETTERS


def word(part: str) -> str:
    """A part's Chinese name."""
    return NAMES[part]


def place(name: str) -> str:
    """Where on the form a mistake stands, as the beginning of a sentence about it; nothing when it says so itself."""
    part, _, edge = name.partition(".")
    named = {"left": "左", "top": "上", "width": "宽", "height": "高", "size": "字号", "colour": "颜色"}
    if part in NAMES and edge:
        return f"{NAMES[part]}的{named.get(edge, edge)}："
    fields = {"title": "模板名", "kind": "画哪种海报", "size": "尺寸", "sheet": "底色", "background": "底图"}
    return f"{fields[name]}：" if name in fields else ""
