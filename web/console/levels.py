"""等级与标签: how distributors are sorted."""

from flask import url_for

from distribution import levels as operation
from distribution import listings
from distribution.listings import Wanted
from web.console.forms import Form
from web.console.visit import OPERATIONS, Done, Subject, Visit

subject = Subject(distributors=True)


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
