"""What new orders need to know, asked for all of them at once: whose code, which buyer, who stands above, as what."""

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy.orm import Session

from distribution import standing
from distribution.products import UNKNOWN, SoldAs
from distribution.shapes import OrderReport
from models.direct import Direct, as_rows, stored
from models.json_text import read_json
from models.states import DistributorState

_KNOWN = Direct(
    'select o.order_no from @each(:rows) cross join "order" o'
    " where o.merchant_id = :merchant and o.order_no = r.value ->> 0"
)
_LOCKS = Direct(
    "select pg_advisory_xact_lock(hashtextextended(r.value ->> 0, 0)) from @each(:rows) order by r.value ->> 0"
)
_GOODS = Direct(
    "select p.sku, p.rule, p.category, p.cost_fen from @each(:rows) cross join product p"
    " where p.merchant_id = :merchant and p.sku = r.value ->> 0"
)
_CODES = Direct(
    "select d.code, d.id from @each(:rows) cross join distributor d where d.code = r.value ->> 0 and d.state = 'active'"
)
_BUYERS = Direct(
    "select m.openid, m.id, d.id, d.state, exists (select 1 from binding_event e where e.member_id = m.id)"
    " from @each(:rows) cross join member m left join distributor d on d.member_id = m.id"
    " where m.appid = :appid and m.openid = r.value ->> 0 order by m.id @lock(m)"
)
_PEOPLE = Direct(
    "select p.descendant_id, p.depth, d.id, d.code, d.state, m.id,"
    " m.notices and (m.muted is null or replace(m.muted, ',orders,', '') = m.muted),"
    " exists (select 1 from agreement a where a.distributor_id = d.id)"
    " from @each(:rows) cross join team_path p join distributor d on d.id = p.ancestor_id"
    " join member m on m.id = d.member_id"
    " where p.descendant_id = cast(r.value ->> 0 as bigint) and p.depth between 0 and 3"
    " order by d.id @share(d)"
)
_EVENTS = Direct(
    "select e.distributor_id, e.kind, e.value, e.at from @each(:rows) cross join distributor_event e"
    " where e.distributor_id = cast(r.value ->> 0 as bigint) order by e.at, e.id"
)
_LEVELS = Direct("select cast(l.id as text), l.name from level l")
_MEET = Direct(
    "insert into member (appid, openid, following, notices, created_at)"
    " select cast(:appid as varchar), r.value ->> 0, false, true, @instant(:now) from @each(:rows)"
    " where true on conflict do nothing"
)


@dataclass(frozen=True, slots=True)
class Buyer:
    """Whoever buys: the member, locked, and the distributor he is himself, if he is one who may hold a place.

    ``himself``: that distributor in whatever state; what counts for him is his own purchase, even after a termination.
    ``fresh``: nothing was ever done to him that could bind him.
    """

    member_id: int
    own_id: int | None
    himself: int | None
    fresh: bool


@dataclass(frozen=True, slots=True)
class Earner:
    """Somebody who may earn: his code, whether he is gone for good, and where he is told of it."""

    code: str
    gone: bool
    member_id: int
    wants_notices: bool
    has_agreements: bool


@dataclass(slots=True)
class Facts:
    """The answers; ``history`` holds every change of state and level of a person, the oldest first."""

    goods: dict[str, SoldAs] = field(default_factory=dict)
    codes: dict[str, int] = field(default_factory=dict)
    buyers: dict[str, Buyer] = field(default_factory=dict)
    above: dict[int, list[int]] = field(default_factory=lambda: defaultdict(list))
    earners: dict[int, Earner] = field(default_factory=dict)
    history: dict[int, list[standing.Event]] = field(default_factory=lambda: defaultdict(list))
    levels: dict[str, str] = field(default_factory=dict)
    in_text: bool = True

    def sold_as(self, sku: str) -> SoldAs:
        """What the catalogue says of a product."""
        return self.goods.get(sku, UNKNOWN)

    def stood(self, ids: Iterable[int], at: dt.datetime) -> dict[int, standing.Standing]:
        """How people stood at a moment (the very moment of a change included)."""
        first, soon = self._told(at), self._told(at + standing.SKEW)
        return {who: standing.stood(self.history[who], first, soon, self.levels) for who in ids}

    def _told(self, moment: dt.datetime) -> Any:
        """A moment as the database tells one: SQLite as the text it keeps."""
        return stored(moment) if self.in_text else moment

    def unchanged_since(self, ids: Iterable[int], at: dt.datetime) -> bool:
        """Whether these people stand now as they stood at ``at``, with no agreement of their own."""
        return all(
            not self.earners[who].has_agreements
            and (not self.history[who] or self.history[who][-1][0] <= self._told(at))
            for who in ids
        )


