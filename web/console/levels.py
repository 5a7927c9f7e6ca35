"""等级与标签: what levels ask for and permit, and how distributors are sorted."""

from typing import Any, Literal, cast

from flask import url_for

from distribution import levels as operation
from distribution import listings
from distribution.listings import Wanted
from distribution.metrics import METRICS
from distribution.refusals import Code, Refusal
from models import Level
from web.console.forms import Form
from web.console.visit import OPERATIONS, Done, Subject, Visit

subject = Subject(distributors=True)
_MODES = {"any": "满足一项就够", "all": "每一项都要满足"}


@subject.page("/levels/")
def levels(visit: Visit) -> str:
    """等级与标签"""
    session = visit.session
    return visit.show(
        "levels.html",
        levels=[
            (each, listings.distributors(session, Wanted(level_id=each.id)).total)
            for each in operation.all_levels(session)
        ],
        tags=[
            (each, listings.distributors(session, Wanted(tag_id=each.id)).total) for each in operation.all_tags(session)
        ],
        metrics=METRICS,
        may_change=visit.seat.role in OPERATIONS,
    )


@subject.act("/levels/", may=OPERATIONS, again=levels)
def make_level(visit: Visit) -> Done:
    """新增等级"""
    form = Form(visit.given)
    name, rank = form.text("name", most=20), form.whole("rank", least=1, most=1000)
    form.check()
    operation.make_level(visit.session, name, rank, by=visit.seat.name, now=visit.now)
    return Done(f"等级“{name}”已新增。", url_for("console.levels"))


@subject.page("/levels/<int:level_id>")
def level(visit: Visit, level_id: int) -> str:
    """一个等级的条件和权限"""
    row = _level(visit, level_id)
    return visit.show(
        "level.html",
        row=row,
        metrics=METRICS,
        modes=_MODES,
        permits=operation.in_full(row.permissions),
        may_change=visit.seat.role in OPERATIONS,
    )


@subject.act("/levels/<int:level_id>", may=OPERATIONS, again=level)
def shape_level(visit: Visit, level_id: int) -> Done:
    """保存条件和权限"""
    row, form = _level(visit, level_id), Form(visit.given)
    mode = form.choice("mode", _MODES)
    need, keep = _figures(visit, form, "need"), _figures(visit, form, "keep")
    permissions: dict[str, Any] = {
        "may_invite": form.ticked("may_invite"),
        "max_team": form.whole("max_team", least=1) if visit.given.get("max_team", "").strip() else None,
        "material_packs": form.ticked("material_packs"),
        "daily_broadcast": form.ticked("daily_broadcast"),
        "direct_withdrawal_up_to_fen": form.fen("direct", needed=False),
        "perks": form.text("perks", most=100, needed=False),
    }
    form.check()
    told = {"need": need, "keep": keep, "permissions": permissions}
    chosen = cast(Literal["any", "all"], mode)
    operation.shape_level(visit.session, row.id, mode=chosen, **told, by=visit.seat.name, now=visit.now)
    return Done(f"等级“{row.name}”已保存，对以后的订单有效。", url_for("console.levels"))


def _figures(visit: Visit, form: Form, kind: str) -> dict[str, int]:
    """What was filled in of a row of metrics; an empty field asks for nothing."""
    told = {}
    for name, metric in METRICS.items():
        field = f"{kind}_{name}"
        if visit.given.get(field, "").strip():
            told[name] = form.fen(field) if metric.money else form.whole(field)
    return told


def _level(visit: Visit, level_id: int) -> Level:
    row = next((each for each in operation.all_levels(visit.session) if each.id == level_id), None)
    if row is None:
        raise Refusal(Code.NOT_FOUND, what="level")
    return row
