"""One person's copy of a campaign: into an open chat at most once; the others wait for the mass send."""

from dataclasses import replace
from datetime import datetime

from distribution import campaign_sends, campaigns, quiet_hours
from distribution.campaign_sends import Begun
from distribution.campaigns import LEFT, Delivery
from distribution.outbox import Claimed
from models.database import Session
from models.states import RecipientState
from scheduler.outcomes import Done, Outcome, Record, Retry, refused, surely_not_done, told
from scheduler.parts import Parts
from scheduler.senders.chat import UNKNOWN_MEDIA
from scheduler.senders.people import left_since
from wechat.errors import Action, Outside

_INTERRUPTED = "发送时中断，不确定是否送达"
_WITHOUT_PICTURE = "图片没有发出"


def send(parts: Parts, row: Claimed) -> Outcome:
    """Try the chat; nobody is written to twice, nobody who left, nobody in quiet hours."""
    now, recipient_id = parts.clock.now(), int(row.facts["recipient_id"])
    begun = parts.database.write(lambda session: campaign_sends.begin(session, recipient_id, now=now))
    if begun is None:
        return Done("nothing to send")
    if begun.interrupted:
        return Done("unknown", _ended(row, RecipientState.UNKNOWN, reason=_INTERRUPTED))
    if begun.delivery.unwanted:
        return Done("skipped", _ended(row, RecipientState.SKIPPED, reason=begun.delivery.unwanted))
    wait = _quiet_for(parts, begun, now)
    if wait is not None:
        return Retry("quiet hours", wait, _taken_back(row), free=True)
    return _send(parts, row, begun.delivery)


def given_up(session: Session, row: Claimed, reason: str, now: datetime) -> None:
    """The copy did not reach its person."""
    recipient_id = int(row.facts["recipient_id"])
    campaigns.record_delivery(session, recipient_id, state=RecipientState.FAILED, reason=reason, now=now)


def _send(parts: Parts, row: Claimed, delivery: Delivery) -> Outcome:
    now = parts.clock.now()
    try:
        media_id = _media(parts, delivery)
        parts.official.send_text(delivery.openid, f"{delivery.title}\n{delivery.text}")
    except Outside as error:
        return _refused(row, delivery, error, now=now)
    reason = None
    if media_id is not None:
        try:
            parts.official.send_image(delivery.openid, media_id)
        except Outside as error:
            reason = _WITHOUT_PICTURE
            if error.code == UNKNOWN_MEDIA:
                parts.shelf.forget(media_id)
    return Done("chat", _ended(row, RecipientState.SENT, way=campaign_sends.CHAT, reason=reason))


def _media(parts: Parts, delivery: Delivery) -> str | None:
    if delivery.picture is None:
        return None
    return parts.shelf.media_id(delivery.picture[0], parts.official.upload_image, now=parts.clock.now())


def _refused(row: Claimed, delivery: Delivery, error: Outside, *, now: datetime) -> Outcome:
    if error.action is Action.ELSEWHERE:
        recipient_id = int(row.facts["recipient_id"])
        return Done("left to the mass send", lambda session, _: campaign_sends.hand_over(session, recipient_id))
    if error.action is Action.GONE:
        return Done("skipped", _gone(row, delivery, now))
    if error.action is Action.UNKNOWN and not surely_not_done(error):
        return Done("unknown", _ended(row, RecipientState.UNKNOWN, reason=told(error)))
    outcome = refused(row, error, now=now)
    return replace(outcome, record=_taken_back(row)) if isinstance(outcome, Retry) else outcome


def _gone(row: Claimed, delivery: Delivery, began: datetime) -> Record:
    ended, left = _ended(row, RecipientState.SKIPPED, reason=LEFT), left_since(delivery.member_id, began)

    def write(session: Session, now: datetime) -> None:
        ended(session, now)
        if left is not None:
            left(session, now)

    return write


def _ended(row: Claimed, state: RecipientState, *, way: str | None = None, reason: str | None = None) -> Record:
    recipient_id = int(row.facts["recipient_id"])

    def write(session: Session, now: datetime) -> None:
        campaigns.record_delivery(session, recipient_id, state=state, way=way, reason=reason, now=now)

    return write


def _taken_back(row: Claimed) -> Record:
    recipient_id = int(row.facts["recipient_id"])
    return lambda session, _: campaign_sends.take_back(session, recipient_id)


def _quiet_for(parts: Parts, begun: Begun, now: datetime) -> float | None:
    with parts.database.reading() as session:
        until = quiet_hours.until(session, begun.merchant_id, now=now)
    return None if until is None else (until - now).total_seconds()
