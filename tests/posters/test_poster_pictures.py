"""Pictures from strangers: sound ones are shown, hostile ones cost nothing and never an error."""

import struct
import time
import zlib
from io import BytesIO

import pytest
import qrcode
from PIL import Image

from posters import PosterFacts, codes, render
from posters.pictures import covering

SIZE = (120, 100)


def saved(image: Image.Image, image_format: str, **options) -> bytes:
    out = BytesIO()
    image.save(out, image_format, **options)
    return out.getvalue()


def red(mode: str = "RGB", size: tuple[int, int] = (300, 200)) -> Image.Image:
    return Image.new("RGB", size, (250, 10, 10)).convert(mode)


def png_bomb(side: int) -> bytes:
    def chunk(kind: bytes, body: bytes) -> bytes:
        return struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))

    header = chunk(b"IHDR", struct.pack(">IIBBBBB", side, side, 1, 0, 0, 0, 0))
    rows = zlib.compress(b"\0" * ((side // 8 + 1) * side), 9)
    return b"\x89PNG\r\n\x1a\n" + header + chunk(b"IDAT", rows) + chunk(b"IEND", b"")


def scan_bomb() -> bytes:
    progressive = saved(red(size=(2000, 2000)), "JPEG", progressive=True)
    scan = progressive.rindex(b"\xff\xda")
    return progressive[:scan] + progressive[scan:-2] * 3000 + b"\xff\xd9"


def huge_webp() -> bytes:
    body = b"WEBPVP8X" + struct.pack("<IB3x", 10, 0) + (16382).to_bytes(3, "little") * 2
    return b"RIFF" + struct.pack("<I", len(body)) + body


HOSTILE = {
    "nothing": b"",
    "text": "不是图片".encode(),
    "svg": b'<svg xmlns="http://www.w3.org/2000/svg"><image href="file:///etc/passwd"/></svg>',
    "html": b"<html><script>1</script></html>",
    "truncated jpeg": saved(red(), "JPEG")[:400],
    "truncated png": saved(Image.effect_noise((300, 200), 90), "PNG")[:900],
    "only a header": b"\xff\xd8\xff\xe0",
    "png bomb": png_bomb(20_000),
    "a little too many pixels": png_bomb(5_008),
    "jpeg of thousands of scans": scan_bomb(),
    "huge webp": huge_webp(),
    "tiff": saved(red(), "TIFF"),
    "bmp": saved(red(), "BMP"),
    "too many bytes": saved(red(), "JPEG") + b"\0" * (2 * 1024 * 1024),
    "one pixel": saved(red(size=(1, 1)), "PNG"),
}


@pytest.mark.parametrize("name", HOSTILE)
def test_a_hostile_picture_is_no_picture_and_takes_no_time(name):
    began = time.monotonic()
    assert covering(HOSTILE[name], SIZE) is None
    assert codes.texts(HOSTILE[name]) is None
    assert time.monotonic() - began < 1


def test_posters_with_hostile_pictures_show_the_neutral_panel_and_the_initial():
    facts = {"product": "茶", "price_fen": 1, "name": "小雅", "slogan": "", "url": "https://shop.example.com/s/A"}
    neutral = render(PosterFacts(**facts))
    for picture in HOSTILE.values():
        assert render(PosterFacts(**facts, picture=picture, avatar=picture)) == neutral


SOUND = {
    "jpeg": saved(red(), "JPEG"),
    "progressive jpeg": saved(red(), "JPEG", progressive=True),
    "cmyk jpeg": saved(red("CMYK"), "JPEG"),
    "png": saved(red(), "PNG"),
    "palette png": saved(red().quantize(4), "PNG"),
    "webp": saved(red(), "WEBP"),
    "gif": saved(red(), "GIF"),
    "moving gif": saved(red(), "GIF", save_all=True, append_images=[Image.new("RGB", (300, 200))]),
    "12 megapixels": saved(red(size=(4000, 3000)), "JPEG"),
    "narrow": saved(red(size=(20, 3000)), "PNG"),
}


@pytest.mark.parametrize("name", SOUND)
def test_a_sound_picture_covers_its_box(name):
    shown = covering(SOUND[name], SIZE)
    assert (shown.mode, shown.size) == ("RGB", SIZE)
    assert all(band[0] <= 40 or band[0] >= 215 for band in shown.getextrema())
    assert shown.getpixel((60, 50))[0] > 200


@pytest.mark.parametrize("name", SOUND)
def test_a_sound_picture_without_a_code_says_nothing(name):
    assert codes.texts(SOUND[name]) == []


def test_a_code_is_read_in_a_photo_larger_than_anybody_needs():
    photo = Image.new("RGB", (3000, 4000), "white")
    photo.paste(qrcode.make("https://shop.example.com/s/A").convert("RGB").resize((900, 900)), (1000, 2800))
    assert codes.texts(saved(photo, "JPEG")) == ["https://shop.example.com/s/A"]


def test_transparent_parts_turn_white():
    assert covering(saved(Image.new("RGBA", (50, 50), (0, 0, 0, 0)), "PNG"), SIZE).getpixel((5, 5)) == (255, 255, 255)


def test_a_photo_held_sideways_is_turned_upright():
    photo = Image.new("RGB", (200, 200), (0, 0, 255))
    photo.paste((255, 0, 0), (0, 0, 100, 200))
    exif = Image.Exif()
    exif[0x0112] = 6
    upright = covering(saved(photo, "JPEG", exif=exif), (100, 100))
    assert upright.getpixel((50, 10))[0] > 200 > upright.getpixel((50, 90))[0]
