"""A notice: as a chat message while the person's window is open, else by its template message."""

import hashlib
from datetime import datetime
from html import escape
from typing import Any

from distribution import missed_notices, quiet_hours
from distribution.outbox import Claimed
from models.database import Session
from scheduler.outcomes import Done, GiveUp, Outcome, Retry, told
from scheduler.parts import Parts
from scheduler.senders import people
from wechat.errors import Action, Outside
from wechat.settings import NoticeTemplate

#: People hear of their money at any hour.
_ABOUT_MONEY = frozenset(("order", "refund", "settlement", "withdrawal", "bonus"))
_CONFIRM = "confirm:"
_CONFIRM_WORDS = "去确认收款"
_OTHER_WAY = frozenset((Action.ELSEWHERE, Action.STOP, Action.DAY))


def send(parts: Parts, row: Claimed) -> Outcome:
    """Tell one person one thing, once."""
    now = parts.clock.now()
    person = people.person_of(parts, row)
    if person is None or person.left:
        return GiveUp(people.LEFT)
    link = _link(parts, row.facts.get("link"))
    if people.too_late(row, now) and link is None:
        return GiveUp("unknown: an earlier try may have arrived")
    if (wait := _quiet_for(parts, row)) is not None:
        return Retry("quiet hours", wait, free=True)
    text = str(row.facts["text"])
    text = text.replace("{link}", f'<a href="{escape(link)}">{_CONFIRM_WORDS}</a>' if link else "")
    try:
        parts.official.send_text(person.openid, text)
    except Outside as error:
        if error.action in _OTHER_WAY:
            return _by_template(parts, row, person.openid, link=link, refusal=error)
        return people.unguarded(row, error, now=now, repeatable=link is not None)
    return Done("chat")


def given_up(session: Session, row: Claimed, reason: str, now: datetime) -> None:
    """What found the chat closed is told when the person speaks again."""
    if reason.startswith(people.CLOSED) and row.member_id is not None:
        missed_notices.note(session, row.member_id, row.id, dict(row.facts))


def _by_template(parts: Parts, row: Claimed, openid: str, *, link: str | None, refusal: Outside) -> Outcome:
    now, kind = parts.clock.now(), str(row.facts.get("kind"))
    template = parts.templates.get(kind)
    if template is None:
        if refusal.action is not Action.ELSEWHERE:
            return people.unguarded(row, refusal, now=now, repeatable=False)
        return GiveUp(f"{people.CLOSED}（{told(refusal)}），也没有配置 {kind} 的模板消息")
    fields = _fields(template, row.facts.get("facts"))
    client_msg_id = hashlib.sha256(row.once.encode()).hexdigest()[:32]
    try:
        parts.official.send_template(openid, template.id, fields, url=link, client_msg_id=client_msg_id)
    except Outside as error:
        return people.guarded(row, error, now=now)
    return Done("template")


def _fields(template: NoticeTemplate, facts: Any) -> dict[str, str]:
    known = facts if isinstance(facts, dict) else {}
    return {key: str(known.get(fact, "")) for key, fact in template.fields.items()}


def _link(parts: Parts, link: Any) -> str | None:
    if not isinstance(link, str) or not link:
        return None
    return parts.links.confirm(link.removeprefix(_CONFIRM)) if link.startswith(_CONFIRM) else link


def _quiet_for(parts: Parts, row: Claimed) -> float | None:
    if row.facts.get("kind") in _ABOUT_MONEY:
        return None
    now = parts.clock.now()
    with parts.database.reading() as session:
        until = quiet_hours.until(session, None, now=now)
    return None if until is None else (until - now).total_seconds()
