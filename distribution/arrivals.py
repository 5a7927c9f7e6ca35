"""Who wants to hear that a product can be bought again is told once."""

import datetime as dt

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from distribution import notices
from distribution.notices import Notice
from distribution.rules.calendar import shown_full
from distribution.rules.money import yuan
from models import Product
from models import tables as t
from models.states import DistributorState
from models.upsert import upsert

_d, _w = t.distributor.c, t.arrival_wish.c


def wish(session: Session, product_id: int, distributor_id: int, *, now: dt.datetime) -> None:
    """Somebody wants to be told; asking again changes nothing."""
    row = {"product_id": product_id, "distributor_id": distributor_id, "asked_at": now}
    fresh = upsert(session, t.arrival_wish).values(row)
    session.execute(fresh.on_conflict_do_nothing(index_elements=["product_id", "distributor_id"]))


def forget(session: Session, distributor_id: int | None) -> None:
    """Somebody no longer wants to hear of anything."""
    if distributor_id is not None:
        session.execute(delete(t.arrival_wish).where(_w.distributor_id == distributor_id))


def tell(session: Session, product: Product, *, now: dt.datetime) -> int:
    """Tell everybody who wanted to hear of it, and forget that they did; how many."""
    gone = delete(t.arrival_wish).where(_w.product_id == product.id).returning(_w.distributor_id)
    wanted = set(session.scalars(gone))
    active = select(_d.id).where(_d.id.in_(wanted), _d.state == DistributorState.ACTIVE).order_by(_d.id)
    people = list(session.scalars(active)) if wanted else []
    notices.tell_all(session, [_notice(product, person, now) for person in people], now=now)
    return len(people)


def _notice(product: Product, person: int, now: dt.datetime) -> Notice:
    text = f"到货啦🎉 “{product.name}” {yuan(product.price_fen)}，现在有 {product.stock} 件。\n回复“生成海报”马上推。"
    once = f"back:{product.id}:{int(now.timestamp() * 1000)}:{person}"
    facts = {"thing": product.name, "amount": yuan(product.price_fen), "time": shown_full(now), "status": "到货"}
    return Notice(person, "reminder", text, once, facts)
