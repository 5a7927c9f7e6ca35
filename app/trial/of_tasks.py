"""Cases of the type ``task``: one person's sales of a period, the stage bonus after the last refund (R52)."""

import datetime as dt
from typing import Any, Literal, cast

from sqlalchemy.orm import Session

from app.trial.cases import Case, whole
from app.trial.desk import Desk
from app.trial.sold import Orders
from distribution import tasks
from distribution.rules.task import Tier

_FROM = dt.datetime(2025, 3, 1, tzinfo=dt.UTC)
_UNTIL = dt.datetime(2025, 4, 1, tzinfo=dt.UTC)
_JUDGED = dt.datetime(2026, 4, 1, tzinfo=dt.UTC)
_WHO = "本人"


def run(session: Session, case: Case) -> dict[str, Any]:
    """``{"net_fen", "bonus_fen"}`` as the evaluation wrote them."""
    desk, told = Desk(session, case.settings), case.part("task")
    desk.distributor(_WHO)
    row = tasks.create(
        session,
        desk.merchant_id,
        name="试算",
        kind="sales",
        mode=cast(Literal["highest", "cumulative"], told.get("mode", "highest")),
        tiers=[Tier(whole(tier, "reach_fen"), whole(tier, "bonus_fen")) for tier in told["tiers"]],
        span=(_FROM, _UNTIL),
        audience={"kind": "all"},
        by="trial",
        now=_FROM,
    )
    orders = Orders(desk)
    for place, sale in enumerate(case.part("sales")):
        at = _FROM + dt.timedelta(minutes=5 * place)
        orders.sell(_WHO, whole(sale, "fen"), whole(sale, "refunded_fen", 0), at=at)
    tasks.evaluate(session, row.id, now=_JUDGED)
    found = tasks.results(session, row.id)
    return {"net_fen": found[0]["net_fen"], "bonus_fen": found[0]["bonus_fen"]} if found else _NOTHING


_NOTHING = {"net_fen": 0, "bonus_fen": 0}
