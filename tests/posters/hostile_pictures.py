"""Two hundred pictures nobody wants to be sent, made from a fixed seed; as a program: decodes them, tells the cost."""

import json
import random
import struct
import sys
import time
import zlib
from collections.abc import Iterator
from io import BytesIO
from pathlib import Path

from PIL import Image


def saved(image: Image.Image, image_format: str, **options: object) -> bytes:
    out = BytesIO()
    image.save(out, image_format, **options)
    return out.getvalue()


def chunk(kind: bytes, body: bytes) -> bytes:
    return struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))


def png(width: int, height: int, *, depth: int = 8, colour: int = 2, rows: bytes = b"", more: bytes = b"") -> bytes:
    header = chunk(b"IHDR", struct.pack(">IIBBBBB", width, height, depth, colour, 0, 0, 0))
    return b"\x89PNG\r\n\x1a\n" + header + more + chunk(b"IDAT", zlib.compress(rows, 9)) + chunk(b"IEND", b"")


def flat(width: int, height: int, channels: int, deep: int = 1) -> bytes:
    return b"".join([b"\0" * (width * channels * deep + 1)] * height)


def sound() -> dict[str, bytes]:
    """Files that are fine, to be spoilt."""
    photo = Image.merge("RGB", [Image.effect_noise((240, 180), 60)] * 3)
    frames = [Image.new("RGB", (90, 90), (shade, 0, 0)) for shade in range(0, 250, 25)]
    return {
        "jpeg": saved(photo, "JPEG"),
        "progressive": saved(photo, "JPEG", progressive=True),
        "cmyk": saved(photo.convert("CMYK"), "JPEG"),
        "png": saved(photo, "PNG"),
        "palette": saved(photo.quantize(16), "PNG", transparency=3),
        "deep": saved(Image.new("I;16", (200, 200), 40000), "PNG"),
        "grey alpha": saved(photo.convert("LA"), "PNG"),
        "webp": saved(photo, "WEBP"),
        "gif": saved(frames[0], "GIF", save_all=True, append_images=frames[1:]),
        "moving webp": saved(frames[0], "WEBP", save_all=True, append_images=frames[1:]),
        "moving png": saved(frames[0], "PNG", save_all=True, append_images=frames[1:]),
    }


