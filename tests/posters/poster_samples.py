"""Facts for every template, short and long, and what happens to a picture between two phones."""

import math
from io import BytesIO

from PIL import Image, ImageChops, ImageEnhance, ImageFilter

from posters import TEMPLATES, PosterFacts

SHORT_URL = "http://weixin.qq.com/q/02AbCdEfGhIjKlMnOpQr"
LONG_URL = SHORT_URL + "?utm_source=poster&campaign=spring2026&x=1234567890"
_WORDS = {
    False: {"product": "云岭春茶", "name": "小雅", "slogan": "明前手采", "shop": "云岭好物", "url": SHORT_URL},
    True: {
        "product": "即食阿胶糕 250g 礼盒装 东阿古法熬制 独立小包无添加糖中老年滋补品送礼佳选",
        "name": "欧阳春晓与她的养生铺子Alice",
        "slogan": "每天两片，温润好滋味。独立小包，出门也能带；送长辈体面，自己吃安心，原料可查",
        "shop": "云岭好物·高原特产旗舰店（昆明南屏街总店）",
        "url": LONG_URL,
    },
}


def saved(image: Image.Image, image_format: str = "PNG", **options: object) -> bytes:
    out = BytesIO()
    image.save(out, image_format, **options)
    return out.getvalue()


LOGO = saved(Image.new("RGB", (120, 120), (196, 48, 31)))


def facts_for(template: str, *, long: bool) -> PosterFacts:
    """Facts of the first kind a template is for, with a logo where it has a place for one."""
    words = dict(_WORDS[long])
    kind = TEMPLATES[template].kinds[0]
    price, struck = (123456789, 223456789) if long else (8900, None)
    return PosterFacts(**words, price_fen=price, struck_fen=struck, template=template, kind=kind, logo=LOGO)


def photographed(image: Image.Image) -> Image.Image:
    """As one phone sees another's screen: askew, with stripes, dim and a little soft."""
    width, height = image.size
    stripe = Image.new("L", (width, 1))
    stripe.putdata([205 + round(50 * math.sin(column * 2.1)) for column in range(width)])
    striped = ImageChops.multiply(image, Image.merge("RGB", [stripe.resize(image.size)] * 3))
    corners = ((0.04, 0.03), (0.0, 0.97), (0.97, 1.0), (1.0, 0.0))
    askew = striped.transform(
        image.size,
        Image.Transform.QUAD,
        [edge for across, down in corners for edge in (across * width, down * height)],
        Image.Resampling.BILINEAR,
    )
    return ImageEnhance.Brightness(askew.filter(ImageFilter.GaussianBlur(1.2))).enhance(0.6)


def compressed(image: Image.Image, quality: int) -> Image.Image:
    return Image.open(BytesIO(saved(image, "JPEG", quality=quality)))


def shrunk(image: Image.Image) -> Image.Image:
    return image.resize((image.width * 3 // 10, image.height * 3 // 10), Image.Resampling.BILINEAR)


def turned(image: Image.Image, degrees: int) -> Image.Image:
    return image.rotate(degrees, Image.Resampling.BILINEAR, expand=True, fillcolor=(90, 90, 90))


DISTORTIONS = {
    "as it is": lambda image: image,
    "JPEG of quality 40": lambda image: compressed(image, 40),
    "30 percent": shrunk,
    "30 percent, quality 40": lambda image: compressed(shrunk(image), 40),
    "15 degrees": lambda image: turned(image, 15),
    "-15 degrees": lambda image: turned(image, -15),
    "on its side": lambda image: turned(image, 90),
    "blurred": lambda image: image.filter(ImageFilter.GaussianBlur(2.2)),
    "from a screen": photographed,
    "overexposed": lambda image: ImageEnhance.Brightness(image).enhance(1.7),
}
