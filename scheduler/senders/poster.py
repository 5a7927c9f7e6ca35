"""A poster: its code made at WeChat, drawn, uploaded, remembered, sent."""

from dataclasses import replace
from datetime import datetime, timedelta

from distribution import notices, outbox, pictures, policy, poster_renewals, posters
from distribution.outbox import Claimed
from distribution.posters import PosterWork
from distribution.rules import tapping
from distribution.rules.calendar import day_of, shown_full
from models.database import Session
from posters import PosterError, PosterFacts
from posters.documents import read
from scheduler.outcomes import Done, GiveUp, Outcome, Record, Retry, refused
from scheduler.parts import Parts
from scheduler.senders import people
from scheduler.senders.chat import UNKNOWN_MEDIA
from scheduler.shelf import MEDIA_LIFE
from wechat.errors import Action, Outside

_WORDS = {
    "product": "海报好了🎉 长按图片保存或转发。{term}",
    "shop": "店铺海报好了🎉 长按图片保存或转发。{term}",
    "campaign": "活动海报好了🎉 长按图片保存或转发。\n客户扫码关注后下单，佣金自动记到你名下。",
    "card": "名片好了🎉 长按图片保存或转发。\n新朋友扫码关注，就是你的客户。",
    "stand": "台卡好了🎉 可以打印出来摆在店里。\n扫码关注的人都记到你名下，这张码长期有效。",
    "invitation": "邀请海报好了🎉 长按图片保存或转发。\n只按真实成交计佣，最多两级，拉人没有奖励。",
}
#: What can be done with them next.
_NEXT = {
    "product": ("配一段文案", "换版式", "换商品"),
    "shop": ("通用文案", "换版式", "换商品"),
}
_RENEWED = (
    "你要过的海报，码快到期了，上面这张是换好新码的♻️\n"
    "发过、印过的旧图 {until} 起扫不开，请换成这张；之前扫过的客户还算你的。"
)
_ASK_AGAIN = "你要过的海报，码快到期了，旧图 {until} 起扫不开。\n回复“生成海报”拿新的；之前扫过的客户还算你的。"
_READY = "海报好了，在聊天里回复“生成海报”，马上发给你。"
_SORRY = "海报这次没画出来，抱歉。\n请稍后再回复“生成海报”；还不行就回复“人工”。"


def send(parts: Parts, row: Claimed) -> Outcome:
    """Have the poster WeChat holds, drawing it if its facts changed, and send it; a second one does no harm."""
    now, poster_id = parts.clock.now(), int(row.facts["poster_id"])
    with parts.database.reading() as session:
        work = posters.work_of(session, poster_id, now=now)
    dying = work.scene_ends if row.facts.get("renew") else None
    try:
        if dying is not None and dying <= now + poster_renewals.BEFORE:
            work = _with_scene(parts, work)
        media_id = work.fresh_media_id or _made(parts, work)
    except PosterError as error:
        return GiveUp(str(error))
    except Outside as error:
        return refused(row, error, now=now)
    return _send(parts, row, work, media_id)


def given_up(session: Session, row: Claimed, reason: str, now: datetime) -> None:
    """Say sorry to whoever waits for the picture; in a closed chat a notice may say that it is ready."""
    unasked = bool(row.facts.get("renew"))
    if not unasked and reason.startswith(people.CLOSED) and row.member_id is not None:
        facts = {
            "thing": "推广海报",
            "status": "已生成",
            "time": shown_full(now),
            "number": str(row.facts["poster_id"]),
        }
        once = f"ready:{row.once}"
        notices.tell_member(session, row.member_id, "poster", _READY, once=once, facts=facts, now=now)
    elif not unasked and not reason.startswith((people.LEFT, people.CLOSED)) and row.member_id is not None:
        outbox.put(session, "message", {"text": _SORRY}, once=f"sorry:{row.once}", member_id=row.member_id, now=now)


def _send(parts: Parts, row: Claimed, work: PosterWork, media_id: str) -> Outcome:
    now = parts.clock.now()
    try:
        parts.official.send_image(work.openid, media_id)
    except Outside as error:
        if error.code == UNKNOWN_MEDIA:
            return Retry("drawn again", 0.0, lambda session, _: posters.forget_media(session, media_id))
        if error.action is Action.ELSEWHERE and row.facts.get("renew"):
            return Done("notice", _told_to_ask(row, work))
        return people.unguarded(row, error, now=now, repeatable=True)
    return Done("chat", _explained(row, work))


