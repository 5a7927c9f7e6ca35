"""What the sample shop's story is played on: the open session, who is who, and a seeded dice."""

import datetime as dt
import random
from dataclasses import dataclass, field

from sqlalchemy.orm import Session

from distribution import people, policy
from distribution.policy import Policy
from distribution.rules.calendar import SHANGHAI

_SEED = 20261124


@dataclass(slots=True)
class Stage:
    """Everything that the scenes share; ``now`` is when the story ends."""

    session: Session
    merchant_id: int
    appid: str
    now: dt.datetime
    openids: dict[str, str]
    distributors: dict[str, int] = field(default_factory=dict)
    products: dict[str, int] = field(default_factory=dict)
    orders: int = 0
    dice: random.Random = field(default_factory=lambda: random.Random(_SEED))

    def moment(self, days_ago: float, hour: int = 10, minute: int = 0) -> dt.datetime:
        """A moment of that day in Shanghai, never later than the story's end."""
        day = (self.now - dt.timedelta(days=days_ago)).astimezone(SHANGHAI)
        at = day.replace(hour=hour, minute=minute, second=self.dice.randrange(60), microsecond=0)
        return min(at.astimezone(dt.UTC), self.now - dt.timedelta(minutes=1))

    def policy(self, at: dt.datetime) -> Policy:
        """The shop's rules at a moment."""
        return policy.in_force(self.session, self.merchant_id, at)

    def member(self, name: str, at: dt.datetime) -> int:
        """The member row of somebody by name."""
        found = people.meet(self.session, self.appid, self.openids[name], at).member_id
        assert found is not None
        return found
