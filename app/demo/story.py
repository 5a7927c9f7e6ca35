"""The sample shop's 90 days: scenes at past moments, each one an operation of production."""

import datetime as dt
from collections.abc import Callable, Iterator
from functools import partial

from app.demo.cast import ACTORS, APPLICANTS, Actor
from app.demo.sales import sales
from app.demo.stage import Stage
from distribution import earnings, levels, members, settlement, transfers, withdrawals

#: What happens at a moment.
Scene = tuple[dt.datetime, Callable[[dt.datetime], object]]
BY = "operator:demo"
_PAYDAYS = (75, 60, 45, 30, 15, 4)
#: Keeps her money since then, so that there is something to withdraw on the first day.
_SAVER, _SAVES_SINCE = "李娜", 50
_WAITING = "王静"


def play(stage: Stage) -> None:
    """Run every scene in order, and settle at the end of every day."""
    following = dt.timedelta(days=1)
    night = stage.moment(90, 23, 50)
    for at, scene in sorted(_scenes(stage), key=lambda each: each[0]):
        while night < at:
            _settle(stage, night)
            night += following
        scene(at)
    _settle(stage, stage.now)


def _scenes(stage: Stage) -> Iterator[Scene]:
    for actor in ACTORS:
        yield from _joining(stage, actor)
    for name, phone, inviter in APPLICANTS:
        yield stage.moment(0, 8, 30), _applying(stage, name, phone, inviter)
    yield from sales(stage)
    for days in _PAYDAYS:
        saver = _SAVER if days < _SAVES_SINCE else None
        yield stage.moment(days, 11), partial(_payday, stage, saver)
    yield stage.now - dt.timedelta(minutes=2), partial(_ask, stage, _WAITING)


def _settle(stage: Stage, at: dt.datetime) -> None:
    while settlement.settle_due(stage.session, now=at, limit=500):
        pass


def _joining(stage: Stage, actor: Actor) -> Iterator[Scene]:
    applied = stage.moment(actor.days_ago, 9, 20)
    yield applied, _applying(stage, actor.name, actor.phone, actor.invited_by)
    yield applied + dt.timedelta(hours=1), lambda at: _pass(stage, actor, at)


def _applying(stage: Stage, name: str, phone: str, inviter: str | None) -> Callable[[dt.datetime], None]:
    def apply(at: dt.datetime) -> None:
        terms = stage.policy(at)
        member = stage.member(name, at)
        members.record_follow(stage.session, member, at=at, now=at)
        code = members.get_distributor(stage.session, stage.distributors[inviter]).code if inviter else None
        row = members.apply(
            stage.session,
            member,
            name=name,
            phone=phone,
            invite_code=code,
            terms_version=terms.terms_version,
            policy=terms,
            now=at,
        )
        stage.distributors[name] = row.id

    return apply


def _pass(stage: Stage, actor: Actor, at: dt.datetime) -> None:
    person = stage.distributors[actor.name]
    members.approve(stage.session, person, by=BY, now=at)
    if actor.level:
        known = {level.name: level.id for level in levels.all_levels(stage.session)}
        levels.set_level(stage.session, person, known[actor.level], by=BY, now=at)
    if actor.tag:
        levels.tag(stage.session, person, actor.tag, by=BY, now=at)


def _payday(stage: Stage, saver: str | None, at: dt.datetime) -> None:
    for name in (actor.name for actor in ACTORS if actor.name in stage.distributors and actor.name != saver):
        no = _ask(stage, name, at)
        if no:
            _pay(stage, no, at + dt.timedelta(hours=2))


def _ask(stage: Stage, name: str, at: dt.datetime) -> str | None:
    """Somebody withdraws all whole yuan they can, if that is enough."""
    person, terms = stage.distributors[name], stage.policy(at)
    fen = earnings.purse(stage.session, person).available_fen // 100 * 100
    if fen < max(terms.withdraw.min_fen, 3_000):
        return None
    key = f"demo:{name}:{at.isoformat()}"
    return withdrawals.request(stage.session, person, fen, request_key=key, policy=terms, now=at).no


def _pay(stage: Stage, no: str, at: dt.datetime) -> None:
    row = withdrawals.find(stage.session, no)
    assert row is not None
    withdrawals.approve(stage.session, no, by=BY, version=row.version, now=at)
    transfers.begin(stage.session, no, now=at)
    for minutes, state in ((1, "WAIT_USER_CONFIRM"), (9, "SUCCESS")):
        news = transfers.TransferNews(state, bill_no=f"13300{no[1:]}", fen=row.net_fen, openid=row.openid)
        transfers.record(stage.session, no, news, source="query", now=at + dt.timedelta(minutes=minutes))
