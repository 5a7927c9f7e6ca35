"""What is wrong with a template before anybody is sent a poster in it."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from io import BytesIO
from typing import Any

from PIL import Image

from posters import qr
from posters.design import Area, Box, Colour, Design
from posters.documents import read
from posters.facts import PosterError
from posters.pictures import covering
from posters.shapes import ground

#: A usual link of the account has 45 to 60 characters.
_USUAL_LINK = "http://weixin.qq.com/q/".ljust(60, "q")
LEAST_MODULE, LEAST_TEXT, LARGE_TEXT = 6, 20, 44
#: Hundredths of the ratio of light to dark.
LEAST_CONTRAST, LEAST_LARGE_CONTRAST = 450, 300
_LETTERS = ("title", "price", "slogan", "shop", "name", "pledge", "small", "words")
_SAMPLES, _WORST = 24, 10
_SAID = {
    "document": "{why}",
    "background": "底图打不开，请换一张 2 MB 以内的 JPG 或 PNG",
    "background_shape": "底图的长宽比例和版面差得多，会被裁掉一块，请按 {width}×{height} 准备",
    "outside": "“{where}”超出了版面",
    "qr_missing": "没有放二维码（{kind} 这种海报会扫不了）",
    "qr_square": "二维码的框要是正方形",
    "qr_small": "二维码太小：每格 {module} 像素，至少要 {least} 像素，框放大到 {side} 像素就够",
    "qr_quiet": "二维码四周的留白不够，圆角请不要超过 {most}",
    "qr_covered": "“{where}”压住了二维码",
    "text_small": "“{where}”的字太小（{size}），手机上看不清，至少 {least}",
    "contrast": "“{where}”和底色太接近（对比 {ratio}，至少 {least}），请换深浅",
    "small_missing": "没有放小字：广告字样和销售方要写明",
    "pledge_missing": "邀请海报要有合规说明这一行",
}
NAMES = {
    "picture": "商品图",
    "title": "标题",
    "price": "价格",
    "slogan": "推荐语",
    "shop": "店名",
    "name": "推广员名字",
    "avatar": "头像",
    "qr": "二维码",
    "pledge": "合规说明",
    "small": "小字",
    "words": "固定文字",
    "logo": "店铺标志",
}


@dataclass(frozen=True, slots=True)
class Problem:
    """One thing that cannot stand: its code, the part it is about, and the facts of the sentence."""

    code: str
    part: str = ""
    facts: Mapping[str, object] = field(default_factory=dict)

    @property
    def said(self) -> str:
        """The problem in one Chinese sentence."""
        return _SAID[self.code].format(**{"where": NAMES.get(self.part, self.part), **self.facts})


def check_template(document: Mapping[str, Any], background: bytes | None) -> list[Problem]:
    """Everything that speaks against a template; an empty list when it may be used."""
    try:
        design = read("own", document, background)
    except PosterError as error:
        return [Problem("document", facts={"why": str(error).removeprefix("template：")})]
    return list(_problems(design))


def _problems(design: Design) -> Iterator[Problem]:
    yield from _background(design)
    yield from _inside(design)
    for kind in design.kinds:
        yield from _code(design, kind)
    yield from _needed(design)
    yield from _letters(design)


def _background(design: Design) -> Iterator[Problem]:
    if design.background is None:
        return
    width, height = design.size
    if covering(design.background, design.size) is None:
        yield Problem("background")
    elif abs(_ratio_of(design.background) * height - 1000 * width) > 100 * width:
        yield Problem("background_shape", facts={"width": width, "height": height})


def _ratio_of(background: bytes) -> int:
    with Image.open(BytesIO(background)) as opened:
        return opened.width * 1000 // opened.height


def _inside(design: Design) -> Iterator[Problem]:
    width, height = design.size
    for part, box in _places(design, ""):
        if box.left < 0 or box.top < 0 or box.right > width or box.bottom > height:
            yield Problem("outside", part)


def _places(design: Design, kind: str) -> Iterator[tuple[str, Box]]:
    """Each stack's first part and its box, as far as it belongs to this kind ("": to any)."""
    for stack in design.stacks:
        shown = [area for area in stack.areas if not kind or not area.only or kind in area.only]
        if shown and (not kind or not stack.only or kind in stack.only):
            yield shown[0].part, stack.box


