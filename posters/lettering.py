"""Words on a poster: cleaned, measured, broken into lines the way Chinese is set, and prices."""

import re
import unicodedata
from dataclasses import dataclass
from itertools import pairwise, takewhile

from posters import fonts

ELLIPSIS = "…"
#: What compositors set for a Chinese character they have no type for.
GETA = "〓"
NOT_FIRST = frozenset("，。！？；：、）》】」』”’〉〕…—·～,.!?;:)]}%％°℃’”")
NOT_LAST = frozenset("（《【「『“‘〈〔([{¥￥$＄#＃")
_PHRASE_ENDS = frozenset(" ，。！？；：、）》】」』,.!?;:)")
_WORD = re.compile(r"[A-Za-z0-9À-ɏ]+(?:[.,:'’&+/_\-×][A-Za-z0-9À-ɏ]+)*")


@dataclass(frozen=True, slots=True)
class Pen:
    """A face at a size in pixels; it measures what it would write."""

    face: fonts.Face
    size: int
    bold: bool = False

    def width(self, text: str) -> float:
        """The length of one line of text, in pixels."""
        return sum(fonts.advance(self.face, self.size, char) for char in text)


def clean(text: str, face: fonts.Face) -> str:
    """The text on one line, without control, direction and invisible characters or any drawn as a box."""
    shown = "".join(_shown(char, face) for char in unicodedata.normalize("NFC", text[:2000]))
    return " ".join(shown.split())


def initial(text: str, face: fonts.Face) -> str:
    """The first letter or figure of a name, large; a word of praise for a name without any."""
    return next((char.upper() for char in clean(text, face) if char.isalnum()), "荐")


def wrap(text: str, pen: Pen, *, width: int, lines: int) -> list[str]:
    """The cleaned text in at most `lines` lines of at most `width` pixels; what does not fit ends in an ellipsis."""
    rows = _rows(text, pen, width)
    if 1 < len(rows) <= lines:
        rows = _phrased(rows, text, pen, width)
    if len(rows) > lines:
        rows = [*rows[: lines - 1], _shortened(rows[lines - 1].rstrip(), pen, width)]
    return [row.rstrip() for row in rows]


def fit(text: str, pen: Pen, *, width: int) -> str:
    """The cleaned text on one line of at most `width` pixels, shortened with an ellipsis if need be."""
    return text if pen.width(text) <= width else _shortened(text, pen, width)


def price_parts(fen: int) -> tuple[str, str]:
    """Fen as the yuan with thousands separators and the two decimals with their point: 123456 → ("1,234", ".56")."""
    return f"{fen // 100:,}", f".{fen % 100:02d}"


def _shown(char: str, face: fonts.Face) -> str:
    if char.isspace():
        return " "
    if unicodedata.category(char) in ("Cc", "Cf", "Cs", "Co", "Cn") or char in "\u034f\u115f\u1160\u3164\uffa0":
        return ""
    if unicodedata.category(char) != "Mn" and fonts.able(face, char):
        return char
    plain = unicodedata.normalize("NFKC", char)
    if plain != char and all(fonts.able(face, part) for part in plain):
        return plain
    return GETA if unicodedata.name(char, "").startswith("CJK UNIFIED") and fonts.able(face, GETA) else ""


def _pieces(text: str) -> list[str]:
    pieces: list[str] = []
    at = 0
    while at < len(text):
        word = _WORD.match(text, at)
        piece = word.group() if word else text[at]
        at += len(piece)
        if piece in NOT_FIRST and len(pieces) > 1 and pieces[-1] == " ":
            pieces.pop()
        if pieces and (pieces[-1][-1] in NOT_LAST or piece in NOT_FIRST):
            pieces[-1] += piece
        else:
            pieces.append(piece)
    return pieces


def _phrased(rows: list[str], text: str, pen: Pen, width: int) -> list[str]:
    """As many rows, ended where a phrase ends if narrower rows allow it, else as equally long as can be."""
    narrower = (_rows(text, pen, width - pen.size * cut // 2) for cut in range(int(width / pen.size)))
    as_many = list(takewhile(lambda other: len(other) == len(rows), narrower))
    for other in as_many:
        if all(_well_parted(*pair) for pair in pairwise(other)) and len(other[-1]) > 2:
            return other
    return min(as_many, key=lambda other: _raggedness(other, pen), default=rows)


def _well_parted(row: str, following: str) -> bool:
    return row[-1] in _PHRASE_ENDS or following[0] in NOT_LAST


def _raggedness(rows: list[str], pen: Pen) -> float:
    widths = [pen.width(row.rstrip()) for row in rows]
    return max(widths) - min(widths)


def _rows(text: str, pen: Pen, width: int) -> list[str]:
    rows = [""]
    for piece in _pieces(text):
        for part in _breakable(piece, pen, width):
            if pen.width((rows[-1] + part).rstrip()) > width:
                rows.append("")
            rows[-1] += part if rows[-1] or part != " " else ""
    return [row for row in rows if row.strip()]


def _breakable(piece: str, pen: Pen, width: int) -> list[str]:
    if pen.width(piece) <= width:
        return [piece]
    parts = [""]
    for char in piece:
        if parts[-1] and pen.width(parts[-1] + char) > width:
            carried = parts[-1][-1] if char in NOT_FIRST and len(parts[-1]) > 1 else ""
            parts[-1] = parts[-1].removesuffix(carried)
            parts.append(carried)
        parts[-1] += char
    return parts


def _shortened(row: str, pen: Pen, width: int) -> str:
    while row and pen.width(row + ELLIPSIS) > width:
        row = row[:-1]
    while row and (row[-1] in NOT_LAST or row[-1] in "，。、；：, "):
        row = row[:-1]
    return row + ELLIPSIS
