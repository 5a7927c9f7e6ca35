"""What all posters of a product share, so that it can be drawn as soon as the product changes."""

import datetime as dt

from sqlalchemy import select
from sqlalchemy.orm import Session

from distribution import poster_templates, posters
from distribution.posters import PosterWork
from models import Product
from models import tables as t

_p, _merchant = t.product.c, t.merchant.c
#: Stands where a distributor's code will be.
_NOBODYS = "http://weixin.qq.com/q/nobody"


def changed(session: Session, since: dt.datetime | None, limit: int) -> list[tuple[int, dt.datetime]]:
    """(id, moment) of products that can be bought and were changed after ``since``, in order; without: the newest."""
    found = select(_p.id, _p.updated_at).where(_p.on_sale, _p.unavailable_since.is_(None)).limit(limit)
    if since is None:
        rows = session.execute(found.order_by(_p.updated_at.desc(), _p.id.desc())).all()
        return sorted(((row.id, row.updated_at) for row in rows), key=lambda each: each[1])
    rows = session.execute(found.where(_p.updated_at > since).order_by(_p.updated_at, _p.id)).all()
    return [(row.id, row.updated_at) for row in rows]


def work_of(session: Session, product_id: int) -> PosterWork:
    """The facts of a product's poster without anybody's name and code."""
    product = session.get_one(Product, product_id)
    template = poster_templates.chosen(session, product_id, "product")
    shop = session.scalar(select(_merchant.name).where(_merchant.id == product.merchant_id)) or ""
    return PosterWork(
        poster_id=0,
        openid="",
        kind="product",
        template=template,
        product=product.name,
        price_fen=product.price_fen,
        struck_fen=product.struck_fen,
        slogan=posters.slogan("product"),
        name="",
        shop=shop,
        scene_id=0,
        scene_code="",
        scene_url=_NOBODYS,
        image_url=product.image_url,
        picture=posters.own_picture(session, product.image_url),
        facts_hash="",
        fresh_media_id=None,
        own=poster_templates.own(session, template),
        logo=posters.shop_logo(session, product.merchant_id),
    )
