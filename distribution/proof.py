"""The proof: every invariant of the books, by name, checked again from the rows on a live database."""

import datetime as dt
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import islice

from sqlalchemy import text
from sqlalchemy.orm import Session

from distribution import heartbeats
from distribution.proof_of_bindings import OF_BINDINGS
from distribution.proof_of_books import OF_BOOKS, Check
from distribution.proof_of_dating import OF_DATING
from distribution.proof_of_incentives import OF_INCENTIVES
from distribution.proof_of_messages import OF_MESSAGES
from distribution.proof_of_orders import OF_ORDERS
from distribution.proof_of_partners import OF_PARTNERS
from distribution.proof_of_withdrawals import OF_WITHDRAWALS

#: Books of up to so many transactions are proved while somebody waits.
_SMALL = 20_000
#: At most this many offending rows are shown of each invariant.
_SHOWN = 20


@dataclass(frozen=True, slots=True)
class Finding:
    """One invariant: its name, whether it holds, and the rows that break it."""

    name: str
    ok: bool
    rows: list[str] = field(default_factory=list)


def prove(session: Session) -> list[Finding]:
    """Check every invariant in one consistent read (the caller's session)."""
    return list(findings(session))


def findings(session: Session) -> Iterator[Finding]:
    """The invariants one after the other, each as it is checked."""
    return (_check(session, name, what) for name, what in INVARIANTS.items())


def holds(session: Session) -> bool:
    """Whether every invariant holds."""
    return all(finding.ok for finding in findings(session))


def latest(session: Session) -> tuple[list[Finding], dt.datetime | None]:
    """What the proof finds, for a page that somebody waits for: now (None), of big books as the hourly job found it."""
    newest = session.scalar(text("select max(id) from journal")) or 0
    told = heartbeats.last(session, "prove") if newest > _SMALL else None
    if told is None:
        return prove(session), None
    at, facts = told
    rows = facts.get("rows", {})
    return [Finding(name, name not in rows, rows.get(name, [])) for name in INVARIANTS], at


def _check(session: Session, name: str, what: str | Check) -> Finding:
    rows = list(islice(what(session), _SHOWN)) if callable(what) else _offending(session, what)
    return Finding(name, not rows, rows)


def _offending(session: Session, statement: str) -> list[str]:
    # Account names carry colons, which SQLAlchemy would take for parameters.
    spoken = _spoken(statement, session.get_bind().dialect.name).replace(":", "\\:")
    rows = session.execute(text(spoken)).fetchmany(_SHOWN)
    return [", ".join(f"{key}={value}" for key, value in row._mapping.items()) for row in rows]


def _spoken(statement: str, dialect: str) -> str:
    """The dialect's words for ``@days(a, b)``, the days from b to a, and for the ``item.value`` of a list.

    ``@each(list)`` is a column that is a list, ``@each_of(document, name)`` a list inside a column.
    """
    days, each, each_of = _WORDS[dialect]
    return _EACH_OF.sub(each_of, _EACH.sub(each, _DAYS.sub(days, statement)))


_DAYS, _EACH = re.compile(r"@days\(([\w.]+), ([\w.]+)\)"), re.compile(r"@each\(([\w.]+)\)")
_EACH_OF = re.compile(r"@each_of\(([\w.]+), (\w+)\)")
_WORDS = {
    "sqlite": (r"(julianday(\1) - julianday(\2))", r"json_each(\1) item", r"json_each(\1, '$.\2') item"),
    "postgresql": (
        r"(extract(epoch from \1 - \2) / 86400.0)",
        r"jsonb_array_elements(\1) item(value)",
        r"jsonb_array_elements(coalesce(\1 -> '\2', '[]')) item(value)",
    ),
}
_SUMS = """
    select a.id, a.name, a.balance_fen,
           coalesce((select sum(p.fen) from posting p where p.destination_id = a.id), 0)
         - coalesce((select sum(p.fen) from posting p where p.source_id = a.id), 0) as postings_fen
    from account a
"""
_PURSES = """
    select d.id, d.code,
      coalesce((select balance_fen from account where name = {purse} || 'pending'), 0) as pending,
      coalesce((select balance_fen from account where name = {purse} || 'available'), 0) as available,
      coalesce((select balance_fen from account where name = {purse} || 'withdrawing'), 0) as withdrawing,
      coalesce((select balance_fen from account where name = {purse} || 'owed'), 0) as owed,
      coalesce((select sum(fen) from commission c where c.distributor_id = d.id
                 and c.state = 'pending'), 0) as rows_pending,
      coalesce((select sum(fen) from commission c where c.distributor_id = d.id), 0) as rows_all,
      coalesce((select sum(fen) from bonus b where b.distributor_id = d.id), 0) as bonuses,
      coalesce((select sum(fen) from debt_write_off o where o.distributor_id = d.id
                 and o.state = 'done'), 0) as written_off,
      coalesce((select sum(fen) from withdrawal w where w.distributor_id = d.id
                 and w.state in ('requested','approved','paying')), 0) as open_withdrawals,
      coalesce((select sum(fen) from withdrawal w where w.distributor_id = d.id and w.state = 'paid'), 0) as paid
    from distributor d
""".replace("{purse}", "'distributor:' || d.id || ':'")