def spoilt(draw: random.Random) -> Iterator[tuple[str, bytes]]:
    """Cut off, with bytes turned over, with tails of another kind."""
    for name, content in sound().items():
        yield f"{name}, whole", content
        for part in (1, 12, 60, 96):
            yield f"{name}, {part} percent", content[: len(content) * part // 100]
        for number in range(7):
            bent = bytearray(content)
            for _ in range(draw.randint(1, 40)):
                bent[draw.randrange(8, len(bent))] = draw.randrange(256)
            yield f"{name}, bent {number}", bytes(bent)
        yield f"{name}, with a page behind it", content + b"<html><script>alert(1)</script>"
        yield f"{name}, behind an archive", b"PK\x03\x04" + content


def bombs() -> Iterator[tuple[str, bytes]]:
    """Small files that want much memory or time."""
    for side in (3999, 4001, 5000, 20_000, 60_000):
        yield f"png of {side}", png(side, side, depth=1, colour=0, rows=flat(side // 8 + 1, min(side, 20_000), 1))
    yield "rgba png of 16 million", png(3990, 3990, colour=6, rows=flat(3990, 3990, 4))
    yield "deep rgba png of 12 million", png(3500, 3500, depth=16, colour=6, rows=flat(3500, 3500, 4, 2))
    yield "deep grey png", png(3900, 3900, depth=16, colour=0, rows=flat(3900, 3900, 1, 2))
    text = chunk(b"zTXt", b"Comment\0\0" + zlib.compress(b"\0" * 200_000_000, 9))
    yield "png with a text that swells", png(40, 40, rows=flat(40, 40, 3), more=text)
    yield (
        "png with a profile that swells",
        png(40, 40, rows=flat(40, 40, 3), more=chunk(b"iCCP", b"x\0\0" + zlib.compress(b"\0" * 100_000_000, 9))),
    )
    yield "png whose data swells", png(8, 8, rows=b"\0" * 100_000_000)
    for mode in ("L", "RGB", "CMYK"):
        for progressive in (False, True):
            big = Image.new(mode, (4900, 4900) if not progressive else (3500, 3500), 90)
            yield f"{mode} jpeg of many pixels, progressive {progressive}", saved(big, "JPEG", progressive=progressive)
    progressive = saved(Image.new("RGB", (2000, 2000)), "JPEG", progressive=True)
    scan = progressive.rindex(b"\xff\xda")
    yield "jpeg of thousands of scans", progressive[:scan] + progressive[scan:-2] * 3000 + b"\xff\xd9"
    yield "jpeg of sixty scans", progressive[:scan] + progressive[scan:-2] * 50 + b"\xff\xd9"
    yield "webp of many pixels", saved(Image.new("RGB", (2490, 2490), (9, 9, 9)), "WEBP")
    yield "gif of many pixels", saved(Image.new("P", (3990, 3990)), "GIF")
    yield (
        "gif of a thousand frames",
        saved(
            Image.new("P", (64, 64)),
            "GIF",
            save_all=True,
            append_images=[Image.new("P", (64, 64), n % 250) for n in range(999)],
        ),
    )


def strange() -> Iterator[tuple[str, bytes]]:
    """Wrong kinds, wrong sizes, wrong orientation."""
    yield from (("nothing", b""), ("one byte", b"\xff"), ("text", "不是图片".encode()), ("zeros", bytes(100_000)))
    yield "svg", b'<svg xmlns="http://www.w3.org/2000/svg"><image href="file:///etc/passwd"/></svg>'
    yield "svg with entities", b'<!DOCTYPE s [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;">]><svg>&b;</svg>'
    yield from (("pdf", b"%PDF-1.7\n"), ("postscript", b"%!PS-Adobe-3.0 EPSF-3.0\n"), ("xpm", b"/* XPM */ static"))
    for width, height in ((0, 0), (0, 9), (9, 0), (1, 1), (2**31 - 1, 1), (1, 20_000)):
        yield f"png of {width} × {height}", png(width, height, rows=flat(min(width, 99), min(height, 99), 3))
    photo = Image.new("RGB", (64, 48), (200, 20, 20))
    for orientation in (0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 65535):
        exif = Image.Exif()
        exif[0x0112] = orientation
        yield f"orientation {orientation}", saved(photo, "JPEG", exif=exif)
    for junk in (b"Exif\0\0", b"Exif\0\0MM\0*\xff\xff\xff\xff", b"Exif\0\0II*\0\x08\0\0\0\xff\xff" + b"\x12\1" * 900):
        yield f"exif junk of {len(junk)}", saved(photo, "JPEG", exif=junk)
    for image_format in ("TIFF", "BMP", "ICO", "PPM", "TGA", "PCX"):
        yield image_format, saved(photo, image_format)
    yield "more than two megabytes", saved(photo, "JPEG") + bytes(2 * 1024 * 1024)


def all_of_them() -> dict[str, bytes]:
    """Every picture by a name that tells what is wrong with it."""
    return {**dict(spoilt(random.Random(20261124))), **dict(bombs()), **dict(strange())}


def main() -> None:
    """Decode every file of a folder once; tell seconds and megabytes on the standard output."""
    sys.path.insert(0, sys.argv[1])
    from posters.pictures import covering

    files = sorted(Path(sys.argv[2]).iterdir())
    covering(files[0].read_bytes(), (936, 870))
    before, costs = peak(), {}
    for file in files:
        content = file.read_bytes()
        began = time.monotonic()
        shown = covering(content, (936, 870))
        costs[file.name] = (time.monotonic() - began, shown is None)
    sys.stdout.write(json.dumps({"costs": costs, "more": peak() - before}))


def peak() -> int:
    """The most memory this process ever had, in megabytes."""
    status = Path("/proc/self/status").read_text()
    return next(int(line.split()[1]) // 1024 for line in status.splitlines() if line.startswith("VmHWM"))


if __name__ == "__main__":
    main()
