"""The typefaces: where they are found, opened once per size, and how wide each character is."""

from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from functools import lru_cache
from importlib import import_module
from pathlib import Path

from PIL import ImageFont

from posters.facts import PosterError

_DEBIAN = (
    ("/usr/share/fonts/opentype/noto/NotoSansCJK-Regular.ttc", 2),
    ("/usr/share/fonts/truetype/wqy/wqy-microhei.ttc", 0),
    ("/usr/share/fonts/truetype/wqy/wqy-zenhei.ttc", 0),
)
_NONCHARACTER = "\U0010fffe"
_PROBE_SIZE = 24


@dataclass(frozen=True, slots=True)
class Face:
    """A typeface on disk."""

    path: str
    index: int = 0


class _Setting:
    path: Path | None = None


def configure(font_path: Path | str | None) -> None:
    """Draw from now on with this font file (None: the one found); PosterError if it has no Chinese."""
    path = Path(font_path) if font_path else None
    if path is not None:
        _require_chinese(Face(str(path)))
    _Setting.path = path
    able.cache_clear()
    advance.cache_clear()


def sans() -> Face:
    """The face in force: the configured one, else the package's, else Debian's; PosterError if there is none."""
    return Face(str(_Setting.path)) if _Setting.path else _found()


def serif() -> Face:
    """The face with serifs beside it; a configured one serves for both."""
    return sans() if _Setting.path else _found_serif()


@lru_cache(maxsize=16384)
def able(face: Face, char: str) -> Face | None:
    """The face that draws this character: the given one, else the other one in force, else none."""
    return next((each for each in (face, sans(), serif()) if has(each, char)), None)


@lru_cache(maxsize=256)
def sized(face: Face, size: int) -> ImageFont.FreeTypeFont:
    """The face opened at this size in pixels, shared by all threads."""
    return ImageFont.truetype(face.path, size, index=face.index, layout_engine=ImageFont.Layout.BASIC)


@lru_cache(maxsize=16384)
def advance(face: Face, size: int, char: str) -> float:
    """How far the pen moves for this character, in pixels."""
    return sized(able(face, char) or face, size).getlength(char)


@lru_cache(maxsize=16384)
def has(face: Face, char: str) -> bool:
    """Whether the face can draw this character as more than a box."""
    return char == " " or (_shape(face, char) != _shape(face, _NONCHARACTER))


def _shape(face: Face, char: str) -> tuple[tuple[int, int], bytes]:
    mask = sized(face, _PROBE_SIZE).getmask(char, mode="L")
    return mask.size, bytes(mask)


@lru_cache(maxsize=1)
def _found() -> Face:
    for face in _candidates():
        if Path(face.path).is_file():
            return face
    raise PosterError("font", "没有找到中文字体，请在配置里写明字体文件")


@lru_cache(maxsize=1)
def _found_serif() -> Face:
    with suppress(ImportError, OSError):
        face = Face(str(import_module("pylopdf_fonts_zh_cn").serif_path()))
        if Path(face.path).is_file():
            return face
    return _found()


def _candidates() -> Iterator[Face]:
    with suppress(ImportError, OSError):
        yield Face(str(import_module("pylopdf_fonts_zh_cn").sans_path()))
    for path, index in _DEBIAN:
        yield Face(path, index)


def _require_chinese(face: Face) -> None:
    try:
        readable = has(face, "海")
    except OSError as error:
        raise PosterError("font", f"打不开字体文件 {face.path}") from error
    if not readable:
        raise PosterError("font", f"字体文件 {face.path} 里没有中文")
