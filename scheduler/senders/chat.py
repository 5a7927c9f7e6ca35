"""A chat message or a picture for one person, while the window is open."""

from distribution import posters
from distribution.outbox import Claimed
from scheduler.outcomes import Done, GiveUp, Outcome
from scheduler.parts import Parts
from scheduler.senders import people
from wechat.errors import Outside

#: WeChat dropped the picture before its time.
UNKNOWN_MEDIA = 40007


def send_message(parts: Parts, row: Claimed) -> Outcome:
    """Send a text."""
    now, person = parts.clock.now(), people.person_of(parts, row)
    if person is None or person.left:
        return GiveUp(people.LEFT)
    if people.too_late(row, now):
        return GiveUp("unknown: an earlier try may have arrived")
    try:
        parts.official.send_text(person.openid, str(row.facts["text"]))
    except Outside as error:
        return people.unguarded(row, error, now=now, repeatable=False)
    return Done("chat")


def send_image(parts: Parts, row: Claimed) -> Outcome:
    """Send a picture WeChat holds; a second one does no harm."""
    now, person, media_id = parts.clock.now(), people.person_of(parts, row), str(row.facts["media_id"])
    if person is None or person.left:
        return GiveUp(people.LEFT)
    try:
        parts.official.send_image(person.openid, media_id)
    except Outside as error:
        if error.code == UNKNOWN_MEDIA:
            return GiveUp(
                "the picture has to be drawn again", lambda session, _: posters.forget_media(session, media_id)
            )
        return people.unguarded(row, error, now=now, repeatable=True)
    return Done("chat")
