"""A picture that somebody sent: fetched, its QR codes read, and what they lead to told in the chat."""

from datetime import datetime

from distribution import outbox, sent_pictures
from distribution.outbox import Claimed
from distribution.rules.calendar import shown_day
from distribution.rules.money import yuan
from distribution.sent_pictures import Figures, Seen
from models import Product
from models.database import Session
from posters import codes
from posters.pictures import BYTES
from scheduler.outcomes import Done, GiveUp, Outcome, refused
from scheduler.parts import Parts
from scheduler.senders import people
from wechat.errors import Outside

_KINDS = {
    "shop": "全店海报", "invitation": "邀请海报", "card": "推广名片", "stand": "店铺台卡", "campaign": "活动海报",
    "link": "推广链接",
}  # fmt: skip
_NO_CODE = (
    "没认出二维码：图里没有，或者不够清楚。\n海报请发原图；想看海报上的商品，用微信扫一扫最快。\n"
    "问题截图要交给店铺，回复“人工”。"
)
_STRANGE = "图里的二维码不是本店的，我打不开外面的链接，也请别随便付款。\n要看本店商品回复“全部商品”。"
_UNREADABLE = "这张图没读出来（太大或不是图片）。\n请发 2 MB 以内的原图，或用微信扫一扫图里的码。"


def send(parts: Parts, row: Claimed) -> Outcome:
    """Look at one picture and say what it is; a second look says nothing new."""
    now, person = parts.clock.now(), people.person_of(parts, row)
    if person is None or person.left or row.member_id is None:
        return GiveUp(people.LEFT)
    try:
        picture = parts.official.download_image(str(row.facts["media_id"]), most=BYTES)
    except Outside as error:
        return refused(row, error, now=now)
    text, member_id = _said(parts, row.member_id, picture, now), row.member_id

    def tell(session: Session, now: datetime) -> None:
        outbox.put(session, "message", {"text": text}, once=f"looked:{row.once}", member_id=member_id, now=now)

    return Done("looked", tell)


def given_up(session: Session, row: Claimed, reason: str, now: datetime) -> None:
    """Say that the picture could not be had."""
    if not reason.startswith(people.LEFT) and row.member_id is not None:
        once = f"looked:{row.once}"
        outbox.put(session, "message", {"text": _UNREADABLE}, once=once, member_id=row.member_id, now=now)


def _said(parts: Parts, member_id: int, picture: bytes | None, now: datetime) -> str:
    found = codes.texts(picture)
    if found is None:
        return _UNREADABLE
    with parts.database.reading() as session:
        for said in found:
            seen = sent_pictures.seen(session, member_id, said, code=parts.links.code_in(said))
            if seen is not None:
                return _own(seen, seen.figures, now) if seen.figures else _other(seen)
    return _STRANGE if found else _NO_CODE


def _own(seen: Seen, figures: Figures, now: datetime) -> str:
    what = seen.product.name[:30] if seen.product else _KINDS.get(seen.purpose, "海报")
    came = "还没有人扫过。"
    if figures.scans:
        came = f"扫过 {figures.scans} 次（{figures.people} 人），带来 {figures.customers} 位客户。"
    return f"这是你的海报：{what}{_price(seen.product)}。\n{_life(seen, now)}\n{came}\n要新的回复“生成海报”。"


def _life(seen: Seen, now: datetime) -> str:
    if seen.ends is None:
        return "二维码长期有效。"
    if seen.ends <= now:
        return f"二维码 {shown_day(seen.ends)}已过期，别再发这张了。"
    return f"二维码有效到 {shown_day(seen.ends)}（还有 {(seen.ends - now).days} 天）。"


def _other(seen: Seen) -> str:
    if seen.product is None:
        return f"这是本店的{_KINDS.get(seen.purpose, '海报')}。\n用微信扫一扫图里的码就能打开；看商品回复“全部商品”。"
    name = seen.product.name[:30]
    buying = f"看详情回复“{name}多少钱”，或用微信扫一扫图里的码。" if seen.product.on_sale else "看别的回复“全部商品”。"
    return f"图里是本店的“{name}”{_price(seen.product)}。\n{buying}"


def _price(product: Product | None) -> str:
    if product is None:
        return ""
    there = "现在有货" if product.stock > 0 else "暂时卖完了"
    return f"，现价 {yuan(product.price_fen)}，{there}" if product.on_sale else "，已下架"
