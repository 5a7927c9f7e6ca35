"""素材: words and pictures for distributors to share, and the way to send them."""

from collections.abc import Callable

from flask import request, url_for
from werkzeug.datastructures import FileStorage

from distribution import campaign_lists, films, pictures, products, stock
from distribution import materials as operation
from web import uploads
from web.console.audiences import audiences, plan, poster_choices, suggested_time
from web.console.forms import Form, number
from web.console.visit import OPERATIONS, Done, Subject, Visit

subject = Subject()
#: Gives the bytes of an upload, None without one, or raises BadUpload.
Read = Callable[[FileStorage | None], bytes | None]
#: A picture and a film, with what a form puts around them.
_LARGEST = films.MOST_BYTES + uploads.MOST_BYTES + 1024 * 1024


@subject.page("/materials/")
def materials(visit: Visit) -> str:
    """素材与群发"""
    merchant = visit.seat.merchant_id
    return visit.show(
        "materials.html",
        materials=[
            (each, campaign_lists.picture_address(visit.session, each))
            for each in operation.list_of(visit.session, merchant)
        ],
        withdrawn=stock.withdrawn_material(visit.session, merchant),
        campaigns=campaign_lists.campaigns(visit.session, merchant),
        may_change=visit.seat.role in OPERATIONS,
    )


@subject.page("/materials/new", may=OPERATIONS)
def new_material(visit: Visit) -> str:
    """新建素材并群发"""
    return visit.show(
        "material.html",
        audiences=audiences(visit.session),
        suggested=suggested_time(visit.now),
        posters=poster_choices(visit.session, visit.seat.merchant_id),
        offered=_offered(visit),
        title_most=operation.TITLE_MOST,
        text_most=operation.TEXT_MOST,
    )


@subject.act("/materials/new", may=OPERATIONS, again=new_material, largest=_LARGEST)
def add_material(visit: Visit) -> Done:
    """存素材，要群发就接着看发给谁"""
    form = Form(visit.given)
    title, text = form.text("title", most=operation.TITLE_MOST), form.text("text", most=operation.TEXT_MOST)
    picture_id, video_id, product_id = _picture(visit, form), _film(visit, form), _product(visit, form)
    sending = visit.given.get("then") != "keep"
    plans = plan(visit, form) if sending else None
    form.check()
    row = operation.create(
        visit.session,
        visit.seat.merchant_id,
        title=title,
        text=text,
        picture_id=picture_id,
        product_id=product_id,
        video_id=video_id,
        by=visit.seat.name,
        now=visit.now,
    )
    if plans is None:
        return Done(f"素材“{row.title}”已保存。", url_for("console.materials"))
    campaign = plans(row.id)
    return Done("请核对发给谁，再批准。", url_for("console.campaign", campaign_id=campaign.id))


def _offered(visit: Visit) -> dict[str, str]:
    rows = products.of_merchant(visit.session, visit.seat.merchant_id)
    return {"": "不限商品"} | {str(row.id): row.name for row in rows}


def _product(visit: Visit, form: Form) -> int | None:
    """What the material is about; a form that does not ask is about nothing in particular."""
    return number(form.choice("product", _offered(visit))) if visit.given.get("product") else None


def _picture(visit: Visit, form: Form) -> int | None:
    return _stored(visit, form, "picture", read=uploads.picture, content_type=uploads.CONTENT_TYPE)


def _film(visit: Visit, form: Form) -> int | None:
    return _stored(visit, form, "video", read=uploads.film, content_type=films.CONTENT_TYPE)


def _stored(visit: Visit, form: Form, name: str, *, read: Read, content_type: str) -> int | None:
    try:
        content = read(request.files.get(name))
    except uploads.BadUpload as error:
        form.wrong(name, str(error))
        return None
    return pictures.store(visit.session, content, content_type, now=visit.now) if content else None
