"""Instants as integer milliseconds, and what Beijing's calendar calls them."""

from datetime import UTC, datetime, timedelta, timezone

BEIJING = timezone(timedelta(hours=8))
SECOND = 1000
MINUTE = 60 * SECOND
HOUR = 60 * MINUTE
DAY = 24 * HOUR
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


def to_ms(moment: datetime) -> int:
    """Whole milliseconds since 1970 of an aware moment."""
    return (moment - _EPOCH) // timedelta(milliseconds=1)


def from_ms(ms: int) -> datetime:
    """The aware UTC moment of so many milliseconds since 1970."""
    return _EPOCH + timedelta(milliseconds=ms)


def beijing_text(ms: int) -> str:
    """RFC 3339 to the second with +08:00."""
    return from_ms(ms).astimezone(BEIJING).isoformat(timespec="seconds")


def beijing_day(ms: int) -> str:
    """The day in Beijing, `20261124`."""
    return from_ms(ms).astimezone(BEIJING).strftime("%Y%m%d")


def beijing_month(ms: int) -> str:
    """The month in Beijing, `202611`."""
    return beijing_day(ms)[:6]
