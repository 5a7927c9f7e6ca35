"""Template documents: plain tables as TOML and JSON have them, read into a design or refused by name."""

import hashlib
import json
import re
from collections.abc import Mapping
from typing import Any, Literal, cast

from posters.design import FORMS, PARTS, SIZES, Area, Box, Colour, Design, Shape, Stack
from posters.facts import KINDS, PosterError

_HEX = re.compile(r"#[0-9a-fA-F]{6}\Z")
_MOST_ITEMS, _LONGEST_TEXT = 60, 60
_CHOICES: dict[str, tuple[str, ...]] = {
    "align": ("left", "center", "right"),
    "at": ("top", "middle", "bottom"),
    "face": ("sans", "serif"),
}
_NUMBERS = {
    "size": (12, 600),
    "small": (12, 600),
    "line": (12, 900),
    "lines": (1, 6),
    "gap": (-200, 600),
    "pad": (0, 200),
    "radius": (0, 960),
    "width": (0, 400),
    "count": (0, 200),
    "percent": (0, 100),
}
_TOP = ("title", "size", "tone", "kinds", "background", "colours", "panel", "shape", "area", "stack")
_AREA = (*_CHOICES, "part", "box", "size", "small", "line", "lines", "colour", "second", "gap", "text", "bold")
_AREA += ("fill", "pad", "radius", "logo", "far", "only")
_SHAPE = ("form", "box", "fill", "into", "radius", "width", "count", "percent", "shade", "only")
_STACK = ("box", "at", "area", "only")


def read(name: str, document: Mapping[str, Any], background: bytes | None) -> Design:
    """The design a document describes; PosterError names the first key that cannot stand."""
    reader = _Reader(document)
    return Design(
        name=name,
        title=reader.text(document, "title", default=name),
        size=reader.size(),
        tone=reader.tone(),
        kinds=reader.kinds(document, "kinds") or cast(tuple[str, ...], KINDS),
        sheet=reader.colour(document, "sheet", default=reader.named.get("sheet", (255, 255, 255))),
        panel=reader.panel(),
        shapes=tuple(reader.shape(each, f"shape {n}") for n, each in enumerate(reader.tables("shape"), start=1)),
        stacks=tuple(reader.stacks()),
        background=background,
        digest=_digest(document, background),
    )


def _digest(document: Mapping[str, Any], background: bytes | None) -> str:
    told = json.dumps(document, ensure_ascii=False, sort_keys=True, default=str).encode()
    return hashlib.sha256(told + b"\0" + hashlib.sha256(background or b"").digest()).hexdigest()


def _refuse(where: str, why: str) -> PosterError:
    return PosterError("template", f"{where} {why}")


