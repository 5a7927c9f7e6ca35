"""The mass send of a campaign: an article for everybody whose chat was closed, under a key that makes it single."""

import io
from datetime import datetime, timedelta
from html import escape

from PIL import Image

from distribution import campaign_sends, quiet_hours
from distribution.campaign_sends import MassWork
from distribution.outbox import Claimed
from models.database import Session
from models.states import RecipientState
from scheduler.outcomes import Done, Outcome, Retry, backoff, refused, surely_not_done, told
from scheduler.parts import Parts
from wechat.errors import Action, Outside

#: WeChat takes pictures of an article up to 1 MB.
_ARTICLE_BYTES = 1_000_000
_COVER = (900, 383)
_COVER_COLOUR = "#c8603c"
_TITLE_MOST, _DIGEST_MOST, _AUTHOR_MOST = 64, 54, 16
_NO_QUOTA = "本月群发次数已用完"
_SPENT = frozenset((45028, 45040))
#: WeChat knows a client id again for 24 hours.
_KNOWN_FOR = timedelta(hours=23)


def send(parts: Parts, row: Claimed) -> Outcome:
    """Hand one mass send to WeChat; its finished event tells the end."""
    now, job_id = parts.clock.now(), int(row.facts["job_id"])
    with parts.database.reading() as session:
        until = quiet_hours.until(session, None, now=now)
    if until is not None:
        return Retry("quiet hours", (until - now).total_seconds(), free=True)
    if row.unknown_since is not None and now - row.unknown_since > _KNOWN_FOR:
        return _ended(row, RecipientState.UNKNOWN, "an earlier try may have been taken")
    work = parts.database.write(lambda session: campaign_sends.mass_work(session, job_id, now=now))
    if work is None:
        return Done("nothing to send")
    try:
        msg_id = parts.official.mass_send(work.openids, _draft(parts, work), client_id=work.client_id)
    except Outside as error:
        return _refused(row, error, now=now)
    return Done("handed over", lambda session, at: campaign_sends.record_handed(session, job_id, msg_id, now=at))


def given_up(session: Session, row: Claimed, reason: str, now: datetime) -> None:
    """Nobody of it was reached."""
    campaign_sends.record_failed(session, int(row.facts["job_id"]), state=RecipientState.FAILED, reason=reason, now=now)


def _refused(row: Claimed, error: Outside, *, now: datetime) -> Outcome:
    if error.code in _SPENT:
        return _ended(row, RecipientState.SKIPPED, _NO_QUOTA)
    if error.action is Action.ELSEWHERE:
        return _ended(row, RecipientState.SKIPPED, campaign_sends.ALONE)
    if error.action is Action.UNKNOWN and not surely_not_done(error):
        return Retry(told(error), backoff(row), unknown=True)
    return refused(row, error, now=now)


def _ended(row: Claimed, state: RecipientState, reason: str) -> Outcome:
    job_id = int(row.facts["job_id"])
    return Done(
        reason,
        lambda session, now: campaign_sends.record_failed(session, job_id, state=state, reason=reason, now=now),
    )


def _draft(parts: Parts, work: MassWork) -> str:
    picture = work.picture[0] if work.picture else None
    shown = parts.official.upload_article_image(_small(picture)) if picture else None
    paragraphs = "".join(f"<p>{escape(line)}</p>" for line in work.text.splitlines() if line.strip())
    image = f'<p><img src="{escape(shown)}"></p>' if shown else ""
    return parts.official.add_draft(
        work.title[:_TITLE_MOST],
        work.author[:_AUTHOR_MOST],
        paragraphs + image,
        thumb_media_id=parts.official.add_permanent_image(_small(picture) if picture else _cover()),
        digest=" ".join(work.text.split())[:_DIGEST_MOST],
    )


def _small(picture: bytes) -> bytes:
    if len(picture) <= _ARTICLE_BYTES:
        return picture
    with Image.open(io.BytesIO(picture)) as opened:
        opened.draft("RGB", (1080, 1080))
        smaller = opened.convert("RGB")
    smaller.thumbnail((1080, 1920))
    return _jpeg(smaller)


def _cover() -> bytes:
    return _jpeg(Image.new("RGB", _COVER, _COVER_COLOUR))


def _jpeg(picture: Image.Image) -> bytes:
    out = io.BytesIO()
    picture.save(out, "JPEG", quality=82)
    return out.getvalue()
