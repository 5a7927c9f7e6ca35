"""Senders: each does one kind of thing in the outside world."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from distribution.outbox import Claimed
from models.database import Session
from scheduler.outcomes import Outcome
from scheduler.parts import Parts
from scheduler.senders import campaign, chat, film, look, mass, notice, payout, poster

#: What one person waits for is tried for about half an hour.
_TRIES = 12


@dataclass(frozen=True, slots=True)
class Sender:
    """``send`` tries once, outside any transaction; ``given_up`` writes down what giving up means for the business.

    ``most_tries`` None: never given up for being hard.
    """

    send: Callable[[Parts, Claimed], Outcome]
    most_tries: int | None = _TRIES
    given_up: Callable[[Session, Claimed, str, datetime], None] | None = None


SENDERS = {
    "notice": Sender(notice.send, given_up=notice.given_up),
    "message": Sender(chat.send_message),
    "image": Sender(chat.send_image),
    "film": Sender(film.send, most_tries=4, given_up=film.given_up),
    "look": Sender(look.send, most_tries=4, given_up=look.given_up),
    "poster": Sender(poster.send, given_up=poster.given_up),
    "payout": Sender(payout.send, most_tries=None),
    "cancel_transfer": Sender(payout.cancel),
    "campaign": Sender(campaign.send, given_up=campaign.given_up),
    "mass": Sender(mass.send, given_up=mass.given_up),
}
