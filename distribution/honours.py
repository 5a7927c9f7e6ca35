"""Honours: badges for what somebody has really done; shown, never paid for."""

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session

from distribution import notices
from distribution.rules.calendar import shown_full
from models import tables as t
from models.states import DistributorState
from models.upsert import upsert

_b, _d = t.badge.c, t.distributor.c
DAYS = 100


@dataclass(frozen=True, slots=True)
class Honour:
    """A badge: its word, and what it is given for."""

    word: str
    why: str
    metric: str = ""
    least: int = 0


HONOURS: Mapping[str, Honour] = {
    "first_order": Honour("首单达人", "完成第一单", "orders", 1),
    "ten_orders": Honour("十单达人", "完成 10 单", "orders", 10),
    "sales_10k": Honour("万元达人", "成交满 ¥10,000", "sales_fen", 1_000_000),
    "hundred_days": Honour("百日同行", f"加入满 {DAYS} 天"),
}


def award(
    session: Session, figures: Mapping[int, Mapping[str, int]], *, now: dt.datetime, limit: int | None = None
) -> int:
    """Give every badge that is earned and not worn yet, by these figures (distribution.metrics), and tell; how many."""
    worn = {(person, name) for person, name in session.execute(select(_b.distributor_id, _b.name))}
    given = 0
    people = select(_d.id, _d.applied_at).where(_d.state == DistributorState.ACTIVE).order_by(_d.id)
    for person, since in session.execute(people).all():
        for name in _earned(figures.get(person, {}), since, now):
            if (person, name) in worn:
                continue
            given += _give(session, person, name, now=now)
            if given == limit:
                return given
    return given


def of_distributor(session: Session, distributor_id: int) -> list[tuple[Honour, dt.datetime]]:
    """Somebody's badges with when they were given, the oldest first."""
    rows = session.execute(select(_b.name, _b.at).where(_b.distributor_id == distributor_id).order_by(_b.at, _b.name))
    return [(HONOURS[name], at) for name, at in rows if name in HONOURS]


def _earned(figures: Mapping[str, int], since: dt.datetime, now: dt.datetime) -> list[str]:
    by_figures = [
        name for name, each in HONOURS.items() if each.metric and figures.get(each.metric, 0) >= each.least
    ]  # fmt: skip
    return by_figures + (["hundred_days"] if now >= since + dt.timedelta(days=DAYS) else [])


def _give(session: Session, person: int, name: str, *, now: dt.datetime) -> int:
    row = {"distributor_id": person, "name": name, "at": now}
    fresh = upsert(session, t.badge).values(row).on_conflict_do_nothing(index_elements=["distributor_id", "name"])
    if session.execute(fresh.returning(_b.name)).first() is None:
        return 0
    honour = HONOURS[name]
    notices.tell(
        session,
        person,
        "honour",
        f"你得到一枚徽章🏅“{honour.word}”：{honour.why}。",
        once=f"badge:{person}:{name}",
        facts={"thing": "荣誉徽章", "status": honour.word, "time": shown_full(now)},
        now=now,
    )
    return 1
