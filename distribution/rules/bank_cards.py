"""Numbers of bank cards: what one looks like, and what of it may be shown."""

import re

_DIGITS = re.compile(r"\d{13,19}")
_SPACES = re.compile(r"[\s-]+")


def parse(text: str) -> str | None:
    """The number of a card as people type it, spaces and hyphens dropped; None unless its check digit is right."""
    number = _SPACES.sub("", text)
    return number if _DIGITS.fullmatch(number) and number.isascii() and _sum(number) % 10 == 0 else None


def tail(number: str) -> str:
    """The last four digits."""
    return number[-4:]


def _sum(number: str) -> int:
    doubled = (int(digit) * 2 for digit in number[-2::-2])
    return sum(int(digit) for digit in number[-1::-2]) + sum(each - 9 if each > 9 else each for each in doubled)