def _code(design: Design, kind: str) -> Iterator[Problem]:
    codes = [area for area in design.areas() if area.part == "qr" and (not area.only or kind in area.only)]
    if len(codes) != 1:
        yield Problem("qr_missing", "qr", {"kind": kind})
        return
    area = codes[0]
    if kind == design.kinds[0]:
        yield from _readable(area)
    for part, box in _places(design, kind):
        if part != "qr" and box.meets(area.box):
            yield Problem("qr_covered", part)


def _readable(area: Area) -> Iterator[Problem]:
    width, height = area.box.size
    if width != height:
        yield Problem("qr_square", "qr")
    count = len(qr.modules(_USUAL_LINK, "logo" if area.logo else "near"))
    module = qr.module_size(count, min(width, height))
    if module < LEAST_MODULE or min(width, height) < module * (count + 2 * qr.QUIET_MODULES):
        side = LEAST_MODULE * (count + 2 * qr.QUIET_MODULES)
        yield Problem("qr_small", "qr", {"module": module, "least": LEAST_MODULE, "side": side})
    quiet = (min(width, height) - module * count) // 2
    if area.radius > 2 * quiet:
        yield Problem("qr_quiet", "qr", {"most": 2 * quiet})


def _needed(design: Design) -> Iterator[Problem]:
    parts = {area.part for area in design.areas()}
    if "small" not in parts:
        yield Problem("small_missing", "small")
    if "invitation" in design.kinds and "pledge" not in parts:
        yield Problem("pledge_missing", "pledge")


def _letters(design: Design) -> Iterator[Problem]:
    sheets = {kind: ground(design, kind) for kind in design.kinds}
    told: set[tuple[str, str]] = set()
    for kind, sheet in sheets.items():
        for area, box in _written(design, kind):
            for problem in _legible(sheet, area, box):
                if (problem.code, problem.part) not in told:
                    told.add((problem.code, problem.part))
                    yield problem


def _written(design: Design, kind: str) -> Iterator[tuple[Area, Box]]:
    for stack in design.stacks:
        if not stack.only or kind in stack.only:
            for area in stack.areas:
                if area.part in _LETTERS and (not area.only or kind in area.only):
                    yield area, stack.box


def _legible(sheet: Image.Image, area: Area, box: Box) -> Iterator[Problem]:
    if area.size < LEAST_TEXT:
        yield Problem("text_small", area.part, {"size": area.size, "least": LEAST_TEXT})
    least = LEAST_LARGE_CONTRAST if area.size >= LARGE_TEXT else LEAST_CONTRAST
    grounds = [area.fill] if area.fill else _sampled(sheet, box)
    found = sorted(contrast(area.colour, each) for each in grounds)
    worst = found[len(found) * _WORST // 100]
    if worst < least:
        yield Problem("contrast", area.part, {"ratio": _decimal(worst), "least": _decimal(least)})


def _sampled(sheet: Image.Image, box: Box) -> list[Colour]:
    part = sheet.crop(box).resize((_SAMPLES, _SAMPLES), Image.Resampling.BOX).tobytes()
    return [(part[at], part[at + 1], part[at + 2]) for at in range(0, len(part), 3)]


def contrast(one: Colour, other: Colour) -> int:
    """The ratio of the lighter to the darker colour, in hundredths: 100 to 2100."""
    low, high = sorted((_light(one), _light(other)))
    return (high + 500) * 100 // (low + 500)


def _light(colour: Colour) -> int:
    """Relative luminance, in ten-thousandths."""
    red, green, blue = (_LINEAR[channel] for channel in colour)
    return (2126 * red + 7152 * green + 722 * blue) // 10_000


def _linear(channel: int) -> int:
    share = channel / 255
    return round(10_000 * (share / 12.92 if share <= 0.04045 else ((share + 0.055) / 1.055) ** 2.4))


def _decimal(hundredths: int) -> str:
    return f"{hundredths // 100}.{hundredths % 100 // 10}"


_LINEAR = [_linear(channel) for channel in range(256)]
