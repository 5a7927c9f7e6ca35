"""Pictures from operators: drawn anew, or refused with a reason."""

from io import BytesIO

import pytest
from PIL import Image
from werkzeug.datastructures import FileStorage

from web.uploads import BadUpload, picture


def uploaded(content: bytes, name: str = "x.jpg") -> FileStorage:
    return FileStorage(BytesIO(content), filename=name)


def drawn(kind: str, mode: str = "RGB", size: tuple[int, int] = (80, 60), **how) -> bytes:
    file = BytesIO()
    Image.new(mode, size).save(file, kind, **how)
    return file.getvalue()


@pytest.mark.parametrize(
    "content",
    [drawn("JPEG"), drawn("PNG", "RGBA"), drawn("PNG", "P"), drawn("PNG", "LA"), drawn("GIF", "P"), drawn("WEBP")],
)
def test_a_picture_becomes_a_clean_jpeg(content) -> None:
    clean = Image.open(BytesIO(picture(uploaded(content))))

    assert (clean.format, clean.mode, clean.size) == ("JPEG", "RGB", (80, 60))


def test_a_large_picture_is_made_smaller() -> None:
    clean = Image.open(BytesIO(picture(uploaded(drawn("JPEG", size=(4000, 2000))))))

    assert clean.size == (1600, 800)


def test_what_a_camera_wrote_beside_the_picture_is_gone() -> None:
    facts = Image.Exif()
    facts[0x010F] = "canary maker"

    assert b"canary" not in picture(uploaded(drawn("JPEG", exif=facts)))


def test_nothing_uploaded_is_no_picture() -> None:
    assert picture(None) is None
    assert picture(uploaded(b"", "")) is None


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"<svg xmlns='http://www.w3.org/2000/svg' onload='alert(1)'/>",
        b"GIF89a",
        drawn("PNG")[:60],
        drawn("BMP"),
        drawn("PNG", "1", (30_000, 30_000)),
        b"\xff" * (2 * 1024 * 1024 + 1),
    ],
    ids=["empty", "svg", "half a gif", "cut off", "bmp", "too many pixels", "too many bytes"],
)
def test_anything_else_is_refused(content) -> None:
    with pytest.raises(BadUpload):
        picture(uploaded(content))
