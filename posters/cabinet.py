"""Drawn posters and sheets by their content: a folder processes share, bounded, each file there whole or not at all."""

import hashlib
import os
import stat
import tempfile
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

from posters import fonts
from posters.catalogue import design_of
from posters.facts import PosterFacts
from posters.render import prepare, render

#: Changed whenever the same facts would be drawn differently.
DRAWN_AS = b"4"
_MOST_BYTES = 2048 * 1024 * 1024
_SWEEP_EVERY = 200
_KEPT_PERCENT = 80


class Cabinet:
    """Draws, and keeps what was drawn: facts that come again are answered from the folder."""

    def __init__(self, folder: Path, *, most_bytes: int = _MOST_BYTES) -> None:
        self._folder = folder
        self._most_bytes = most_bytes
        self._put = 0
        with suppress(OSError):
            folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        self._usable = _ours(folder)

    def draw(self, facts: PosterFacts) -> bytes:
        """The JPEG of these facts; PosterError names one that cannot be drawn."""
        path = self._path(facts)
        return self._kept(path) or self._drawn(path, lambda: render(facts, keep=self._sheet))

    def prepare(self, facts: PosterFacts) -> None:
        """Draw the sheet that all distributors' posters of these facts share; PosterError as in `draw`."""
        prepare(facts, keep=self._sheet)

    def holds(self, facts: PosterFacts) -> bool:
        """Whether these facts would be answered without drawing."""
        return self._path(facts).is_file()

    def _sheet(self, facts: PosterFacts, make: Callable[[], bytes]) -> bytes:
        path = self._path(facts, "sheet")
        return self._kept(path) or self._drawn(path, make)

    def _path(self, facts: PosterFacts, ending: str = "jpg") -> Path:
        name = key(facts)
        return self._folder / name[:2] / f"{name}.{ending}"

    def _kept(self, path: Path) -> bytes | None:
        if not self._usable:
            return None
        try:
            content = path.read_bytes()
            os.utime(path)
        except OSError:
            return None
        # a disk that ran full may have kept the beginning only
        return content if content.endswith(b"\xff\xd9") else None

    def _drawn(self, path: Path, make: Callable[[], bytes]) -> bytes:
        content = make()
        if not self._usable:
            return content
        with suppress(OSError):  # a full disk costs time, not posters
            self._keep(path, content)
        return content

    def _keep(self, path: Path, content: bytes) -> None:
        path.parent.mkdir(exist_ok=True)
        number, name = tempfile.mkstemp(dir=path.parent, prefix=".", suffix=".part")
        try:
            with os.fdopen(number, "wb") as file:
                file.write(content)
            os.replace(name, path)
        except OSError:
            with suppress(OSError):
                os.unlink(name)
            raise
        self._put += 1
        if self._put % _SWEEP_EVERY == 1:
            self.sweep()

    def sweep(self) -> int:
        """Throw away what was used longest ago until four fifths of the room are taken; how many files."""
        found = []
        for path in self._folder.glob("??/*"):
            with suppress(OSError):
                file = path.stat()
                found.append((file.st_mtime_ns, file.st_size, path))
        size = sum(each[1] for each in found)
        if size <= self._most_bytes:
            return 0
        gone = 0
        for _, taken, path in sorted(found):
            if size <= self._most_bytes * _KEPT_PERCENT // 100:
                break
            with suppress(OSError):
                path.unlink()
            size, gone = size - taken, gone + 1
        return gone


def _ours(folder: Path) -> bool:
    """Whether nobody else can put pictures there: the folder is this user's, and only this user writes in it."""
    try:
        found = folder.lstat()
    except OSError:
        return False
    mine = not hasattr(os, "getuid") or found.st_uid == os.getuid()
    return mine and stat.S_ISDIR(found.st_mode) and not found.st_mode & (stat.S_IWGRP | stat.S_IWOTH)


def key(facts: PosterFacts) -> str:
    """What a poster is known by: every fact, the template's version and the typeface."""
    words = (facts.product, facts.price_fen, facts.name, facts.slogan, facts.url, facts.struck_fen, facts.shop)
    more = (facts.kind, facts.small_print, facts.sold_out, design_of(facts).digest, fonts.sans(), fonts.serif())
    told = hashlib.sha256(DRAWN_AS + repr((words, more)).encode("utf-8", "surrogatepass"))
    for picture in (facts.picture, facts.avatar, facts.logo):
        told.update(b"\0" + hashlib.sha256(picture or b"").digest())
    return told.hexdigest()
