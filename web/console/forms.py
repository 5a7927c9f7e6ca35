"""Reading forms: every value parsed, every mistake named beside its field."""

import datetime as dt
import unicodedata
from collections.abc import Mapping

from distribution.rules.calendar import parse_local
from distribution.rules.money import parse_yuan

MOST = 2**31 - 1


class Wrong(Exception):
    """Something in a form cannot stand; ``errors`` says what, by field."""

    def __init__(self, errors: Mapping[str, str]) -> None:
        super().__init__(", ".join(errors))
        self.errors = dict(errors)


class Form:
    """The values of a form; mistakes gather until ``check`` raises them together."""

    def __init__(self, values: Mapping[str, str]) -> None:
        self._values = values
        self._errors: dict[str, str] = {}

    def text(self, name: str, *, most: int = 200, needed: bool = True) -> str:
        """A line of text without control characters."""
        value = self._values.get(name, "").replace("\r\n", "\n").strip()
        if needed and not value:
            self._wrong(name, "请填写")
        elif len(value) > most:
            self._wrong(name, f"最多 {most} 个字")
        elif any(unicodedata.category(each) == "Cc" and each != "\n" for each in value):
            self._wrong(name, "里面有看不见的控制字符")
        return value

    def fen(self, name: str, *, needed: bool = True) -> int:
        """An amount in yuan, as fen."""
        value = self._values.get(name, "").strip()
        fen = parse_yuan(value) if value else None
        if fen is None:
            if value or needed:
                self._wrong(name, "请填金额，例如 89.00")
            return 0
        return fen

    def whole(self, name: str, *, least: int = 0, most: int = MOST) -> int:
        """A whole number."""
        value = unicodedata.normalize("NFKC", self._values.get(name, "")).strip()
        if not (value.isascii() and value.isdecimal() and len(value) < 12) or not least <= int(value) <= most:
            self._wrong(name, f"请填 {least} 到 {most} 之间的整数")
            return least
        return int(value)

    def bp(self, name: str) -> int:
        """A percentage with up to two decimals, as basis points."""
        value = unicodedata.normalize("NFKC", self._values.get(name, "")).strip().rstrip("%")
        whole, _, rest = value.partition(".")
        digits = (whole + rest).isascii() and (whole + rest).isdecimal() and len(rest) <= 2 and 0 < len(whole) <= 3
        bp = int(whole) * 100 + int((rest + "00")[:2]) if digits else -1
        if not 0 <= bp <= 10_000:
            self._wrong(name, "请填 0 到 100 之间的百分比，例如 10 或 12.5")
        return max(bp, 0)

    def moment(self, name: str) -> dt.datetime | None:
        """A time on a Shanghai clock; None after a mistake."""
        try:
            moment = parse_local(self._values.get(name, "").strip())
        except (ValueError, OverflowError):
            moment = None
        if moment is None or not 2000 < moment.year < 2200:
            self._wrong(name, "请选日期和时间")
            return None
        return moment

    def day(self, name: str) -> dt.date | None:
        """The day of a date field; None after a mistake."""
        try:
            return dt.date.fromisoformat(self._values.get(name, "").strip())
        except ValueError:
            self._wrong(name, "请选一个日期")
            return None

    def choice(self, name: str, choices: Mapping[str, object]) -> str:
        """One of the offered values."""
        value = self._values.get(name, "")
        if value not in choices:
            self._wrong(name, "请从列出的里面选")
            return next(iter(choices), "")
        return value

    def ticked(self, name: str) -> bool:
        """Whether a box is ticked."""
        return bool(self._values.get(name))

    def wrong(self, name: str, what: str) -> None:
        """Add a mistake the page found itself."""
        self._wrong(name, what)

    def check(self) -> None:
        """Raise Wrong if anything was wrong."""
        if self._errors:
            raise Wrong(self._errors)

    def _wrong(self, name: str, what: str) -> None:
        self._errors.setdefault(name, what)


def number(text: str, default: int | None = None) -> int | None:
    """A small whole number of an address's query; the default for anything else."""
    return int(text) if text.isascii() and text.isdecimal() and len(text) < 10 else default
