"""群发: who gets a material, when, and what became of each copy."""

from collections import Counter

from flask import url_for

from distribution import campaign_lists, levels
from distribution import campaigns as operation
from models.states import CampaignState
from web.console.audiences import audiences, named, plan, poster_choices, suggested_time
from web.console.forms import Form, number
from web.console.visit import OPERATIONS, Done, Subject, Visit

subject = Subject()


@subject.page("/campaigns/new", may=OPERATIONS)
def new_campaign(visit: Visit) -> str:
    """群发一份已有的素材"""
    wanted = visit.given.get("material") or visit.query.get("material", "")
    row = campaign_lists.material_of(visit.session, visit.seat.merchant_id, number(wanted, 0) or 0)
    return visit.show(
        "new_campaign.html",
        material=row,
        picture=campaign_lists.picture_address(visit.session, row),
        audiences=audiences(visit.session),
        suggested=suggested_time(visit.now),
        posters=poster_choices(visit.session, visit.seat.merchant_id),
    )


@subject.act("/campaigns/new", may=OPERATIONS, again=new_campaign)
def add_campaign(visit: Visit) -> Done:
    """起草"""
    form = Form(visit.given)
    row = campaign_lists.material_of(visit.session, visit.seat.merchant_id, form.whole("material"))
    draft = plan(visit, form)
    form.check()
    return Done("请核对发给谁，再批准。", url_for("console.campaign", campaign_id=draft(row.id).id))


@subject.page("/campaigns/<int:campaign_id>")
def campaign(visit: Visit, campaign_id: int) -> str:
    """一次群发"""
    row, material = campaign_lists.campaign_of(visit.session, visit.seat.merchant_id, campaign_id)
    drafted = row.state == CampaignState.DRAFT
    reached = [] if drafted else operation.recipients(visit.session, row.id)
    return visit.show(
        "campaign.html",
        row=row,
        material=material,
        picture=campaign_lists.picture_address(visit.session, material),
        audience=named(visit.session, row.audience),
        people=operation.preview(visit.session, row.audience) if drafted else [],
        left_out=levels.without_broadcast(visit.session) if drafted and row.audience["kind"] == "all" else [],
        reached=reached,
        counts=Counter(str(each["state"]) for each in reached),
        may_change=visit.seat.role in OPERATIONS,
        poster=poster_choices(visit.session, row.merchant_id).get(row.poster_template or ""),
    )


@subject.act("/campaigns/<int:campaign_id>/approve", may=OPERATIONS, again=campaign)
def approve_campaign(visit: Visit, campaign_id: int) -> Done:
    """批准"""
    row, _ = campaign_lists.campaign_of(visit.session, visit.seat.merchant_id, campaign_id)
    form = Form(visit.given)
    seen = form.whole("people")
    form.check()
    if len(operation.preview(visit.session, row.audience)) != seen:
        form.wrong("", "名单刚刚有变化，请看过新的名单再批准")
        form.check()
    operation.approve(visit.session, row.id, by=visit.seat.name, now=visit.now)
    return Done(f"已批准，到时间就发给 {seen} 位分销员。", url_for("console.campaign", campaign_id=row.id))


@subject.act("/campaigns/<int:campaign_id>/stop", may=OPERATIONS, again=campaign)
def stop_campaign(visit: Visit, campaign_id: int) -> Done:
    """停止"""
    row, _ = campaign_lists.campaign_of(visit.session, visit.seat.merchant_id, campaign_id)
    operation.stop(visit.session, row.id, by=visit.seat.name, now=visit.now)
    return Done("已停止，还没发出的不再发。", url_for("console.campaign", campaign_id=row.id))
