"""One poster: the shared sheet, then the distributor's name, avatar and QR code on its card."""

from dataclasses import dataclass, replace
from functools import lru_cache
from io import BytesIO
from typing import Literal

from PIL import Image

from posters import fonts, jpeg, layout, qr
from posters.brush import Brush, monogram
from posters.facts import Kind, PosterError, PosterFacts, check
from posters.layout import AVATAR, QR, Box
from posters.lettering import clean, fit
from posters.palettes import CARD_INK, CARD_LINE, CARD_MUTED, TEMPLATES, Colour
from posters.pictures import covering
from posters.sheet import sheet

ImageFormat = Literal["JPEG", "PNG"]
BYTES = 2 * 1024 * 1024
_AVATAR_COLOURS: tuple[Colour, ...] = ((214, 110, 84), (92, 138, 116), (96, 122, 168), (178, 132, 72), (142, 106, 150))
_ROLES: dict[Kind, str] = {"product": "为你推荐", "shop": "邀你逛逛", "invitation": "邀请你加入"}
_AFTERS: dict[Kind, str] = {"product": "查看商品详情", "shop": "进店看看", "invitation": "了解规则，自愿申请"}
_ACTION = "长按识别 或 扫一扫"


@dataclass(frozen=True, slots=True)
class _Shared:
    """What a product's posters share: the encoded upper part and the pixels of the lower one."""

    beginning: bytes
    lower: Image.Image


def render(facts: PosterFacts, *, image_format: ImageFormat = "JPEG") -> bytes:
    """Draw a poster of 1080×1920 pixels and at most 2 MB; PosterError names a fact that cannot be drawn."""
    check(facts, templates=tuple(TEMPLATES))
    if image_format == "JPEG":
        return _jpeg(facts, fonts.sans())
    if image_format == "PNG":
        return _png(facts, fonts.sans())
    raise PosterError("image_format", "只能是 JPEG 或 PNG")


@lru_cache(maxsize=64)
def _jpeg(facts: PosterFacts, face: fonts.Face) -> bytes:
    shared = _shared(replace(facts, name="", url="", avatar=None), face)
    lower = shared.lower.copy()
    _personal(lower, facts, face, offset=layout.PERSONAL_TOP)
    return jpeg.joined(shared.beginning, lower)


@lru_cache(maxsize=16)
def _shared(facts: PosterFacts, face: fonts.Face) -> _Shared:
    image = sheet(facts, face)
    upper = image.crop((0, 0, layout.WIDTH, layout.PERSONAL_TOP))
    lower = image.crop((0, layout.PERSONAL_TOP, layout.WIDTH, layout.HEIGHT))
    return _Shared(jpeg.upper(upper, full_height=layout.HEIGHT), lower)


def _png(facts: PosterFacts, face: fonts.Face) -> bytes:
    image = sheet(facts, face)
    _personal(image, facts, face, offset=0)
    png = _saved(image)
    return png if len(png) <= BYTES else _saved(image.quantize(256))


def _saved(image: Image.Image) -> bytes:
    out = BytesIO()
    image.save(out, "PNG", compress_level=2)
    return out.getvalue()


def _personal(image: Image.Image, facts: PosterFacts, face: fonts.Face, *, offset: int) -> None:
    brush = Brush(image, face)
    name = clean(facts.name, face)
    code = qr.code(facts.url, QR.size[0])
    image.paste(code, _raised(QR, offset).middle(code.size))
    brush.panel(_raised(AVATAR, offset), AVATAR.size[0] // 2, _avatar(facts, name, face))
    _words(brush, facts.kind, name, offset)


def _words(brush: Brush, kind: Kind, name: str, offset: int) -> None:
    if name:
        shown = fit(name, brush.pen(42), width=layout.NAME_WIDTH)
        brush.write(shown, (layout.NAME_LEFT, layout.NAME_TOP - offset), size=42, colour=CARD_INK, bold=True)
    role_top = layout.ROLE_TOP if name else (AVATAR.top + AVATAR.bottom - 30) // 2
    brush.write(_ROLES[kind], (layout.NAME_LEFT, role_top - offset), size=30, colour=CARD_MUTED)
    rule = Box(layout.CARD_LEFT, layout.RULE_TOP, QR.left - 8, layout.RULE_TOP + 2)
    brush.rule(_raised(rule, offset), CARD_LINE)
    brush.write(_ACTION, (layout.CARD_LEFT, layout.ACTION_TOP - offset), size=38, colour=CARD_INK, bold=True)
    brush.write(_AFTERS[kind], (layout.CARD_LEFT, layout.AFTER_TOP - offset), size=30, colour=CARD_MUTED)


def _avatar(facts: PosterFacts, name: str, face: fonts.Face) -> Image.Image:
    colour = _AVATAR_COLOURS[sum(name.encode()) % len(_AVATAR_COLOURS)]
    return covering(facts.avatar, AVATAR.size) or monogram((name or "荐")[0].upper(), AVATAR.size[0], colour, face)


def _raised(box: Box, offset: int) -> Box:
    return Box(box.left, box.top - offset, box.right, box.bottom - offset)