class _Reader:
    """Reads the tables of one document."""

    def __init__(self, document: Mapping[str, Any]) -> None:
        if not isinstance(document, Mapping):
            raise _refuse("模板", "要写成“键 = 值”的表")
        self._known(document, _TOP, "模板")
        self._document = document
        self.named: dict[str, Colour] = {}
        colours = document.get("colours", {})
        if not isinstance(colours, Mapping):
            raise _refuse("colours", "要写成一张表")
        for key in colours:
            self.named[str(key)] = self.colour(colours, key)

    def tables(self, key: str, of: Mapping[str, Any] | None = None) -> list[Mapping[str, Any]]:
        found = (self._document if of is None else of).get(key, [])
        if not isinstance(found, list) or not all(isinstance(each, Mapping) for each in found):
            raise _refuse(key, "要写成若干张表")
        if len(found) > _MOST_ITEMS:
            raise _refuse(key, f"最多 {_MOST_ITEMS} 个")
        return found

    def size(self) -> tuple[int, int]:
        found = self._document.get("size")
        if not isinstance(found, list | tuple) or tuple(found) not in SIZES:
            raise _refuse("size", f"只能是 {'、'.join(f'{w}×{h}' for w, h in SIZES)}")
        return int(found[0]), int(found[1])

    def tone(self) -> Literal["light", "dark"]:
        tone = self._document.get("tone", "light")
        if tone not in ("light", "dark"):
            raise _refuse("tone", "只能是 light 或 dark")
        return cast(Literal["light", "dark"], tone)

    def panel(self) -> tuple[Colour, Colour]:
        found = self._document.get("panel", ["#EFE9E1", "#DDD3C6"])
        if not isinstance(found, list) or len(found) != 2:
            raise _refuse("panel", "要写成两个颜色")
        pair = {"0": found[0], "1": found[1]}
        return self.colour(pair, "0"), self.colour(pair, "1")

    def stacks(self) -> list[Stack]:
        alone = [self.area(each, f"area {n}") for n, each in enumerate(self.tables("area"), start=1)]
        # a single area is a stack of one: it keeps its own place
        read = [Stack(area.box, (area,), area.at, area.only) for area in alone]
        for number, each in enumerate(self.tables("stack"), start=1):
            where = f"stack {number}"
            self._known(each, _STACK, where)
            box = self.box(each, where)
            areas = tuple(self.area(one, where, box=box) for one in self.tables("area", each))
            at = cast(Literal["top", "middle", "bottom"], self._choice(each, "at", where))
            read.append(Stack(box, areas, at, self.kinds(each, "only")))
        return read

    def area(self, table: Mapping[str, Any], where: str, *, box: Box | None = None) -> Area:
        self._known(table, _AREA, where)
        part = table.get("part")
        if part not in PARTS:
            raise _refuse(f"{where} 的 part", f"只能是 {'、'.join(PARTS)}")
        values: dict[str, Any] = {"part": part, "box": box or self.box(table, f"{where}（{part}）")}
        values |= {key: self._number(table, key, where) for key in _NUMBERS if key in table}
        values |= {key: self._choice(table, key, where) for key in _CHOICES if key in table}
        values |= {key: self.colour(table, key) for key in ("colour", "second", "fill") if key in table}
        values |= {key: bool(table[key]) for key in ("bold", "logo", "far") if key in table}
        return Area(**values, text=self.text(table, "text"), only=self.kinds(table, "only"))

    def shape(self, table: Mapping[str, Any], where: str) -> Shape:
        self._known(table, _SHAPE, where)
        if table.get("form") not in FORMS:
            raise _refuse(f"{where} 的 form", f"只能是 {'、'.join(FORMS)}")
        values: dict[str, Any] = {"form": table["form"], "box": self.box(table, where)}
        values |= {key: self._number(table, key, where) for key in _NUMBERS if key in table}
        values |= {key: self.colour(table, key) for key in ("fill", "into", "shade") if key in table}
        return Shape(**{"fill": (255, 255, 255)} | values, only=self.kinds(table, "only"))

    def box(self, table: Mapping[str, Any], where: str) -> Box:
        found = table.get("box")
        if not isinstance(found, list | tuple) or len(found) != 4 or not all(type(each) is int for each in found):
            raise _refuse(f"{where} 的 box", "要写成 [左, 上, 右, 下] 四个整数")
        box = Box(*found)
        if min(box.size) < 1 or max(map(abs, box)) > 4000:
            raise _refuse(f"{where} 的 box", "右边要在左边之右，下边要在上边之下")
        return box

    def colour(self, table: Mapping[str, Any], key: str, *, default: Colour | None = None) -> Colour:
        if key not in table and default is not None:
            return default
        found = table.get(key)
        if isinstance(found, str) and found in self.named:
            return self.named[found]
        if not isinstance(found, str) or not _HEX.match(found):
            raise _refuse(str(key), "要写成 #RRGGBB 或 colours 里的名字")
        return int(found[1:3], 16), int(found[3:5], 16), int(found[5:7], 16)

    def text(self, table: Mapping[str, Any], key: str, *, default: str = "") -> str:
        found = table.get(key, default)
        if not isinstance(found, str) or len(found) > _LONGEST_TEXT:
            raise _refuse(key, f"要写成最多 {_LONGEST_TEXT} 个字")
        return found

    def kinds(self, table: Mapping[str, Any], key: str) -> tuple[str, ...]:
        found = table.get(key, [])
        if not isinstance(found, list | tuple) or any(each not in KINDS for each in found):
            raise _refuse(key, f"只能列出 {'、'.join(KINDS)}")
        return tuple(found)

    def _choice(self, table: Mapping[str, Any], key: str, where: str) -> str:
        found = table.get(key, _CHOICES[key][0])
        if found not in _CHOICES[key]:
            raise _refuse(f"{where} 的 {key}", f"只能是 {'、'.join(_CHOICES[key])}")
        return str(found)

    def _number(self, table: Mapping[str, Any], key: str, where: str) -> int:
        least, most = _NUMBERS[key]
        found = table[key]
        if type(found) is not int or not least <= found <= most:
            raise _refuse(f"{where} 的 {key}", f"要写成 {least} 到 {most} 的整数")
        return int(found)

    def _known(self, table: Mapping[str, Any], keys: tuple[str, ...], where: str) -> None:
        for key in table:
            if key not in keys:
                raise _refuse(where, f"里不认识 {str(key)[:30]}")
