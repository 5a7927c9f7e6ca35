"""What all distributors' posters of one product share: background, picture, words, price, the empty card."""

from functools import lru_cache

from PIL import Image

from posters import fonts, layout
from posters.brush import Brush, gradient, mixed, shadow
from posters.facts import PosterFacts
from posters.layout import CARD, INNER, MARGIN, Box, Stack
from posters.lettering import clean, fit, price_parts, wrap
from posters.palettes import TEMPLATES, WHITE, Colour, Palette
from posters.pictures import covering, rounded

PLEDGE = "只按真实成交计佣，最多两级，拉人没有奖励"


def sheet(facts: PosterFacts, face: fonts.Face) -> Image.Image:
    """The poster without what belongs to one distributor."""
    palette = TEMPLATES[facts.template]
    image = _background(facts.template).copy()
    brush = Brush(image, face)
    shop = clean(facts.shop, face)
    titles = wrap(_title(facts, face), brush.pen(layout.TITLE_SIZE), width=INNER, lines=2)
    slogan = clean(facts.slogan, face)
    slogans = wrap(slogan, brush.pen(layout.SLOGAN_SIZE), width=INNER, lines=2 if len(titles) < 2 else 1)
    places = layout.stack(
        titles=len(titles), slogans=len(slogans), end_height=_END_HEIGHT[facts.kind], header=bool(shop)
    )
    _header(brush, shop, places, palette)
    _picture(brush, facts, places.picture, palette)
    _lines(brush, titles, (places.title_top, layout.TITLE_LINE, layout.TITLE_SIZE), palette.ink, bold=True)
    _lines(brush, slogans, (places.slogan_top, layout.SLOGAN_LINE, layout.SLOGAN_SIZE), palette.muted)
    _end(brush, facts, places.end_top, palette)
    _small_print(brush, facts, palette)
    return image


_END_HEIGHT = {"product": layout.PRICE_HEIGHT, "shop": 0, "invitation": layout.PLEDGE_HEIGHT}


def _title(facts: PosterFacts, face: fonts.Face) -> str:
    shop = clean(facts.shop, face)
    spare = {"product": "好物推荐", "shop": shop or "欢迎光临", "invitation": f"邀请你加入{shop}"}
    return clean(facts.product, face) or spare[facts.kind]


@lru_cache(maxsize=8)
def _background(template: str) -> Image.Image:
    palette = TEMPLATES[template]
    image = gradient((layout.WIDTH, layout.HEIGHT), palette.top, palette.bottom)
    shadow(image, CARD, radius=layout.CARD_RADIUS, colour=palette.shadow, strength=70)
    image.paste(WHITE, CARD, rounded(CARD.size, layout.CARD_RADIUS))
    return image


def _header(brush: Brush, shop: str, places: Stack, palette: Palette) -> None:
    if not shop:
        return
    top = places.shop_top
    brush.panel(Box(MARGIN, top + 2, MARGIN + 8, top + 38), 4, palette.accent)
    name = fit(shop, brush.pen(36), width=INNER - 320)
    brush.write(name, (MARGIN + 28, top + 2), size=36, colour=palette.ink, bold=True)


def _picture(brush: Brush, facts: PosterFacts, box: Box, palette: Palette) -> None:
    image = covering(facts.picture, box.size) or _neutral(brush, facts, box, palette)
    brush.panel(box, layout.PICTURE_RADIUS, image)


def _neutral(brush: Brush, facts: PosterFacts, box: Box, palette: Palette) -> Image.Image:
    width, height = box.size
    image = gradient(box.size, palette.panel, palette.panel_low)
    inside = Brush(image, brush.face)
    for radius, percent in ((330, 14), (240, 26)):
        ring = Box(width // 2 - radius, height // 2 - radius, width // 2 + radius, height // 2 + radius)
        inside.panel(ring, radius, mixed(palette.panel, palette.top, percent * 2))
    named = facts.product if facts.kind == "product" else facts.shop
    letter = (clean(named, brush.face) or _title(facts, brush.face))[:1]
    inside.write_centred(
        letter, Box(0, 0, width, height), size=220, colour=mixed(palette.panel_low, palette.ink, 55), bold=True
    )
    return image


def _lines(brush: Brush, rows: list[str], metrics: tuple[int, int, int], colour: Colour, *, bold: bool = False) -> None:
    top, line, size = metrics
    for number, row in enumerate(rows):
        brush.write(row, (MARGIN, top + number * line), size=size, colour=colour, bold=bold)


def _end(brush: Brush, facts: PosterFacts, top: int, palette: Palette) -> None:
    if facts.kind == "product":
        _price(brush, facts, top, palette)
    elif facts.kind == "invitation":
        box = Box(MARGIN, top, MARGIN + INNER, top + layout.PLEDGE_HEIGHT)
        brush.panel(box, 28, mixed(palette.top, palette.accent, 12))
        brush.write_centred(PLEDGE, box, size=34, colour=palette.accent, bold=True)


def _price(brush: Brush, facts: PosterFacts, top: int, palette: Palette) -> None:
    small, large = layout.PRICE_SMALL, layout.PRICE_SIZE
    whole, cents = price_parts(facts.price_fen)
    low = top + round((large - small) * 0.88)
    right = brush.write("¥", (MARGIN, low), size=small, colour=palette.accent, bold=True) + 8
    right = brush.write(whole, (right, top), size=large, colour=palette.accent, bold=True) + 4
    right = brush.write(cents, (right, low), size=small, colour=palette.accent, bold=True)
    if facts.struck_fen is not None and facts.struck_fen > facts.price_fen:
        _struck(brush, facts.struck_fen, (right + 32, top + round((large - 36) * 0.88)), palette)


def _struck(brush: Brush, fen: int, at: tuple[float, float], palette: Palette) -> None:
    text = "¥" + "".join(price_parts(fen))
    if at[0] + brush.pen(36).width(text) > layout.WIDTH - MARGIN:
        return
    right = brush.write(text, at, size=36, colour=palette.muted)
    middle = round(at[1]) + 20
    brush.rule(Box(round(at[0]) - 4, middle, round(right) + 4, middle + 3), palette.muted)


def _small_print(brush: Brush, facts: PosterFacts, palette: Palette) -> None:
    words = clean(facts.small_print, brush.face) or _terms(facts, clean(facts.shop, brush.face))
    rows = wrap(words, brush.pen(22), width=INNER - 40, lines=layout.SMALL_LINES)
    for number, row in enumerate(rows):
        top = layout.SMALL_TOP + number * layout.SMALL_LINE
        brush.write_centred(row, Box(MARGIN, top, MARGIN + INNER, top + 24), size=22, colour=palette.muted)


def _terms(facts: PosterFacts, shop: str) -> str:
    seller = f"由 {shop} 销售" if shop else "由商家销售"
    return {
        "product": f"广告｜商品{seller}，价格以下单页面为准",
        "shop": f"广告｜商品{seller}，价格以下单页面为准",
        "invitation": "加入免费，不交入门费；佣金规则以申请页公示为准",
    }[facts.kind]
