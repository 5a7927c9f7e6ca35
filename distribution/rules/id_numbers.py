"""Numbers of resident identity cards: their form, their check digit, and the day of birth in them."""

import datetime as dt
import re

_FORM = re.compile(r"[1-9][0-9]{16}[0-9X]")
_WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
_CHECKS = "10X98765432"


def parse(text: str) -> str | None:
    """The number as people type it, in capitals; None unless its birthday exists and its check digit is right."""
    number = "".join(text.split()).upper()
    if not _FORM.fullmatch(number) or _birthday(number) is None:
        return None
    total = sum(weight * int(digit) for weight, digit in zip(_WEIGHTS, number[:17], strict=True))
    return number if _CHECKS[total % 11] == number[17] else None


def of_age(number: str, today: dt.date, years: int = 18) -> bool:
    """Whether the holder of a number that ``parse`` gave is so old today; who is born on 29 February waits a day."""
    born = _birthday(number)
    return born is not None and (today.year - born.year, today.month, today.day) >= (years, born.month, born.day)


def _birthday(number: str) -> dt.date | None:
    try:
        return dt.date(int(number[6:10]), int(number[10:12]), int(number[12:14]))
    except ValueError:
        return None
