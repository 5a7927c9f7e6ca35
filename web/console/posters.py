"""海报: the templates posters are drawn in, merchants' own ones, and what posters brought."""

import datetime as dt
from typing import cast

from flask import request, url_for

from distribution import merchants, pictures, poster_batches, poster_figures, poster_templates
from distribution import posters as operation
from distribution.poster_figures import By
from models import PosterTemplate
from posters import TEMPLATES
from web import uploads
from web.console import poster_forms
from web.console.forms import Form
from web.console.poster_editor import problems_of
from web.console.visit import OPERATIONS, Done, Subject, Visit

subject = Subject()
_BY = {"template": "模板", "product": "商品", "campaign": "活动", "kind": "种类", "poster": "海报", "channel": "来路"}
_DAYS = {"7": "近 7 天", "30": "近 30 天", "90": "近 90 天"}


@subject.page("/posters/")
def posters(visit: Visit) -> str:
    """海报模板与转化"""
    merchant = visit.seat.merchant_id
    own = poster_templates.of_merchant(visit.session, merchant)
    problems = {row.id: problems_of(visit.session, row) for row in own}
    sound = [row for row in own if not problems[row.id]]
    by = visit.query.get("by", "template") if visit.query.get("by") in _BY else "template"
    days = visit.query.get("days", "30") if visit.query.get("days") in _DAYS else "30"
    since = visit.now - dt.timedelta(days=int(days))
    figures = poster_figures.conversion(
        visit.session, since=since, until=visit.now + dt.timedelta(seconds=1), by=cast(By, by), merchant_id=merchant
    )
    return visit.show(
        "posters.html",
        house=list(TEMPLATES.values()),
        own=[(row, len(problems[row.id])) for row in own],
        kinds=poster_forms.KIND_NAMES,
        said_kinds=lambda kinds: "、".join(poster_forms.KIND_NAMES[kind] for kind in kinds),
        offered={kind: _offered(kind, sound) for kind in poster_forms.KIND_NAMES},
        chosen={kind: poster_templates.chosen(visit.session, None, kind) for kind in poster_forms.KIND_NAMES}
        | poster_templates.choices(visit.session, merchant),
        figures=[(row, _named(row.key, by, own)) for row in figures],
        by=by,
        days=days,
        bys=_BY,
        spans=_DAYS,
        batches=poster_batches.of_merchant(visit.session, merchant),
        logo=operation.shop_logo(visit.session, merchant) is not None,
        left=operation.permanent_left(visit.session),
        may_change=visit.seat.role in OPERATIONS,
    )


def _offered(kind: str, own: list[PosterTemplate]) -> dict[str, str]:
    house = {name: design.title for name, design in TEMPLATES.items() if kind in design.kinds}
    mine = {poster_templates.name_of(row): row.title for row in own if kind in cast(list[str], row.document["kinds"])}
    return house | mine


def _named(key: str, by: str, own: list[PosterTemplate]) -> str:
    if by == "template":
        mine = {poster_templates.name_of(row): row.title for row in own}
        return mine.get(key) or (TEMPLATES[key].title if key in TEMPLATES else key)
    if by == "campaign":
        return key.partition(" ")[2] or "不属于活动"
    if by == "channel":
        return {"scan": "扫码", "link": "点开链接"}.get(key, key)
    return poster_forms.KIND_NAMES.get(key, key) or "不带商品"


@subject.act("/posters/choose", may=OPERATIONS, again=posters)
def choose_template(visit: Visit) -> Done:
    """换一种海报用的模板"""
    form = Form(visit.given)
    kind = form.choice("kind", poster_forms.KIND_NAMES)
    own = poster_templates.of_merchant(visit.session, visit.seat.merchant_id)
    offered = _offered(kind, [row for row in own if not problems_of(visit.session, row)])
    template = form.choice("template", offered)
    form.check()
    poster_templates.choose(visit.session, visit.seat.merchant_id, kind, template, by=visit.seat.name, now=visit.now)
    return Done(f"{poster_forms.KIND_NAMES[kind]}从现在起用“{offered[template]}”。", url_for("console.posters"))


@subject.act("/posters/logo", may=OPERATIONS, again=posters)
def change_logo(visit: Visit) -> Done:
    """换店铺标志"""
    form, content = Form(visit.given), None
    try:
        content = uploads.picture(request.files.get("logo"))
    except uploads.BadUpload as error:
        form.wrong("logo", str(error))
    if content is None and not form.ticked("none"):
        form.wrong("logo", "请选一张图片")
    form.check()
    stored = pictures.store(visit.session, content, uploads.CONTENT_TYPE, now=visit.now) if content else None
    merchants.set_logo(visit.session, visit.seat.merchant_id, stored, by=visit.seat.name, now=visit.now)
    said = "店铺标志换好了，之后画的海报，二维码中间就是它。" if stored else "海报上不再放店铺标志。"
    return Done(said, url_for("console.posters"))


@subject.act("/posters/batches", may=OPERATIONS, again=posters)
def draw_batch(visit: Visit) -> Done:
    """给所有分销员先画好海报"""
    form = Form(visit.given)
    purpose = form.choice("purpose", {"shop": "", "invitation": "", "card": ""})
    form.check()
    row = poster_batches.start(
        visit.session, visit.seat.merchant_id, purpose=purpose, by=visit.seat.name, now=visit.now
    )
    return Done(f"开始画 {row.total} 张海报，在后台进行，刷新这一页看进度。", url_for("console.posters"))
