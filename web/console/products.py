"""商品: what is sold, for how much, and what selling it earns."""

import hashlib
from typing import Any

from flask import request, url_for

from distribution import pictures, policy
from distribution import products as operation
from distribution.products import KEPT, ProductFacts
from distribution.refusals import Code, Refusal
from models import Product
from web import uploads
from web.console.forms import Form
from web.console.visit import OPERATIONS, Done, Subject, Visit

subject = Subject()


@subject.page("/products/")
def products(visit: Visit) -> str:
    """商品列表"""
    words = visit.query.get("q", "").strip()[:50]
    merchant = visit.seat.merchant_id
    terms = policy.in_force(visit.session, merchant, visit.now)
    rows = operation.of_merchant(visit.session, merchant, words=words)
    return visit.show(
        "products.html",
        rows=[(each, operation.commission_hint(each, terms)) for each in rows],
        words=words,
        may_change=visit.seat.role in OPERATIONS,
    )


@subject.page("/products/new", may=OPERATIONS)
def new_product(visit: Visit) -> str:
    """新增商品"""
    terms = policy.in_force(visit.session, visit.seat.merchant_id, visit.now)
    return visit.show("product.html", row=None, terms=terms, may_change=True)


@subject.page("/products/<int:product_id>")
def product(visit: Visit, product_id: int) -> str:
    """一个商品"""
    row = operation.get(visit.session, visit.seat.merchant_id, product_id)
    terms = policy.in_force(visit.session, visit.seat.merchant_id, visit.now)
    return visit.show("product.html", row=row, terms=terms, may_change=visit.seat.role in OPERATIONS)


@subject.act("/products/new", may=OPERATIONS, again=new_product)
def add_product(visit: Visit) -> Done:
    """新增"""
    form = Form(visit.given)
    sku = form.text("sku", most=64)
    if any(each in sku for each in " /:\\\n\t"):
        form.wrong("sku", "编号里不能有空格、斜杠和冒号")
    facts, own = _facts(visit, form), _own_rates(form)
    form.check()
    if operation.find_by_sku(visit.session, visit.seat.merchant_id, sku) is not None:
        raise Refusal(Code.NAME_TAKEN, name=sku)
    row = operation.put(visit.session, visit.seat.merchant_id, sku, facts, now=visit.now)
    _note(visit, row, "product.created")
    if own is not None:
        operation.set_rule(visit.session, row.merchant_id, row.id, own, by=visit.seat.name, now=visit.now)
    return Done(f"“{row.name}”已新增。", url_for("console.products"))


@subject.act("/products/<int:product_id>", may=OPERATIONS, again=product)
def change_product(visit: Visit, product_id: int) -> Done:
    """修改"""
    row = operation.get(visit.session, visit.seat.merchant_id, product_id)
    form = Form(visit.given)
    facts, own = _facts(visit, form), _own_rates(form)
    form.check()
    row = operation.put(visit.session, row.merchant_id, row.sku, facts, now=visit.now)
    _note(visit, row, "product.changed")
    if own != row.rule:
        operation.set_rule(visit.session, row.merchant_id, row.id, own, by=visit.seat.name, now=visit.now)
    return Done(f"“{row.name}”已保存。", url_for("console.products"))


def _facts(visit: Visit, form: Form) -> ProductFacts:
    link = form.text("link", most=500, needed=False)
    if link and not link.startswith(("https://", "http://")):
        form.wrong("link", "要以 https:// 开头")
    return ProductFacts(
        name=form.text("name", most=100),
        price_fen=form.fen("price"),
        stock=form.whole("stock", most=10**9),
        category=form.text("category", most=40, needed=False) or None,
        link=link or None,
        on_sale=form.ticked("on_sale"),
        image_url=_picture(visit, form),
    )


def _picture(visit: Visit, form: Form) -> Any:
    try:
        content = uploads.picture(request.files.get("picture"))
    except uploads.BadPicture as error:
        form.wrong("picture", str(error))
        return KEPT
    if content is None:
        return KEPT
    pictures.store(visit.session, content, uploads.CONTENT_TYPE, now=visit.now)
    return f"/pictures/{hashlib.sha256(content).hexdigest()}"


def _own_rates(form: Form) -> dict[str, Any] | None:
    """The product's own rates; both have to be told, since what is left out is nothing."""
    way = form.choice("way", {"store": 1, "own": 1, "fixed": 1, "off": 1})
    if way == "own":
        return {"rate_bp": {"l1": form.bp("l1"), "l2": form.bp("l2")}}
    if way == "fixed":
        return {"fixed_fen": {"l1": form.fen("fixed_l1"), "l2": form.fen("fixed_l2")}}
    return {"disabled": True} if way == "off" else None


def _note(visit: Visit, row: Product, action: str) -> None:
    facts = {"price_fen": row.price_fen, "stock": row.stock, "on_sale": row.on_sale}
    operation.note(visit.session, row, action, facts, by=visit.seat.name, now=visit.now)
