"""What operators upload, told by its content: pictures are drawn anew, films kept as they are, tables read as text."""

import warnings
from contextlib import suppress
from io import BytesIO

from PIL import Image, ImageOps
from werkzeug.datastructures import FileStorage

from distribution import films

MOST_BYTES = 2 * 1024 * 1024
MOST_TABLE_BYTES = 8 * 1024 * 1024
_MOST_PIXELS = 25_000_000
_LONGEST_SIDE = 1600
_FORMATS = ("JPEG", "PNG", "WEBP", "GIF")
CONTENT_TYPE = "image/jpeg"


class BadUpload(Exception):
    """The upload is no picture, film or table that we take; the message is for the operator."""


def picture(upload: FileStorage | None) -> bytes | None:
    """The picture as a clean JPEG; None when nothing was uploaded; BadUpload when it cannot be one."""
    if upload is None or not upload.filename:
        return None
    content = upload.stream.read(MOST_BYTES + 1)
    if len(content) > MOST_BYTES:
        raise BadUpload("图片最大 2 MB")
    try:
        return _drawn_anew(content)
    except (Exception, MemoryError):  # decoders answer hostile bytes with almost any exception
        raise BadUpload("这个文件不是能用的图片，请换 JPG 或 PNG") from None


def film(upload: FileStorage | None) -> bytes | None:
    """The film as it is; None when nothing was uploaded; BadUpload when it is too large or no MP4."""
    if upload is None or not upload.filename:
        return None
    content = upload.stream.read(films.MOST_BYTES + 1)
    if len(content) > films.MOST_BYTES:
        raise BadUpload("视频最大 10 MB")
    if not films.is_film(content):
        raise BadUpload("视频要 MP4 格式")
    return content


def table(upload: FileStorage | None) -> str | None:
    """The text of a CSV file in UTF-8 or GB 18030; None when nothing was uploaded; BadUpload for anything else."""
    if upload is None or not upload.filename:
        return None
    content = upload.stream.read(MOST_TABLE_BYTES + 1)
    if len(content) > MOST_TABLE_BYTES:
        raise BadUpload("文件最大 8 MB")
    for code in ("utf-8-sig", "gb18030"):
        with suppress(UnicodeDecodeError):
            text = content.decode(code)
            if "\x00" not in text:
                return text
    raise BadUpload("这个文件不是 CSV 表格；压缩包请先解压")


def _drawn_anew(content: bytes) -> bytes:
    with warnings.catch_warnings():
        warnings.simplefilter("error", Image.DecompressionBombWarning)
        with Image.open(BytesIO(content), formats=_FORMATS) as opened:
            if opened.width * opened.height > _MOST_PIXELS:
                raise ValueError("too many pixels")
            opened.draft("RGB", (_LONGEST_SIDE, _LONGEST_SIDE))
            upright = ImageOps.exif_transpose(opened)
            shown = upright.convert("RGBA") if upright.mode in ("P", "LA", "PA", "RGBA") else upright.convert("RGB")
    sheet = Image.new("RGB", shown.size, (255, 255, 255))
    sheet.paste(shown, mask=shown.getchannel("A") if shown.mode == "RGBA" else None)
    sheet.thumbnail((_LONGEST_SIDE, _LONGEST_SIDE))
    drawn = BytesIO()
    sheet.save(drawn, "JPEG", quality=85, optimize=True)
    return drawn.getvalue()
