"""What can be bought now: nothing else is shared, and whoever shared what has gone is told (R80)."""

import datetime as dt

from sqlalchemy import ColumnElement, exists, select, union
from sqlalchemy.orm import Session

from distribution import arrivals, notices
from distribution.notices import Notice
from distribution.refusals import Code, Refusal
from distribution.rules.calendar import shown_full
from models import Material, Product
from models import tables as t
from models.states import DistributorState

#: Who shared a product within this time hears that it has gone.
SHARED_WITHIN = dt.timedelta(days=7)

_p, _m, _poster, _scene = t.product.c, t.material.c, t.poster.c, t.scene.c
_visit, _campaign, _recipient, _d = t.visit.c, t.campaign.c, t.recipient.c, t.distributor.c


def check(session: Session, product_id: int) -> Product:
    """The product, if it can be bought now; Refusal unknown_product, off_sale, sold_out."""
    product = session.get(Product, product_id)
    if product is None:
        raise Refusal(Code.UNKNOWN_PRODUCT)
    if not product.on_sale:
        raise Refusal(Code.OFF_SALE, product=product.name)
    if product.stock <= 0:
        raise Refusal(Code.SOLD_OUT, product=product.name)
    return product


def check_material(session: Session, material_id: int) -> None:
    """Refusal off_sale or sold_out for material about a product that cannot be bought now."""
    material = session.get(Material, material_id)
    if material is not None and material.product_id is not None:
        check(session, material.product_id)


def withdrawn() -> ColumnElement[bool]:
    """Whether a row of material is about a product that cannot be bought now; it is back with the product."""
    return exists().where(_p.id == _m.product_id, _p.unavailable_since.is_not(None))


def withdrawn_material(session: Session, merchant_id: int) -> set[int]:
    """The merchant's material that is withdrawn now."""
    return set(session.scalars(select(_m.id).where(_m.merchant_id == merchant_id, withdrawn())))


def follow(session: Session, product: Product, *, now: dt.datetime) -> int:
    """Note when a product stops or starts being there; how many people were told that it has gone.

    Everybody who shared it within seven days is told once each time that it goes.
    """
    there = product.on_sale and product.stock > 0
    if there == (product.unavailable_since is None):
        return 0
    product.unavailable_since = None if there else now
    session.flush()
    if there:
        arrivals.tell(session, product, now=now)
        return 0
    people = _sharers(session, product.id, now - SHARED_WITHIN)
    notices.tell_all(session, [_notice(product, person, now) for person in people], now=now)
    return len(people)


def _sharers(session: Session, product_id: int, since: dt.datetime) -> list[int]:
    """Active distributors who wanted its poster, brought somebody by it, or were sent material about it."""
    asked = select(_poster.distributor_id).where(_poster.product_id == product_id, _poster.asked_at >= since)
    came = (
        select(_visit.distributor_id)
        .join(t.scene, _scene.id == _visit.scene_id)
        .where(_scene.product_id == product_id, _visit.at >= since)
    )
    sent = (
        select(_recipient.distributor_id)
        .join(t.campaign, _campaign.id == _recipient.campaign_id)
        .join(t.material, _m.id == _campaign.material_id)
        .where(_m.product_id == product_id, _recipient.state == "sent", _recipient.at >= since)
    )
    shared = union(asked, came, sent).subquery()
    active = _d.state == DistributorState.ACTIVE
    return list(session.scalars(select(_d.id).where(_d.id.in_(select(shared)), active).order_by(_d.id)))


def _notice(product: Product, person: int, now: dt.datetime) -> Notice:
    status = "卖完了" if product.on_sale else "已下架"
    text = (
        f"你最近推过的“{product.name}”{status}，先别再发啦。\n"
        "发出去的链接照样能打开，会换成店里别的好物，客户还算你的。\n回复“生成海报”换一个推。"
    )
    once = f"gone:{product.id}:{int(now.timestamp() * 1000)}:{person}"
    return Notice(person, "stock", text, once, {"thing": product.name, "time": shown_full(now), "status": status})
