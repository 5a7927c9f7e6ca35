"""培育: who brought which dealer up, and a reward that only that dealer's real purchases can bring (R4, R77)."""

import datetime as dt
from typing import Any

from sqlalchemy import String, cast, select
from sqlalchemy.orm import Session

from distribution import bonuses, dealer_lists, dealers
from distribution.refusals import Code, Refusal
from models import Bonus, DealerCultivation
from models import tables as t

_k, _o, _d, _dealer = t.dealer_cultivation.c, t.order.c, t.distributor.c, t.dealer.c


def records(session: Session, dealer_id: int) -> list[dict[str, Any]]:
    """What happened to a dealer's grade and parents, the newest first, with who was his mentor then."""
    mentor = t.dealer.alias("mentor")
    found = (
        select(t.dealer_cultivation, _d.name.label("mentor_name"), _d.code.label("mentor_code"))
        .add_columns(t.bonus.c.fen.label("rewarded_fen"))
        .outerjoin(mentor, mentor.c.id == _k.mentor_id)
        .outerjoin(t.distributor, _d.id == mentor.c.distributor_id)
        .outerjoin(t.bonus, t.bonus.c.reference == "bonus:cultivation:" + cast(_k.id, String))
        .where(_k.dealer_id == dealer_id)
        .order_by(_k.id.desc())
    )
    return [dict(row) for row in session.execute(found).mappings()]


def reward(session: Session, merchant_id: int, record_id: int, fen: int, *, by: str, now: dt.datetime) -> Bonus:
    """Pay the mentor of a record once, out of what the dealer really bought since.

    Raises Refusal: not_found (no such record, or nobody was the mentor), no_purchases (nothing received and kept since,
    or less than ``fen``), invalid_amount, duplicate_reference.
    """
    row = session.get(DealerCultivation, record_id)
    if row is None or row.mentor_id is None:
        raise Refusal(Code.NOT_FOUND, what="cultivation")
    dealer, mentor = (dealers.get(session, merchant_id, each) for each in (row.dealer_id, row.mentor_id))
    since = dealer_lists.purchases(dealer.id).where(_o.created_at >= row.at)
    bought = int(session.execute(since).scalar_one())
    if bought < max(fen, 1):
        raise Refusal(Code.NO_PURCHASES, bought_fen=bought)
    name = session.execute(select(_d.name).where(_d.id == dealer.distributor_id)).scalar_one()
    return bonuses.credit(
        session, merchant_id=merchant_id, distributor_id=mentor.distributor_id, fen=fen, kind="manual",
        reference=f"cultivation:{row.id}", why={"name": f"培育{name}", "dealer": dealer.id}, by=by, now=now,
    )  # fmt: skip
