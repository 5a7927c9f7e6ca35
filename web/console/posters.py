"""海报: the templates posters are drawn in, merchants' own ones, and what posters brought."""

import datetime as dt
import json
from typing import Any, cast

from flask import Response, abort, request, url_for

from distribution import merchants, pictures, poster_batches, poster_figures, poster_templates
from distribution import posters as operation
from distribution.poster_figures import By
from distribution.poster_templates import DEFAULT
from models import PosterTemplate
from posters import TEMPLATES, PosterError, PosterFacts, check_template, render
from posters.design import Design
from posters.documents import read
from posters.facts import Kind
from web import uploads
from web.console import poster_forms
from web.console.forms import Form, number
from web.console.visit import OPERATIONS, Done, Subject, Visit

subject = Subject()
_BY = {"template": "模板", "product": "商品", "kind": "种类", "poster": "海报", "channel": "来路"}
_DAYS = {"7": "近 7 天", "30": "近 30 天", "90": "近 90 天"}
_LONGEST_DOCUMENT = 6000
_EXAMPLE_LINK = "http://weixin.qq.com/q/02AbCdEfGhIjKlMnOpQr"


@subject.page("/posters/")
def posters(visit: Visit) -> str:
    """海报模板与转化"""
    merchant = visit.seat.merchant_id
    own = poster_templates.of_merchant(visit.session, merchant)
    by = visit.query.get("by", "template") if visit.query.get("by") in _BY else "template"
    days = visit.query.get("days", "30") if visit.query.get("days") in _DAYS else "30"
    since = visit.now - dt.timedelta(days=int(days))
    figures = poster_figures.conversion(
        visit.session, since=since, until=visit.now + dt.timedelta(seconds=1), by=cast(By, by), merchant_id=merchant
    )
    return visit.show(
        "posters.html",
        house=list(TEMPLATES.values()),
        own=own,
        kinds=poster_forms.KIND_NAMES,
        offered={kind: _offered(kind, own) for kind in poster_forms.KIND_NAMES},
        chosen={kind: poster_templates.chosen(visit.session, None, kind) for kind in poster_forms.KIND_NAMES}
        | poster_templates.choices(visit.session, merchant),
        figures=[(row, _named(row.key, by, own)) for row in figures],
        by=by,
        days=days,
        bys=_BY,
        spans=_DAYS,
        batches=poster_batches.of_merchant(visit.session, merchant),
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
    if by == "channel":
        return {"scan": "扫码", "link": "点开链接"}.get(key, key)
    return poster_forms.KIND_NAMES.get(key, key) or "不带商品"


@subject.act("/posters/choose", may=OPERATIONS, again=posters)
def choose_template(visit: Visit) -> Done:
    """换一种海报用的模板"""
    form = Form(visit.given)
    kind = form.choice("kind", poster_forms.KIND_NAMES)
    offered = _offered(kind, poster_templates.of_merchant(visit.session, visit.seat.merchant_id))
    template = form.choice("template", offered)
    form.check()
    poster_templates.choose(visit.session, visit.seat.merchant_id, kind, template, by=visit.seat.name, now=visit.now)
    return Done(f"{poster_forms.KIND_NAMES[kind]}从现在起用“{offered[template]}”。", url_for("console.posters"))


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


@subject.page("/posters/templates/new", may=OPERATIONS)
def new_template(visit: Visit) -> str:
    """新建海报模板"""
    return _editor(visit, None)


@subject.page("/posters/templates/<int:template_id>", may=OPERATIONS)
def template(visit: Visit, template_id: int) -> str:
    """改海报模板"""
    return _editor(visit, poster_templates.get(visit.session, visit.seat.merchant_id, template_id))


def _editor(visit: Visit, row: PosterTemplate | None) -> str:
    return visit.show(
        "poster_template.html",
        row=row,
        values=poster_forms.values_of(row.document if row else None),
        parts=poster_forms.PARTS,
        part_word=poster_forms.word,
        lettered=poster_forms.lettered,
        sizes=poster_forms.SIZE_NAMES,
        kinds=poster_forms.KIND_NAMES,
        name=poster_templates.name_of(row) if row else "",
    )


@subject.act("/posters/templates/new", may=OPERATIONS, again=new_template)
def add_template(visit: Visit) -> Done:
    """存新模板"""
    return _save(visit, None)


@subject.act("/posters/templates/<int:template_id>", may=OPERATIONS, again=template)
def change_template(visit: Visit, template_id: int) -> Done:
    """改模板"""
    return _save(visit, poster_templates.get(visit.session, visit.seat.merchant_id, template_id))


def _save(visit: Visit, row: PosterTemplate | None) -> Done:
    form = Form(visit.given)
    document = poster_forms.read_form(form, visit.given)
    background_id = _background(visit, form, row)
    form.check()
    stored = pictures.load(visit.session, background_id) if background_id else None
    for problem in check_template(document, stored[0] if stored else None):
        form.wrong(problem.part or "document", problem.said)
    form.check()
    saved = poster_templates.save(
        visit.session,
        visit.seat.merchant_id,
        row.id if row else None,
        title=str(document["title"]),
        document=document,
        background_id=background_id,
        by=visit.seat.name,
        now=visit.now,
    )
    said = f"模板“{saved.title}”已保存。在海报页里选用它，之后画的海报就是这个样子。"
    return Done(said, url_for("console.template", template_id=saved.id))


def _background(visit: Visit, form: Form, row: PosterTemplate | None) -> int | None:
    try:
        content = uploads.picture(request.files.get("background"))
    except uploads.BadPicture as error:
        form.wrong("background", str(error))
        return None
    if content:
        return pictures.store(visit.session, content, uploads.CONTENT_TYPE, now=visit.now)
    return None if row is None or form.ticked("plain") else row.background_id


@subject.page("/posters/preview")
def poster_preview(visit: Visit) -> Any:
    """用真实商品看一眼模板"""
    try:
        drawn = render(_example(visit, _design(visit)))
    except (PosterError, ValueError):
        abort(404)
    return Response(drawn, content_type="image/jpeg")


def _design(visit: Visit) -> Design:
    name, told = visit.query.get("template", ""), visit.query.get("document", "")
    name = name or ("" if told else DEFAULT)
    if name in TEMPLATES:
        return TEMPLATES[name]
    background, document = None, None
    template_id = number(name.removeprefix("own:"))
    if template_id is not None:
        row = poster_templates.get(visit.session, visit.seat.merchant_id, template_id)
        stored = pictures.load(visit.session, row.background_id) if row.background_id else None
        background, document = stored[0] if stored else None, row.document
    if told and len(told) <= _LONGEST_DOCUMENT:
        document = json.loads(told)
    return read("own", document or {}, background)


def _example(visit: Visit, design: Design) -> PosterFacts:
    product = poster_templates.example(visit.session, visit.seat.merchant_id)
    shop = merchants.find(visit.session, visit.seat.merchant_id)
    return PosterFacts(
        product=product.name if product else "云岭春茶 250g",
        price_fen=product.price_fen if product else 8900,
        picture=operation.own_picture(visit.session, product.image_url) if product else None,
        shop=shop.name if shop else "",
        name="小雅",
        slogan="好东西，分享给懂的你",
        url=_EXAMPLE_LINK,
        kind=cast(Kind, design.kinds[0]),
        design=design,
    )
