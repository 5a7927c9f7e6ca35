"""A poster the way tutorials show it: open everything, paste everything, save; nothing kept between two posters."""

from io import BytesIO
from pathlib import Path

import qrcode
from PIL import Image, ImageDraw, ImageFont

from posters import PosterFacts


class Tutorial:
    """Draws over a background from a file, with the same words at the same places and sizes."""

    def __init__(self, folder: Path, font: str, background: bytes) -> None:
        self._font = font
        self._background = folder / "background.jpg"
        self._background.write_bytes(background)

    def draw(self, facts: PosterFacts) -> bytes:
        """One distributor's poster: the product is on the background already."""
        image = Image.open(self._background).convert("RGB")
        draw = ImageDraw.Draw(image)
        self._personal(image, draw, facts)
        return self._saved(image)

    def draw_new(self, facts: PosterFacts) -> bytes:
        """A poster of a new product: its picture is cut to size and rounded, and everything is written."""
        image = Image.open(self._background).convert("RGB")
        draw = ImageDraw.Draw(image)
        picture = Image.open(BytesIO(facts.picture or b"")).convert("RGB").resize((936, 936)).crop((0, 33, 936, 903))
        mask = Image.new("L", picture.size, 0)
        ImageDraw.Draw(mask).rounded_rectangle((0, 0, 935, 869), 48, fill=255)
        image.paste(picture, (72, 144), mask)
        for text, top, size in ((facts.product, 1060, 58), (facts.slogan, 1150, 34), (facts.shop, 62, 36)):
            draw.text((72, top), text, font=ImageFont.truetype(self._font, size), fill=(42, 33, 28))
        price = f"¥{facts.price_fen // 100}.{facts.price_fen % 100:02d}"
        draw.text((72, 1230), price, font=ImageFont.truetype(self._font, 112), fill=(185, 43, 27))
        self._personal(image, draw, facts)
        return self._saved(image)

    def _personal(self, image: Image.Image, draw: ImageDraw.ImageDraw, facts: PosterFacts) -> None:
        avatar = Image.open(BytesIO(facts.avatar or b"")).convert("RGB").resize((112, 112))
        mask = Image.new("L", avatar.size, 0)
        ImageDraw.Draw(mask).ellipse((0, 0, 111, 111), fill=255)
        image.paste(avatar, (116, 1500), mask)
        words = ((facts.name, 252, 1506, 42), ("为你推荐", 252, 1566, 30), ("长按识别 或 扫一扫", 116, 1684, 38))
        for text, left, top, size in (*words, ("查看商品详情", 116, 1742, 30)):
            draw.text((left, top), text, font=ImageFont.truetype(self._font, size), fill=(38, 33, 30))
        code = qrcode.QRCode(box_size=10, border=4)
        code.add_data(facts.url)
        code.make(fit=True)
        drawn = code.make_image(fill_color="black", back_color="white").get_image().convert("RGB")
        image.paste(drawn.resize((364, 364)), (640, 1460))

    def _saved(self, image: Image.Image) -> bytes:
        out = BytesIO()
        image.save(out, "JPEG", quality=85)
        return out.getvalue()
