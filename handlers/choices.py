"""Numbered choices as people answer them."""

import unicodedata

_WORDS = {"一": 1, "二": 2, "两": 2, "三": 3, "四": 4, "五": 5, "六": 6, "七": 7, "八": 8, "九": 9}


def choice(word: str) -> int | None:
    """The number somebody picked (2, 二, 第二个, 选2, ②); None if it is no choice."""
    bare = unicodedata.normalize("NFKC", word).strip()
    for lead in ("我选", "选", "第"):
        bare = bare.removeprefix(lead)
    for tail in ("个吧", "个", "吧", "号"):
        bare = bare.removesuffix(tail)
    if bare.isdecimal() and len(bare) == 1:
        return int(bare)
    return _WORDS.get(bare)
