"""A template as data: the sheet, its shapes, and the areas that facts are put into."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal, NamedTuple

Colour = tuple[int, int, int]
Align = Literal["left", "center", "right"]
At = Literal["top", "middle", "bottom"]

WHITE: Colour = (255, 255, 255)
#: What may stand on a poster; the personal parts belong to one distributor.
PARTS = ("picture", "title", "price", "slogan", "shop", "name", "avatar", "qr", "pledge", "small", "words", "logo")
PERSONAL = frozenset(("name", "avatar", "qr"))
FORMS = ("fill", "panel", "disc", "ring", "glow", "rays", "frame", "dots")
SIZES = ((1080, 1920), (1080, 1440), (1080, 1080))


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

    def lowered(self, down: int) -> "Box":
        """The same rectangle further down."""
        return Box(self.left, self.top + down, self.right, self.bottom + down)

    def meets(self, other: "Box") -> bool:
        """Whether the two have a pixel in common."""
        across = self.left < other.right and other.left < self.right
        return across and self.top < other.bottom and other.top < self.bottom


@dataclass(frozen=True, slots=True)
class Shape:
    """A painted form; `fill` runs to `into`, `percent` is its opacity."""

    form: str
    box: Box
    fill: Colour
    into: Colour | None = None
    radius: int = 0
    width: int = 0
    count: int = 0
    percent: int = 100
    shade: Colour | None = None
    only: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Area:
    """A place for one part: letters of `size` pixels in `lines` lines, or a picture with rounded corners."""

    part: str
    box: Box
    colour: Colour = (0, 0, 0)
    second: Colour = (120, 120, 120)
    size: int = 32
    small: int = 0
    line: int = 0
    lines: int = 1
    align: Align = "left"
    at: At = "top"
    face: Literal["sans", "serif"] = "sans"
    bold: bool = False
    gap: int = 0
    text: str = ""
    fill: Colour | None = None
    pad: int = 0
    radius: int = 0
    logo: bool = False
    far: bool = False
    only: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Stack:
    """Areas one below the other, together at the top, middle or bottom of a box."""

    box: Box
    areas: tuple[Area, ...]
    at: At = "top"
    only: tuple[str, ...] = ()

    @property
    def personal(self) -> bool:
        """Whether what stands here belongs to one distributor."""
        return any(area.part in PERSONAL for area in self.areas)


@dataclass(frozen=True, slots=True, eq=False)
class Design:
    """A whole template; two are the same when their documents and backgrounds are."""

    name: str
    title: str
    size: tuple[int, int]
    tone: Literal["light", "dark"]
    kinds: tuple[str, ...]
    sheet: Colour
    panel: tuple[Colour, Colour]
    shapes: tuple[Shape, ...]
    stacks: tuple[Stack, ...]
    background: bytes | None
    digest: str

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Design) and self.digest == other.digest

    def __hash__(self) -> int:
        return hash(self.digest)

    def stacks_of(self, kind: str) -> list[Stack]:
        """The stacks that belong to this kind of poster."""
        return [each for each in self.stacks if not each.only or kind in each.only]

    def areas(self) -> Iterator[Area]:
        """Every area, in the order of painting."""
        for stack in self.stacks:
            yield from stack.areas

    def box(self) -> Box:
        """The whole sheet."""
        return Box(0, 0, *self.size)