INVARIANTS: dict[str, str | Check] = {
    **OF_BOOKS,
    **OF_MESSAGES,
    "all balances add up to zero": "select sum(balance_fen) as fen from account having sum(balance_fen) <> 0",
    "every balance is the sum of its postings": f"select * from ({_SUMS}) s where balance_fen <> postings_fen",
    "every posting moves more than zero fen between two accounts": (
        "select id, fen from posting where fen <= 0 or source_id = destination_id"
    ),
    "every journal transaction has postings": (
        "select j.id, j.reference from journal j where not exists (select 1 from posting p where p.journal_id = j.id)"
    ),
    "every posting belongs to a journal transaction": (
        "select p.id from posting p where not exists (select 1 from journal j where j.id = p.journal_id)"
    ),
    "no reference is used twice": "select reference, count(*) as n from journal group by reference having count(*) > 1",
    "nothing is corrected twice": (
        "select corrects_id, count(*) as n from journal where corrects_id is not null"
        " group by corrects_id having count(*) > 1"
    ),
    "no purse is below zero": (
        "select name, balance_fen from account where balance_fen < 0 and name like 'distributor:%'"
        " and (name like '%:pending' or name like '%:available' or name like '%:withdrawing')"
    ),
    "nobody is owed by the debt account": (
        "select name, balance_fen from account where balance_fen > 0 and name like 'distributor:%:owed'"
    ),
    "pending purses equal the pending commission rows": f"select * from ({_PURSES}) s where pending <> rows_pending",
    "withdrawing purses equal the open withdrawals": (
        f"select * from ({_PURSES}) s where withdrawing <> open_withdrawals"
    ),
    "earned equals pending, available, withdrawing and paid less what is owed": (
        f"select * from ({_PURSES}) s"
        " where rows_all + bonuses + written_off <> pending + available + withdrawing + paid + owed"
    ),
    "a line pays no more than was paid for it": (
        "select l.id, l.base_fen, sum(c.fen) as fen from order_line l join commission c on c.line_id = l.id"
        " where c.kind not like 'dealer_%' group by l.id, l.base_fen, l.paid_fen"
        # Where profit counts, goods that came back without their money leave more of it than there was (R31).
        " having sum(c.fen) > case when l.base_fen > l.paid_fen then l.base_fen else l.paid_fen end or sum(c.fen) < 0"
    ),
    "nobody earns on a line that was wholly refunded": (
        "select l.id, sum(c.fen) as fen from order_line l join commission c on c.line_id = l.id"
        " where l.refunded_fen = l.paid_fen and (l.paid_fen > 0 or l.refunded_quantity = l.quantity)"
        " group by l.id having sum(c.fen) <> 0"
    ),
    "no person's share of a line is below zero": (
        "select line_id, kind, distributor_id, sum(fen) as fen from commission"
        " group by line_id, kind, distributor_id having sum(fen) < 0"
    ),
    "voided shares are worth nothing": (
        "select line_id, kind, distributor_id, sum(fen) as fen from commission where state = 'void'"
        " group by line_id, kind, distributor_id having sum(fen) <> 0"
    ),
    "the inviter tree has no loops": (
        "select p.ancestor_id, p.descendant_id from team_path p join team_path q"
        " on q.ancestor_id = p.descendant_id and q.descendant_id = p.ancestor_id where p.depth > 0"
    ),
    "every invited person stands under the inviter": (
        "select d.id from distributor d where d.inviter_id is not null and not exists (select 1 from team_path p"
        " where p.ancestor_id = d.inviter_id and p.descendant_id = d.id and p.depth = 1)"
    ),
    "a campaign reaches each person at most once": (
        "select campaign_id, distributor_id, count(*) as n from recipient"
        " group by campaign_id, distributor_id having count(*) > 1"
    ),
    "nobody has money available while owing some": (f"select * from ({_PURSES}) s where available > 0 and owed < 0"),
    "every reference says what moved": (
        "select id, reference from journal where not (reference like 'order:%:commission'"
        " or reference like 'order:%:closed:clawback' or reference like 'refund:%:commission'"
        " or reference like 'refund:%:clawback' or reference like 'commission:%:settled'"
        " or reference like 'distributor:%:voided' or reference like 'withdrawal:%:requested'"
        " or reference like 'withdrawal:%:paid' or reference like 'withdrawal:%:returned'"
        " or reference like '%:netting' or reference like 'manual:%'"
        " or reference like 'dealer:%:paid_in' or reference like 'order:%:prepaid' or reference like '%:prepaid_back'"
        " or reference like 'bonus:%' or reference like 'debt:%:written_off')"
    ),
    "purses are guarded and nothing else is": (
        "select name from account where guarded <> (name like 'dealer:%:prepaid' or (name like 'distributor:%'"
        " and (name like '%:pending' or name like '%:available' or name like '%:withdrawing')))"
    ),
    "everybody stands in the tree": (
        "select d.id from distributor d where not exists (select 1 from team_path p"
        " where p.ancestor_id = d.id and p.descendant_id = d.id and p.depth = 0)"
    ),
    "everybody stands below all who stand above the inviter": (
        "select p.ancestor_id, p.descendant_id, p.depth from team_path p join distributor d on d.id = p.descendant_id"
        " where p.depth > 0 and not exists (select 1 from team_path q where q.ancestor_id = p.ancestor_id"
        " and q.descendant_id = d.inviter_id and q.depth = p.depth - 1)"
        " union all select q.ancestor_id, d.id, q.depth + 1 from distributor d"
        " join team_path q on q.descendant_id = d.inviter_id where not exists (select 1 from team_path p"
        " where p.ancestor_id = q.ancestor_id and p.descendant_id = d.id and p.depth = q.depth + 1)"
    ),
    **OF_BINDINGS,
    **OF_DATING,
    **OF_INCENTIVES,
    **OF_ORDERS,
    **OF_PARTNERS,
    **OF_WITHDRAWALS,
}
