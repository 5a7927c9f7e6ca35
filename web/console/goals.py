"""任务与排行: goals with a stage bonus, contests with prizes, and the boards."""

import datetime as dt
import re
from typing import Any

from flask import url_for

from distribution import contests, ranking, tasks
from distribution.refusals import Code, Refusal
from distribution.rules.money import parse_yuan
from distribution.rules.task import Tier
from models import Contest, Task
from web.console.audiences import audiences, named, suggested_time
from web.console.forms import Form
from web.console.visit import MONEY, Done, Subject, Visit

subject = Subject(distributors=True)
_KINDS = {"sales": "本人成交额", "invited": "被邀请人的成交额（每人单算）"}
_MODES = {"highest": "只发达到的最高一档", "cumulative": "达到的每一档都发"}
_BOARDS = {"sales": "成交额", "orders": "单数", "earnings": "佣金", "invitations": "邀请人数（只展示，不发奖）"}
_PERIODS = {"day": "今天", "week": "本周", "month": "本月", "all": "累计"}


@subject.page("/goals/")
def goals(visit: Visit) -> str:
    """任务和排行奖"""
    session, merchant = visit.session, visit.seat.merchant_id
    return visit.show(
        "goals.html",
        tasks=tasks.list_of(session, merchant),
        contests=contests.list_of(session, merchant),
        kinds=_KINDS,
        modes=_MODES,
        audiences=audiences(session),
        suggested=suggested_time(visit.now),
        until=suggested_time(visit.now + dt.timedelta(days=30)),
        may_change=visit.seat.role in MONEY,
    )


@subject.act("/goals/tasks", may=MONEY, again=goals)
def add_task(visit: Visit) -> Done:
    """新建任务"""
    form = Form(visit.given)
    name, kind, mode = form.text("name", most=30), form.choice("kind", _KINDS), form.choice("mode", _MODES)
    tiers, span = _tiers(form), _span(form, visit)
    who, _, chosen = form.choice("audience", audiences(visit.session)).partition(":")
    form.check()
    told: dict[str, Any] = {"name": name, "kind": kind, "mode": mode, "tiers": tiers, "span": span}
    audience = {"kind": who} | ({"id": int(chosen)} if chosen else {})
    row = tasks.create(
        visit.session, visit.seat.merchant_id, **told, audience=audience, by=visit.seat.name, now=visit.now
    )
    return Done(f"任务“{row.name}”已开始，过了售后期才发奖励。", url_for("console.task", task_id=row.id))


@subject.act("/goals/contests", may=MONEY, again=goals)
def add_contest(visit: Visit) -> Done:
    """新建排行奖"""
    form = Form(visit.given)
    name, span = form.text("name", most=30), _span(form, visit)
    prizes = _amounts(form, "prizes")
    form.check()
    row = contests.create(
        visit.session, visit.seat.merchant_id, name=name, prizes_fen=prizes, span=span, by=visit.seat.name,
        now=visit.now,
    )  # fmt: skip
    return Done(f"排行奖“{row.name}”已开始，过了售后期才发奖。", url_for("console.contest", contest_id=row.id))


@subject.page("/goals/tasks/<int:task_id>")
def task(visit: Visit, task_id: int) -> str:
    """一个任务和结果"""
    row = _task(visit, task_id)
    return visit.show(
        "task.html",
        row=row,
        kinds=_KINDS,
        modes=_MODES,
        audience=named(visit.session, row.audience),
        results=tasks.results(visit.session, row.id),
        may_change=visit.seat.role in MONEY,
    )


@subject.act("/goals/tasks/<int:task_id>/stop", may=MONEY, again=task)
def stop_task(visit: Visit, task_id: int) -> Done:
    """取消任务"""
    row = tasks.stop(visit.session, _task(visit, task_id).id, by=visit.seat.name, now=visit.now)
    return Done(f"任务“{row.name}”已取消，不发奖励。", url_for("console.goals"))


@subject.page("/goals/contests/<int:contest_id>")
def contest(visit: Visit, contest_id: int) -> str:
    """一次排行奖和名次"""
    row = _contest(visit, contest_id)
    return visit.show(
        "contest.html",
        row=row,
        results=contests.results(visit.session, row.id),
        may_change=visit.seat.role in MONEY,
    )


@subject.act("/goals/contests/<int:contest_id>/stop", may=MONEY, again=contest)
def stop_contest(visit: Visit, contest_id: int) -> Done:
    """取消排行奖"""
    row = contests.stop(visit.session, _contest(visit, contest_id).id, by=visit.seat.name, now=visit.now)
    return Done(f"排行奖“{row.name}”已取消，不发奖。", url_for("console.goals"))


@subject.page("/ranking/")
def boards(visit: Visit) -> str:
    """排行榜"""
    by, period = visit.query.get("by", "sales"), visit.query.get("period", "month")
    by, period = by if by in _BOARDS else "sales", period if period in _PERIODS else "month"
    return visit.show(
        "boards.html",
        rows=ranking.board(visit.session, by, period, 50, now=visit.now),  # type: ignore[arg-type]
        by=by,
        period=period,
        boards=_BOARDS,
        periods=_PERIODS,
        money=by in ("sales", "earnings"),
    )


def _tiers(form: Form) -> list[Tier]:
    goals_fen, bonuses_fen = _amounts(form, "reach"), _amounts(form, "bonus")
    if len(goals_fen) != len(bonuses_fen) or not goals_fen:
        form.wrong("bonus", "每一档目标要有一个奖励，用逗号隔开")
    return [Tier(*pair) for pair in zip(goals_fen, bonuses_fen, strict=False)]


def _amounts(form: Form, name: str) -> list[int]:
    """Amounts in yuan, one after the other."""
    told = [each for each in re.split(r"[,，、;；\s]+", form.text(name, needed=False)) if each]
    amounts = [parse_yuan(each) for each in told]
    if any(each is None for each in amounts):
        form.wrong(name, "请填金额，用逗号隔开，例如 1000, 2000")
    return [each or 0 for each in amounts]


def _span(form: Form, visit: Visit) -> tuple[dt.datetime, dt.datetime]:
    since, until = form.moment("from_at") or visit.now, form.moment("until_at") or visit.now
    if until <= since:
        form.wrong("until_at", "结束要晚于开始")
    return since, until


def _task(visit: Visit, task_id: int) -> Task:
    row = tasks.get(visit.session, task_id)
    if row.merchant_id != visit.seat.merchant_id:
        raise Refusal(Code.NOT_FOUND, what="task")
    return row


def _contest(visit: Visit, contest_id: int) -> Contest:
    row = contests.get(visit.session, contest_id)
    if row.merchant_id != visit.seat.merchant_id:
        raise Refusal(Code.NOT_FOUND, what="contest")
    return row
