"""Cases of the type ``ranking``: everybody's sales of a period, the places and prizes of a contest over it (R53)."""

import datetime as dt
from typing import Any

from sqlalchemy.orm import Session

from app.trial.cases import Case, moment, whole
from app.trial.desk import Desk
from app.trial.sold import Orders
from distribution import contests


def run(session: Session, case: Case) -> dict[str, Any]:
    """``{"ranking"}``: who, rank and prize of everybody with net sales, as the contest paid them."""
    desk, entries = Desk(session, case.settings), case.part("entries")
    reached = sorted((moment(entry["reached_at"]), place) for place, entry in enumerate(entries))
    prizes = case.part("prizes_fen")
    if not reached:
        return {"ranking": []}
    first, last = reached[0][0], reached[-1][0] + dt.timedelta(seconds=1)
    row = contests.create(
        session,
        desk.merchant_id,
        name="试算",
        prizes_fen=[whole({"prizes_fen": fen}, "prizes_fen") for fen in prizes],
        span=(first, last),
        by="trial",
        now=first,
    )
    orders = Orders(desk)
    for at, place in reached:
        entry = entries[place]
        orders.sell(str(entry["who"]), whole(entry, "fen"), whole(entry, "refunded_fen", 0), at=at)
    places = contests.evaluate(session, row.id, now=last + dt.timedelta(days=4000))
    names = desk.names
    return {"ranking": [{"who": names[p.who], "rank": p.place, "prize_fen": p.prize_fen} for p in places]}
