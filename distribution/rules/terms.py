"""Terms: half-open stretches of time, open where there is no limit (R65)."""

import datetime as dt
from dataclasses import dataclass

_FIRST, _LAST = dt.datetime.min.replace(tzinfo=dt.UTC), dt.datetime.max.replace(tzinfo=dt.UTC)


@dataclass(frozen=True, slots=True)
class Term:
    """``[since, until)``; None is open on that side, ``ended_at`` stops it earlier."""

    since: dt.datetime | None = None
    until: dt.datetime | None = None
    ended_at: dt.datetime | None = None

    @property
    def first(self) -> dt.datetime:
        """Where it begins."""
        return self.since or _FIRST

    @property
    def last(self) -> dt.datetime:
        """Where it has stopped."""
        return min(self.until or _LAST, self.ended_at or _LAST)

    def covers(self, at: dt.datetime) -> bool:
        """Whether ``at`` lies inside."""
        return self.first <= at < self.last

    def overlaps(self, other: "Term") -> bool:
        """Whether some moment lies in both."""
        return max(self.first, other.first) < min(self.last, other.last)
