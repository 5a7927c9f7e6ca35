"""Posters: asked for in the chat, drawn and sent by the outbox, drawn again when their facts change."""

import datetime as dt
import hashlib
import json
import secrets
from dataclasses import dataclass, replace
from typing import Any

from sqlalchemy import func, insert, select, update
from sqlalchemy.orm import Session

from distribution import campaign_posters, outbox, pictures, poster_templates, stock
from distribution.poster_templates import Own
from distribution.refusals import Code, Refusal
from distribution.rules.masking import name as masked
from models import Distributor, Poster, Product, Scene
from models import tables as t
from models.states import DistributorState

#: Raised when the house templates are drawn differently: pictures WeChat holds are then made anew.
_DRAWN_AS = 4
#: Codes are made for 30 days and renewed a day before they expire.
SCENE_SECONDS = 2_592_000
_RENEW_BEFORE = dt.timedelta(days=1)
_PICTURES = "/pictures/"


@dataclass(frozen=True, slots=True)
class Ready:
    """A poster WeChat already holds."""

    media_id: str


@dataclass(frozen=True, slots=True)
class Drawing:
    """A poster that the outbox is drawing now."""

    poster_id: int


@dataclass(frozen=True, slots=True)
class PosterWork:
    """Everything needed to draw and send one poster."""

    poster_id: int
    openid: str
    kind: str
    template: str
    product: str
    price_fen: int
    struck_fen: int | None
    slogan: str
    name: str
    shop: str
    scene_id: int
    scene_code: str
    scene_url: str | None
    image_url: str | None
    picture: bytes | None
    facts_hash: str
    fresh_media_id: str | None
    permanent: bool = False
    scene_ends: dt.datetime | None = None
    own: Own | None = None
    logo: bytes | None = None


def ask(
    session: Session,
    distributor_id: int,
    *,
    purpose: str,
    request_key: str,
    now: dt.datetime,
    product_id: int | None = None,
    campaign_id: int | None = None,
    template: str | None = None,
) -> Ready | Drawing:
    """Have a poster (of a product, campaign, shop, invitation, card or stand): a fresh one at once, else it is drawn.

    ``template`` None: the shop's choice. Raises Refusal: frozen, not_a_distributor, unknown_product, off_sale,
    sold_out, not_found (a campaign without one, a template that is not offered).
    """
    person = session.get(Distributor, distributor_id)
    if person is None:
        raise Refusal(Code.NOT_A_DISTRIBUTOR)
    if person.state != DistributorState.ACTIVE:
        raise Refusal(Code.FROZEN, reason=person.reason, since=person.decided_at)
    if template is not None and template not in dict(poster_templates.offered(session, product_id, purpose)):
        raise Refusal(Code.NOT_FOUND, what="poster_template")
    subject = _subject(session, purpose, product_id, campaign_id)
    subject = replace(subject, template=template or subject.template)
    if subject.product_id is not None:
        stock.check(session, subject.product_id)
    row = _poster(session, person.id, subject, now=now)
    row.asked_at = now
    session.flush()
    work = work_of(session, row.id, now=now)
    if work.fresh_media_id is not None:
        return Ready(work.fresh_media_id)
    once = f"poster:{row.id}:{request_key}"
    outbox.put(session, "poster", {"poster_id": row.id}, once=once, member_id=person.member_id, now=now)
    return Drawing(row.id)


def prepare(
    session: Session,
    distributor_id: int,
    *,
    purpose: str,
    now: dt.datetime,
    product_id: int | None = None,
    campaign_id: int | None = None,
) -> int:
    """The id of a person's poster, so that it can be drawn before it is asked for."""
    return _poster(session, distributor_id, _subject(session, purpose, product_id, campaign_id), now=now).id


def work_of(session: Session, poster_id: int, *, now: dt.datetime) -> PosterWork:
    """The facts of a poster as they are now; ``fresh_media_id`` if the picture WeChat holds still shows them."""
    row = session.get_one(Poster, poster_id)
    person = session.get_one(Distributor, row.distributor_id)
    scene = session.get_one(Scene, row.scene_id)
    product = session.get(Product, row.product_id) if row.product_id else None
    shops = select(t.merchant.c.name).order_by(t.merchant.c.id).limit(1)
    shop = session.scalar(shops.where(t.merchant.c.id == product.merchant_id) if product else shops) or ""
    live = scene.url if scene.expires_at is None or scene.expires_at - _RENEW_BEFORE > now else None
    kind = row.subject.split(":")[0]
    title, slogan, own_content = _said(session, kind, scene, product)
    content = own_picture(session, product.image_url if product else None) or own_content
    logo = shop_logo(session, product.merchant_id if product else None)
    own = poster_templates.own(session, row.template)
    facts = [row.subject, row.template, _shown_name(person), shop, live, slogan, title, _DRAWN_AS]
    digest = _digest(facts, product, logo, own)
    fresh = row.media_until is not None and row.media_until > now and row.facts_hash == digest and live is not None
    return PosterWork(
        poster_id=row.id,
        openid=session.scalar(select(t.member.c.openid).where(t.member.c.id == person.member_id)) or "",
        kind=kind,
        template=row.template,
        product=title or (product.name if product else shop),
        price_fen=product.price_fen if product else 0,
        struck_fen=product.struck_fen if product else None,
        slogan=slogan,
        name=_shown_name(person),
        shop=shop,
        scene_id=scene.id,
        scene_code=scene.code,
        scene_url=live,
        image_url=product.image_url if product else None,
        picture=content,
        facts_hash=digest,
        fresh_media_id=row.media_id if fresh else None,
        permanent=scene.permanent,
        scene_ends=scene.expires_at,
        own=own,
        logo=logo,
    )