def _told_to_ask(row: Claimed, work: PosterWork) -> Record:
    """A new picture cannot be sent into a closed chat, but a notice may get through: one a person and day."""
    until = str(row.facts["renew"])
    facts = {"thing": work.product, "time": until, "status": "海报的码快到期"}

    def put(session: Session, now: datetime) -> None:
        once = f"renew:{row.member_id}:{day_of(now)}"
        text = _ASK_AGAIN.format(until=until)
        notices.tell_member(session, row.member_id or 0, "stock", text, once=once, facts=facts, now=now)

    return put


def _explained(row: Claimed, work: PosterWork) -> Record:
    def put(session: Session, now: datetime) -> None:
        once, text = f"explained:{row.once}", _words(session, work.kind, now)
        if until := row.facts.get("renew"):
            once, text = f"renewed:{row.member_id}:{day_of(now)}", _RENEWED.format(until=until)
        outbox.put(session, "message", {"text": text}, once=once, member_id=row.member_id, now=now)

    return put


def _words(session: Session, kind: str, now: datetime) -> str:
    """What stands under a picture that was drawn: for how long a scan counts, and what can be done next."""
    terms = policy.for_distributors(session, now).binding
    term = f"朋友扫码后 {terms.valid_days} 天内下单都算你的。" if terms.mode == "window" else "朋友扫码后下单就算你的。"
    lines = [tapping.tap(word, number) for number, word in enumerate(_NEXT.get(kind, ()), 1)]
    return "\n".join([_WORDS[kind].format(term=term), *lines])


def drawn_ahead(parts: Parts, poster_id: int) -> None:
    """Draw a poster nobody waits for, so that it is kept where it is drawn; raises PosterError and Outside."""
    with parts.database.reading() as session:
        work = posters.work_of(session, poster_id, now=parts.clock.now())
    if work.fresh_media_id is None:
        _drawn(parts, work)


def _drawn(parts: Parts, work: PosterWork) -> tuple[PosterWork, bytes]:
    work = work if work.scene_url else _with_scene(parts, work)
    picture = work.picture or (parts.fetch(work.image_url) if work.image_url else None)
    return work, parts.draw(facts_of(work, picture))


def _made(parts: Parts, work: PosterWork) -> str:
    work, drawn = _drawn(parts, work)
    media_id = parts.official.upload_image(drawn)
    now = parts.clock.now()

    def record(session: Session) -> None:
        picture_id = pictures.store(session, drawn, "image/jpeg", now=now)
        posters.record_drawn(
            session,
            work.poster_id,
            picture_id=picture_id,
            media_id=media_id,
            media_until=now + MEDIA_LIFE,
            facts_hash=work.facts_hash,
        )

    parts.database.write(record)
    return media_id


def _with_scene(parts: Parts, work: PosterWork) -> PosterWork:
    seconds = None if work.permanent else posters.SCENE_SECONDS
    code = parts.official.create_scene(work.scene_code, seconds=seconds)
    now = parts.clock.now()
    expires_at = None if code.expires_in is None else now + timedelta(seconds=code.expires_in)

    def record(session: Session) -> PosterWork:
        posters.record_scene(session, work.scene_id, url=code.url, expires_at=expires_at)
        return posters.work_of(session, work.poster_id, now=now)

    fresh = parts.database.write(record)
    return fresh if fresh.scene_url else replace(fresh, scene_url=code.url)


def facts_of(work: PosterWork, picture: bytes | None) -> PosterFacts:
    """What the painter is told; the code must have been made."""
    assert work.scene_url is not None, "a poster is drawn after its code was made"
    return PosterFacts(
        product=work.product,
        price_fen=work.price_fen,
        struck_fen=work.struck_fen,
        name=work.name,
        slogan=work.slogan,
        url=work.scene_url,
        picture=picture,
        logo=work.logo,
        shop=work.shop,
        template=work.template,
        kind=work.kind,  # type: ignore[arg-type]
        design=read(work.template, work.own.document, work.own.background) if work.own else None,
    )
