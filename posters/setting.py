"""Setting: which words stand in an area, in what size and lines, and where a stack puts them."""

from dataclasses import dataclass

from posters import fonts
from posters.design import Area, Box, Design, Stack
from posters.facts import PosterFacts
from posters.lettering import Pen, clean, fit, initial, price_parts, wrap

#: Parts that are no letters.
PICTURES = ("picture", "avatar", "qr", "logo")
PLEDGE = "只按真实成交计佣，最多两级，拉人没有奖励"
_SHRINKS = (8, 7, 6)  # eighths of the size that are tried before words are cut
_PRICE_HEIGHT = 0.92
_OVER = 16


@dataclass(frozen=True, slots=True)
class Setting:
    """An area with its words set: lines of `pen`, each `line` pixels high, in `box`."""

    area: Area
    box: Box
    pen: Pen
    rows: tuple[str, ...]
    line: int

    def reaches(self, top: int, bottom: int) -> bool:
        """Whether it may leave a trace between two heights: long words overflow their stack, and letters their line."""
        return self.box.bottom + _OVER > top and self.box.top - _OVER < bottom


def settings(design: Design, facts: PosterFacts, *, personal: bool) -> tuple[Setting, ...]:
    """What these facts put on a sheet, in the order of painting: everybody's part of it, or one person's."""
    stacks = (each for each in design.stacks_of(facts.kind) if each.personal == personal)
    return tuple(setting for stack in stacks for setting in _set(stack, facts))


def _set(stack: Stack, facts: PosterFacts) -> list[Setting]:
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
    if area.part == "small":
        return clean(facts.small_print, face) or clean(_terms(facts, clean(facts.shop, face)), face)
    pledge = PLEDGE if facts.kind == "invitation" else ""
    spoken = {"slogan": facts.slogan, "shop": facts.shop, "name": facts.name, "words": area.text, "pledge": pledge}
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
        return pen, (_initial(facts) if area.part == "picture" else "",)
    if area.part == "price":
        return pen, _price(facts)
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


def _initial(facts: PosterFacts) -> str:
    """The letter that stands where there is no picture."""
    named = facts.product if facts.kind in ("product", "campaign") else facts.shop or facts.product
    return initial(named, fonts.serif())


def _price(facts: PosterFacts) -> tuple[str, ...]:
    """Yuan, decimals and the price that is struck out, if any; a campaign for no product in particular has none."""
    if facts.kind != "product" and (facts.kind != "campaign" or facts.price_fen == 0):
        return ()
    struck = facts.struck_fen is not None and facts.struck_fen > facts.price_fen
    return *price_parts(facts.price_fen), "¥" + "".join(price_parts(facts.struck_fen or 0)) if struck else ""


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
