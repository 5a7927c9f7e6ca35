"""Where everything stands on the sheet, in pixels."""

from dataclasses import dataclass
from typing import NamedTuple

WIDTH, HEIGHT = 1080, 1920
MARGIN = 72
INNER = WIDTH - 2 * MARGIN
PERSONAL_TOP = 1408


class Box(NamedTuple):
    """A rectangle; right and bottom are the first pixels outside."""

    left: int
    top: int
    right: int
    bottom: int

    @property
    def size(self) -> tuple[int, int]:
        """Width and height."""
        return self.right - self.left, self.bottom - self.top

    def middle(self, size: tuple[int, int]) -> tuple[int, int]:
        """Where something of this size goes to stand in the middle."""
        return (self.left + self.right - size[0]) // 2, (self.top + self.bottom - size[1]) // 2


CARD = Box(MARGIN, 1456, WIDTH - MARGIN, 1828)
CARD_RADIUS = 44
QR = Box(636, 1456, 1008, 1828)
AVATAR = Box(116, 1500, 228, 1612)
NAME_LEFT, NAME_WIDTH = 252, 380
NAME_TOP, ROLE_TOP = 1506, 1566
RULE_TOP = 1650
ACTION_TOP, AFTER_TOP = 1684, 1742
CARD_LEFT = 116
SMALL_TOP, SMALL_LINE, SMALL_LINES = 1850, 30, 2

PICTURE_RADIUS = 48
TITLE_SIZE, TITLE_LINE = 58, 76
SLOGAN_SIZE, SLOGAN_LINE = 34, 50
PRICE_SIZE, PRICE_SMALL, PRICE_HEIGHT = 112, 52, 104
PLEDGE_HEIGHT = 88
_HEADER_TOP, _HEADER_BOTTOM = 64, 144
_TALLEST_PICTURE = INNER + 72
_GAP_BELOW_PICTURE, _GAP_ABOVE_CARD = 40, 44
_TITLE_TO_SLOGAN, _WORDS_TO_END = 14, 26


@dataclass(frozen=True, slots=True)
class Stack:
    """The places that depend on how much there is to say."""

    shop_top: int
    picture: Box
    title_top: int
    slogan_top: int
    end_top: int


def stack(*, titles: int, slogans: int, end_height: int, header: bool) -> Stack:
    """Stack picture, title, slogan and end row (price or pledge) so that no hole is left above the card."""
    top = _HEADER_BOTTOM if header else MARGIN
    words = titles * TITLE_LINE + (slogans * SLOGAN_LINE + _TITLE_TO_SLOGAN if slogans else 0)
    words += end_height + _WORDS_TO_END if end_height else 0
    room = CARD.top - _GAP_ABOVE_CARD - _GAP_BELOW_PICTURE - words - top
    tall = min(room, _TALLEST_PICTURE)
    slack = room - tall
    picture = Box(MARGIN, top, WIDTH - MARGIN, top + tall)
    title_top = picture.bottom + _GAP_BELOW_PICTURE + slack // 2
    slogan_top = title_top + titles * TITLE_LINE + _TITLE_TO_SLOGAN
    return Stack(_HEADER_TOP, picture, title_top, slogan_top, title_top + words - end_height)
