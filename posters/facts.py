"""What a poster says, and which facts cannot make one."""

import unicodedata
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

if TYPE_CHECKING:
    from posters.design import Design

Kind = Literal["product", "shop", "invitation", "campaign", "card", "stand"]
KINDS: tuple[Kind, ...] = ("product", "shop", "invitation", "campaign", "card", "stand")
URL_BYTES = 300
HIGHEST_FEN = 10**13


class PosterError(ValueError):
    """Facts that cannot make a poster; `key` names the wrong one, the message says why in one sentence."""

    def __init__(self, key: str, reason: str) -> None:
        super().__init__(f"{key}：{reason}")
        self.key = key


@dataclass(frozen=True, slots=True)
class PosterFacts:
    """The facts of one poster: prices in fen, pictures as bytes, `url` as the content of the QR code.

    `design` is a merchant's own template and goes before the name in `template`; a `logo` stands in the QR code.
    """

    product: str
    price_fen: int
    name: str
    slogan: str
    url: str
    struck_fen: int | None = None
    picture: bytes | None = None
    avatar: bytes | None = None
    shop: str = ""
    template: str = "clean"
    kind: Kind = "product"
    small_print: str = ""
    logo: bytes | None = None
    sold_out: bool = False
    design: "Design | None" = None


def check(facts: PosterFacts) -> None:
    """Raise PosterError for the first fact that cannot be drawn."""
    _check_url(facts.url)
    _check_fen("price_fen", facts.price_fen)
    if facts.struck_fen is not None:
        _check_fen("struck_fen", facts.struck_fen)
    if facts.kind not in KINDS:
        raise PosterError("kind", f"没有“{facts.kind}”这种海报，可用：{'、'.join(KINDS)}")


def _check_url(url: str) -> None:
    if not url.strip():
        raise PosterError("url", "二维码的链接不能为空")
    if any(char.isspace() or unicodedata.category(char) in ("Cc", "Cf", "Cs") for char in url):
        raise PosterError("url", "链接里不能有空格、换行或看不见的字符")
    size = len(url.encode())
    if size > URL_BYTES:
        raise PosterError("url", f"链接太长（{size} 字节），最多 {URL_BYTES} 字节才扫得清楚")


def _check_fen(key: str, fen: int) -> None:
    if type(fen) is not int or not 0 <= fen < HIGHEST_FEN:
        raise PosterError(key, f"要写成不小于 0 的整数（单位：分），而不是 {str(fen)[:40]}")
