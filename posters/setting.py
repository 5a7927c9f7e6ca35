"""Setting: which words stand in an area, in what size and lines, and where a stack puts them."""

from dataclasses import dataclass

from posters import fonts
from posters.design import Area, Box, Stack
from posters.facts import PosterFacts
from posters.lettering import Pen, clean, fit, price_parts, wrap

#: Parts that are no letters.
PICTURES = ("picture", "avatar", "qr", "logo")
PLEDGE = "只按真实成交计佣，最多两级，拉人没有奖励"
_SHRINKS = (8, 7, 6)  # eighths of the size that are tried before words are cut
_PRICE_HEIGHT = 0.92


@dataclass(frozen=True, slots=True)
class Setting:
    """An area with its words set: lines of `pen`, each `line` pixels high, in `box`."""

    area: Area
    box: Box
    pen: Pen
    rows: tuple[str, ...]
    line: int


def set_stack(stack: Stack, facts: PosterFacts) -> list[Setting]:
    """The areas of a stack that have something to show, each at its place."""
    fitting = [area for area in stack.areas if not area.only or facts.kind in area.only]
    measured = [(area, *_words(area, facts)) for area in fitting]
    shown = [(area, pen, rows, _height(area, pen, rows)) for area, pen, rows in measured if rows]
    total = sum(height + (area.gap if number else 0) for number, (area, _, _, height) in enumerate(shown))
    spare = max(0, stack.box.bottom - stack.box.top - total)
    top = stack.box.top + {"top": 0, "middle": spare // 2, "bottom": spare}[stack.at]
    settings = []
    for number, (area, pen, rows, height) in enumerate(shown):
        top += area.gap if number else 0
        box = Box(stack.box.left, top, stack.box.right, top + height)
        settings.append(Setting(area, box, pen, rows, _line(area, pen)))
        top += height
    return settings


def face_of(area: Area) -> fonts.Face:
    """The typeface an area is set in."""
    return fonts.serif() if area.face == "serif" else fonts.sans()


def words_of(area: Area, facts: PosterFacts) -> str:
    """What an area says, without characters that cannot be drawn."""
    face = face_of(area)
    if area.part == "title":
        return _title(facts, face)
    spoken = {
        "slogan": facts.slogan,
        "shop": facts.shop,
        "name": facts.name,
        "words": area.text,
        "pledge": PLEDGE if facts.kind == "invitation" else "",
        "small": clean(facts.small_print, face) or _terms(facts, clean(facts.shop, face)),
    }
    return clean(spoken.get(area.part, ""), face)


def _title(facts: PosterFacts, face: fonts.Face) -> str:
    shop = clean(facts.shop, face)
    spare = {"shop": shop or "欢迎光临", "invitation": f"邀请你加入{shop}", "stand": shop or "欢迎光临"}
    return clean(facts.product, face) or spare.get(facts.kind, "好物推荐")


def _words(area: Area, facts: PosterFacts) -> tuple[Pen, tuple[str, ...]]:
    pen = Pen(face_of(area), area.size, area.bold)
    if area.part == "logo" and facts.logo is None:
        return pen, ()
    if area.part in PICTURES:
        return pen, ("",)
    if area.part == "price":
        # a campaign for no product in particular has no price
        priced = facts.kind == "product" or (facts.kind == "campaign" and facts.price_fen > 0)
        return (pen, price_parts(facts.price_fen)) if priced else (pen, ())
    text, width = words_of(area, facts), area.box.right - area.box.left - 2 * area.pad
    if not text:
        return pen, ()
    if area.lines == 1 and area.part != "title":
        return pen, (fit(text, pen, width=width),)
    for eighths in _SHRINKS:
        pen = Pen(pen.face, area.size * eighths // 8, area.bold)
        if len(rows := wrap(text, pen, width=width, lines=area.lines + 1)) <= area.lines:
            return pen, tuple(rows)
    return pen, tuple(wrap(text, pen, width=width, lines=area.lines))


def _line(area: Area, pen: Pen) -> int:
    return (area.line or area.size * 4 // 3) * pen.size // area.size


def _height(area: Area, pen: Pen, rows: tuple[str, ...]) -> int:
    if area.part in PICTURES:
        return area.box.bottom - area.box.top
    if area.part == "price":
        return round(area.size * _PRICE_HEIGHT)
    return len(rows) * _line(area, pen) + 2 * area.pad


def _terms(facts: PosterFacts, shop: str) -> str:
    seller = f"由 {shop} 销售" if shop else "由商家销售"
    if facts.kind == "invitation":
        return "加入免费，不交入门费；佣金规则以申请页公示为准"
    if facts.kind == "card":
        return f"广告｜{shop or '商家'} 的推广员，商品由商家销售"
    return f"广告｜商品{seller}，价格以下单页面为准"
