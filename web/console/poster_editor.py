"""One template of one's own: its form, its problems by name, and how it looks with a real product."""

import json
from collections.abc import Mapping
from functools import lru_cache
from typing import Any, cast

from flask import Response, abort, request, url_for

from distribution import merchants, pictures, poster_templates
from distribution import posters as operation
from distribution.poster_templates import DEFAULT
from models import PosterTemplate
from models.database import Session
from posters import TEMPLATES, PosterError, PosterFacts, check_template, render
from posters.checking import Problem
from posters.design import Design
from posters.documents import read
from posters.facts import Kind
from web import uploads
from web.console import poster_forms
from web.console.forms import Form, number
from web.console.visit import OPERATIONS, Done, Subject, Visit

subject = Subject()
_LONGEST_DOCUMENT = 6000
_EXAMPLE_LINK = "http://weixin.qq.com/q/02AbCdEfGhIjKlMnOpQr"


@subject.page("/posters/templates/new", may=OPERATIONS)
def new_template(visit: Visit) -> str:
    """新建海报模板"""
    return _editor(visit, None)


@subject.page("/posters/templates/<int:template_id>", may=OPERATIONS)
def template(visit: Visit, template_id: int) -> str:
    """改海报模板"""
    return _editor(visit, poster_templates.get(visit.session, visit.seat.merchant_id, template_id))


def problems_of(session: Session, row: PosterTemplate) -> list[Problem]:
    """What speaks against a stored template; nothing when it may be chosen."""
    return list(_problems(json.dumps(row.document, sort_keys=True), _stored(session, row.background_id)))


@lru_cache(maxsize=64)
def _problems(document: str, background: bytes | None) -> tuple[Problem, ...]:
    return tuple(check_template(json.loads(document), background))


def _stored(session: Session, picture_id: int | None) -> bytes | None:
    stored = pictures.load(session, picture_id) if picture_id else None
    return stored[0] if stored else None


def _editor(visit: Visit, row: PosterTemplate | None) -> str:
    document = row.document if row else None
    faults = problems_of(visit.session, row) if row and not visit.errors else []
    return visit.show(
        "poster_template.html",
        row=row,
        values=poster_forms.values_of(document),
        parts=poster_forms.PARTS,
        part_word=poster_forms.word,
        lettered=poster_forms.lettered,
        sizes=poster_forms.SIZE_NAMES,
        kinds=poster_forms.KIND_NAMES,
        name=poster_templates.name_of(row) if row else "",
        faults=faults,
        place_word=poster_forms.place,
        chosen=row is not None and _in_use(visit.session, row),
        wrong={name.split(".")[0] for name in visit.errors if "." in name} | {fault.part for fault in faults},
        shown=json.dumps(_shown(visit, document), ensure_ascii=False),
    )


def _shown(visit: Visit, document: Mapping[str, Any] | None) -> Mapping[str, Any]:
    """What the preview draws: the form as it was sent, else what is stored, else the beginning of a new one."""
    if visit.given:
        return poster_forms.read_form(Form(visit.given), visit.given)
    return document or poster_forms.beginning()


@subject.act("/posters/templates/new", may=OPERATIONS, again=new_template)
def add_template(visit: Visit) -> Done:
    """存新模板"""
    return _save(visit, None)


@subject.act("/posters/templates/<int:template_id>", may=OPERATIONS, again=template)
def change_template(visit: Visit, template_id: int) -> Done:
    """改模板"""
    return _save(visit, poster_templates.get(visit.session, visit.seat.merchant_id, template_id))


def _save(visit: Visit, row: PosterTemplate | None) -> Done:
    """A sound template may be chosen; one with faults is kept as a draft, unless posters are drawn in it now."""
    session, merchant_id, form = visit.session, visit.seat.merchant_id, Form(visit.given)
    document = poster_forms.read_form(form, visit.given)
    background_id = _background(visit, form, row)
    form.check()
    faults = check_template(document, _stored(session, background_id))
    if (row and _in_use(session, row)) or any(fault.code == "document" for fault in faults):
        for fault in faults:
            form.wrong(f"{fault.part or 'document'}.", fault.said)
        form.check()
    facts: dict[str, Any] = {"title": str(document["title"]), "document": document, "background_id": background_id}
    kept = row.id if row else None
    saved = poster_templates.save(session, merchant_id, kept, **facts, by=visit.seat.name, now=visit.now)
    said = f"模板“{saved.title}”已保存。到海报页选用它，之后画的海报就是这个样子。"
    if faults:
        said = f"“{saved.title}”先存成草稿，改好下面 {len(faults)} 处就能选用。"
    return Done(said, url_for("console.template", template_id=saved.id))


def _in_use(session: Session, row: PosterTemplate) -> bool:
    return poster_templates.name_of(row) in poster_templates.choices(session, row.merchant_id).values()


def _background(visit: Visit, form: Form, row: PosterTemplate | None) -> int | None:
    try:
        content = uploads.picture(request.files.get("background"))
    except uploads.BadUpload as error:
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
        background, document = _stored(visit.session, row.background_id), row.document
    if told and len(told) <= _LONGEST_DOCUMENT:
        document = json.loads(told)
    return read("own", document or {}, background)


def _example(visit: Visit, design: Design) -> PosterFacts:
    product = poster_templates.example(visit.session, visit.seat.merchant_id)
    found = merchants.find(visit.session, visit.seat.merchant_id)
    shop, kind = found.name if found else "", cast(Kind, design.kinds[0])
    title, picture = shop, None
    if kind in ("product", "campaign"):
        title = product.name if product else "云岭春茶 250g"
        picture = operation.own_picture(visit.session, product.image_url) if product else None
    return PosterFacts(
        product=title,
        price_fen=product.price_fen if product else 8900,
        picture=picture,
        logo=operation.shop_logo(visit.session, visit.seat.merchant_id),
        struck_fen=product.struck_fen if product else None,
        shop=shop,
        name="小雅",
        slogan=operation.slogan(kind),
        url=_EXAMPLE_LINK,
        kind=kind,
        design=design,
    )