def known(session: Session, merchant_id: int, numbers: Sequence[str]) -> set[str]:
    """Which of these orders we have heard of; creation of the same number waits for us on PostgreSQL."""
    if session.get_bind().dialect.name == "postgresql":
        _LOCKS.rows(session, rows=_list(f"{merchant_id}:{number}" for number in numbers))
    return {number for (number,) in _KNOWN.rows(session, merchant=merchant_id, rows=_list(numbers))}


def gather(
    session: Session, merchant_id: int, reports: Sequence[OrderReport], *, appid: str, now: dt.datetime
) -> Facts:
    """What is known before anybody is attributed: goods, codes and buyers (met where they are new)."""
    facts = Facts(in_text=session.get_bind().dialect.name == "sqlite")
    skus = _list({line.sku for report in reports for line in report.lines})
    for sku, rule, category, cost in _GOODS.rows(session, merchant=merchant_id, rows=skus):
        facts.goods[sku] = SoldAs(_document(rule) or None, category, cost)
    codes = {report.distributor_code.strip().upper() for report in reports if report.distributor_code}
    if codes:
        facts.codes = dict(_CODES.rows(session, rows=_list(codes)))
    openids = {report.buyer_openid for report in reports if report.buyer_openid}
    if openids:
        facts.buyers = _buyers(session, openids, appid)
        if missing := openids - facts.buyers.keys():
            # In one order, so that two who meet the same people do not wait in a ring.
            _MEET.rows(session, appid=appid, rows=_list(sorted(missing)), now=stored(now))
            facts.buyers |= _buyers(session, missing, appid)
    return facts


def look_up(session: Session, facts: Facts, attributed: Iterable[int]) -> None:
    """Add who stands above those people, and how all of them stand and stood."""
    # People are held against a termination, which voids what it sees: it comes before us, or sees what we write.
    first = set(attributed)
    if not first:
        return
    found = _PEOPLE.rows(session, rows=_list(first))
    for below, _, who in sorted(row[:3] for row in found if row[1]):
        facts.above[below].append(who)
    fresh = {row[2]: _earner(row[3:]) for row in found if row[2] not in facts.earners}
    facts.earners |= fresh
    for who, kind, value, at in _EVENTS.rows(session, rows=_list(fresh)):
        facts.history[who].append((at, kind, value))
    if any(kind == "level" and value for events in facts.history.values() for _, kind, value in events):
        facts.levels = dict(_LEVELS.rows(session))


def _earner(told: Sequence[Any]) -> Earner:
    code, state, member_id, notices, agreed = told
    return Earner(code, state == DistributorState.TERMINATED, member_id, bool(notices), bool(agreed))


def _buyers(session: Session, openids: Iterable[str], appid: str) -> dict[str, Buyer]:
    found = _BUYERS.rows(session, appid=appid, rows=_list(openids))
    holds = (DistributorState.ACTIVE, DistributorState.FROZEN)
    return {
        openid: Buyer(member, own if state in holds else None, own, not known)
        for openid, member, own, state, known in found
    }


def _document(told: Any) -> Any:
    return read_json(told) if isinstance(told, str) else told


def _list(values: Iterable[Any]) -> str:
    return as_rows((value,) for value in values)