def _said(session: Session, kind: str, scene: Scene, product: Product | None) -> tuple[str, str, bytes | None]:
    """Title (empty: the product's or the shop's name), slogan and picture that a campaign's material brings."""
    if scene.campaign_id is None:
        return "", _SLOGANS[kind], None
    told = campaign_posters.material_of(session, scene.campaign_id)
    title, slogan = (told.title, _SLOGANS[kind]) if product is None else (product.name, told.title)
    return title, slogan, campaign_posters.picture_of(session, told)


def _digest(facts: list[Any], product: Product | None, logo: bytes | None, own: poster_templates.Own | None) -> str:
    """What a picture shows, as one text: another one when anything of it changes."""
    shown = [*facts]
    shown += [product.name, product.price_fen, product.struck_fen, product.image_url] if product else []
    shown += [product.stock > 0] if product else []
    shown += [hashlib.sha256(logo or b"").hexdigest()]
    shown += [own.version] if own else []
    return hashlib.sha256(json.dumps(shown, ensure_ascii=False).encode()).hexdigest()


def slogan(kind: str) -> str:
    """What a poster of this kind says below its title."""
    return _SLOGANS.get(kind, _SLOGANS["product"])


def permanent_left(session: Session) -> int:
    """How many permanent codes the account may still make."""
    made = session.scalar(select(func.count()).select_from(t.scene).where(t.scene.c.permanent)) or 0
    return max(0, PERMANENT_SCENES - made)


def record_scene(session: Session, scene_id: int, *, url: str, expires_at: dt.datetime | None) -> None:
    """WeChat made the code of a scene."""
    session.execute(update(t.scene).where(t.scene.c.id == scene_id).values(url=url, expires_at=expires_at))


def record_drawn(
    session: Session, poster_id: int, *, picture_id: int, media_id: str, media_until: dt.datetime, facts_hash: str
) -> None:
    """A poster was drawn from the facts with this hash and handed to WeChat."""
    session.execute(
        update(t.poster)
        .where(t.poster.c.id == poster_id)
        .values(picture_id=picture_id, media_id=media_id, media_until=media_until, facts_hash=facts_hash)
    )


def forget_media(session: Session, media_id: str) -> None:
    """WeChat no longer knows a media id: the poster is uploaded again when next asked for."""
    session.execute(update(t.poster).where(t.poster.c.media_id == media_id).values(media_id=None, media_until=None))


_SLOGANS = {"product": "好东西，分享给懂的你", "shop": "都在这一家，放心逛", "invitation": "一起来分享好物"}
_SLOGANS |= {"campaign": "限时活动，扫码看看"}
_SLOGANS |= {"card": "好东西我先试过，有事找我", "stand": "关注领优惠，售后有人管"}
#: What is printed: its code must outlive the month of a temporary one.
_PRINTED = frozenset(("card", "stand"))
#: So many permanent codes WeChat gives an account.
PERMANENT_SCENES = 100_000


@dataclass(frozen=True, slots=True)
class _Subject:
    """What a poster is about."""

    name: str
    purpose: str
    template: str
    product_id: int | None = None
    campaign_id: int | None = None


def _subject(session: Session, purpose: str, product_id: int | None, campaign_id: int | None) -> _Subject:
    if campaign_id is None:
        name = f"product:{product_id}" if product_id else purpose
        return _Subject(name, purpose, poster_templates.chosen(session, product_id, purpose), product_id)
    template = campaign_posters.template_of(session, campaign_id)
    about = campaign_posters.material_of(session, campaign_id).product_id
    return _Subject(f"campaign:{campaign_id}", "campaign", template, about, campaign_id)


def _poster(session: Session, distributor_id: int, about: _Subject, *, now: dt.datetime) -> Poster:
    p = t.poster.c
    # The person's row is the lock: two first requests at once make one poster.
    session.execute(select(t.distributor.c.id).where(t.distributor.c.id == distributor_id).with_for_update())
    known = session.scalars(
        select(Poster).where(p.distributor_id == distributor_id, p.subject == about.name, p.template == about.template)
    ).first()
    if known is not None:
        return known
    scene = session.execute(
        insert(t.scene)
        .values(
            code=secrets.token_urlsafe(15),
            distributor_id=distributor_id,
            product_id=about.product_id,
            campaign_id=about.campaign_id,
            purpose=about.purpose,
            template=about.template,
            permanent=about.purpose in _PRINTED and permanent_left(session) > 0,
            created_at=now,
        )
        .returning(t.scene.c.id)
    ).scalar_one()
    row = Poster(
        distributor_id=distributor_id,
        subject=about.name,
        product_id=about.product_id,
        template=about.template,
        scene_id=scene,
        created_at=now,
    )
    session.add(row)
    session.flush()
    return row


def own_picture(session: Session, image_url: str | None) -> bytes | None:
    """The bytes of a product picture that is stored here; None for one from elsewhere."""
    if not image_url or _PICTURES not in image_url:
        return None
    stored = pictures.load_by_hash(session, image_url.rsplit(_PICTURES, 1)[1].split(".")[0])
    return stored[0] if stored else None


def shop_logo(session: Session, merchant_id: int | None) -> bytes | None:
    """The logo of a merchant, the first one's without; None when none was uploaded."""
    shops = select(t.merchant.c.logo_id).order_by(t.merchant.c.id).limit(1)
    picture_id = session.scalar(shops.where(t.merchant.c.id == merchant_id) if merchant_id else shops)
    stored = pictures.load(session, picture_id) if picture_id else None
    return stored[0] if stored else None


def _shown_name(person: Distributor) -> str:
    return person.name if len(person.name) <= 12 else masked(person.name)
