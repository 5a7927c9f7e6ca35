"""One poster from a file of facts."""

import json
import tomllib
from pathlib import Path
from typing import Any

from posters.facts import PosterError, PosterFacts
from posters.render import ImageFormat, render

_WORDS = ("product", "name", "slogan", "url", "shop", "template", "kind", "small_print")
_FENS = ("price_fen", "struck_fen")
_PICTURES = ("picture", "avatar")
_REQUIRED = ("product", "price_fen", "name", "slogan", "url")
_ENDINGS: dict[str, ImageFormat] = {".png": "PNG", ".jpg": "JPEG", ".jpeg": "JPEG"}


def draw(facts_path: Path, out_path: Path, *, template: str | None) -> None:
    """Draw the poster a TOML or JSON file describes, PNG or JPEG by the ending; PosterError names the wrong key."""
    image_format = _ENDINGS.get(out_path.suffix.lower())
    if image_format is None:
        raise PosterError("out", f"文件名要以 .jpg 或 .png 结尾，而不是 {out_path.name}")
    facts = _facts(_read(facts_path), facts_path.parent, template)
    poster = render(facts, image_format=image_format)
    try:
        out_path.write_bytes(poster)
    except OSError as error:
        raise PosterError("out", f"写不进 {out_path}（{error.strerror}）") from error


def _read(path: Path) -> dict[str, Any]:
    try:
        text = path.read_text("utf-8-sig")
        read = json.loads(text) if path.suffix.lower() == ".json" or text.lstrip()[:1] == "{" else tomllib.loads(text)
    except OSError as error:
        raise PosterError("facts", f"打不开 {path}（{error.strerror}）") from error
    except ValueError as error:
        raise PosterError("facts", f"{path.name} 不是正确的 TOML 或 JSON（{str(error).splitlines()[0]}）") from error
    if not isinstance(read, dict):
        raise PosterError("facts", f"{path.name} 里要是“键 = 值”，而不是列表或单个值")
    return read


def _facts(read: dict[str, Any], folder: Path, template: str | None) -> PosterFacts:
    read = {key: value for key, value in read.items() if value is not None}
    known = (*_WORDS, *_FENS, *_PICTURES)
    for key in read:
        if key not in known:
            raise PosterError(key, f"不认识这一项，可用：{'、'.join(known)}")
    for key in _REQUIRED:
        if key not in read:
            raise PosterError(key, "缺少这一项")
    values: dict[str, Any] = {key: _value(key, value, folder) for key, value in read.items()}
    return PosterFacts(**values | ({"template": template} if template else {}))


def _value(key: str, value: object, folder: Path) -> str | int | bytes:
    if key in _FENS:
        if type(value) is not int:
            raise PosterError(key, f"要写成整数（单位：分），而不是 {str(value)[:40]}")
        return value
    if not isinstance(value, str):
        raise PosterError(key, f"要写成文字，而不是 {str(value)[:40]}")
    return _bytes(key, folder / value) if key in _PICTURES else value


def _bytes(key: str, path: Path) -> bytes:
    try:
        return path.read_bytes()
    except OSError as error:
        raise PosterError(key, f"打不开图片 {path}（{error.strerror}）") from error
