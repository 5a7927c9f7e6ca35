"""What dialogues about taking money out need: a purse, decisions of the shop, transfers, and what was told."""

from typing import Any

from sqlalchemy import select

from distribution import policy, reminders, transfers, withdrawals
from models import tables as t


def purse(shop: Any, who: Any, *, available: int, pending: int = 0) -> None:
    """A purse of so many fen at the sample shop's ten percent."""
    if available:
        shop.sold(who, "11-01 09:00", available * 10, received="11-05 09:00")
        shop.settles("11-20 09:00")
    if pending:
        shop.sold(who, "11-22 09:00", pending * 10, received="11-22 12:00")


def lina_with(shop: Any, **fen: int) -> Any:
    """Li Na, who joined on 10-01, with a purse of so many fen; it is 11-23 10:30."""
    shop.now("10-01 09:00")
    who = shop.chat.distributor("李娜", "o-lina")
    purse(shop, who, **fen)
    shop.now("11-23 10:30")
    return who


def terms(shop: Any, **withdraw: Any) -> None:
    """New rules of withdrawing, in force at once."""
    now = shop.chat.clock.now()
    with shop.chat.database.transaction() as session:
        document = {"withdraw": {"min_fen": 1000, "max_fen": 2_000_000, **withdraw}}
        policy.publish(session, merchant_id=1, document=document, effective_from=now, by="老板", now=now)


def number(answer: str) -> str:
    """The withdrawal's number in what was said."""
    return answer.partition("单号 ")[2].partition("。")[0]


def transferred(shop: Any, no: str, *states: str) -> None:
    """The shop approves, and WeChat Pay tells these states one after another ("FAIL:OVERDUE_CLOSE" with its reason)."""
    now = shop.chat.clock.now()
    with shop.chat.database.transaction() as session:
        row = withdrawals.get_locked(session, no)
        if row.state == "requested":
            withdrawals.approve(session, no, by="老板", version=row.version, now=now)
            transfers.begin(session, no, now=now)
        for state, _, why in (each.partition(":") for each in states):
            facts = {"bill_no": "1330", "fen": row.net_fen, "openid": row.openid, "package": "package"}
            news = transfers.TransferNews(state, fail_reason=why or None, **facts)
            transfers.record(session, no, news, source="query", now=now)


def told(shop: Any, who: Any) -> list[str]:
    """The notices put for somebody, in order."""
    with shop.chat.database.reading() as session:
        mine = select(t.outbox_row.c.facts).where(t.outbox_row.c.member_id == who.member_id(session))
        rows = session.execute(mine.where(t.outbox_row.c.kind == "notice").order_by(t.outbox_row.c.id))
        return [str(facts["text"]) for (facts,) in rows]


def withdrawn(shop: Any, who: Any) -> list[tuple[str, int]]:
    """Every withdrawal of somebody: state and fen."""
    w = t.withdrawal.c
    with shop.chat.database.reading() as session:
        rows = session.execute(select(w.state, w.fen).where(w.distributor_id == who.distributor_id).order_by(w.id))
        return [(state, fen) for state, fen in rows]


def reminded(shop: Any, who: Any) -> list[str]:
    """What the clock tells somebody now who waits for a sum."""
    before = len(told(shop, who))
    with shop.chat.database.transaction() as session:
        reminders.tell(session, now=shop.chat.clock.now())
    return told(shop, who)[before:]
