"""Pictures that operators upload: told by their content, drawn anew, nothing else of the file kept."""

import warnings
from io import BytesIO

from PIL import Image, ImageOps
from werkzeug.datastructures import FileStorage

MOST_BYTES = 2 * 1024 * 1024
_MOST_PIXELS = 25_000_000
_LONGEST_SIDE = 1600
_FORMATS = ("JPEG", "PNG", "WEBP", "GIF")
CONTENT_TYPE = "image/jpeg"


class BadPicture(Exception):
    """The upload is not a picture we take; the message is for the operator."""


def picture(upload: FileStorage | None) -> bytes | None:
    """The picture as a clean JPEG; None when nothing was uploaded; BadPicture when it cannot be one."""
    if upload is None or not upload.filename:
        return None
    content = upload.stream.read(MOST_BYTES + 1)
    if len(content) > MOST_BYTES:
        raise BadPicture("图片最大 2 MB")
    try:
        return _drawn_anew(content)
    except (Exception, MemoryError):  # decoders answer hostile bytes with almost any exception
        raise BadPicture("这个文件不是能用的图片，请换 JPG 或 PNG") from None


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
