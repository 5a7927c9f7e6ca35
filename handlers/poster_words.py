"""How people call a product among some, and the styles of a poster."""

import re

from bot.router import plain
from distribution import materials
from models import Product
from models.database import Session

_LEAD = re.compile(r"^(?:我?要|来|选|就|还是|换成?|用|做|给我|那)+")
_TAIL = re.compile(r"(?:的|那个|这个|那款|这款|那种|一款|款|版式?|海报|吧|就行|好了)+$")
_REFUSED = re.compile(r"不是|不要|不用|不做|算了|别做")
#: Names of styles beside their titles.
_STYLES = {
    "清新白": "clean", "清新": "clean", "白色": "clean", "节日红": "festival", "节日": "festival", "红色": "festival",
    "喜庆": "festival", "方形": "square", "方图": "square", "夜色": "midnight", "黑色": "midnight",
}  # fmt: skip


def bare(said: str) -> str:
    """A name without what people say around it (要补水那个 → 补水)."""
    word = _LEAD.sub("", plain(said))
    return _TAIL.sub("", word) or plain(said)


def turned_down(said: str) -> bool:
    """Whether the poster is refused (不是海报，要的是链接)."""
    return _REFUSED.search(said) is not None


def style(said: str, offered: list[tuple[str, str]]) -> str | None:
    """The template somebody names by its title or another word for it."""
    word, names = bare(said), dict(offered)
    named = next((name for name, title in offered if title == word), None)
    other = _STYLES.get(word)
    return named or (other if other in names else None)


def told_of(session: Session, rows: list[Product], word: str) -> list[Product]:
    """The products of which the shop's words, or their category, say ``word``."""
    if len(word) < 2:
        return []
    return [row for row in rows if word in (row.category or "") or _written(session, row.id, word)]


def _written(session: Session, product_id: int, word: str) -> bool:
    return any(word in f"{each.title}{each.text}" for each in materials.about(session, [product_id], limit=20))
