"""商品: what is sold, for how much, and what selling it earns."""

import hashlib
from collections.abc import Mapping
from typing import Any

from flask import request, url_for

from distribution import margins, pictures, policy
from distribution import products as operation
from distribution.products import KEPT, ProductFacts
from distribution.refusals import Code, Refusal
from distribution.rules.money import yuan
from distribution.rules.rates import KINDS
from models import Product
from web import uploads
from web.console import product_form
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
    agents = margins.has_agents(visit.session, merchant)
    return visit.show(
        "products.html",
        rows=[
            (each, operation.commission_hint(each, terms), margins.worst(terms, each, agents=agents)) for each in rows
        ],
        words=words,
        may_change=visit.seat.role in OPERATIONS,
    )


@subject.page("/products/new", may=OPERATIONS)
def new_product(visit: Visit) -> str:
    """新增商品"""
    return _page(visit, None)


@subject.page("/products/<int:product_id>")
def product(visit: Visit, product_id: int) -> str:
    """一个商品"""
    return _page(visit, operation.get(visit.session, visit.seat.merchant_id, product_id))


def _page(visit: Visit, row: Product | None) -> str:
    session, merchant = visit.session, visit.seat.merchant_id
    terms = policy.in_force(session, merchant, visit.now)
    agents = margins.has_agents(session, merchant)
    own = (row.rule or {}).get("level_rate_bp") if row else None
    matrix = own if isinstance(own, dict) else {}
    names = product_form.level_names(session, matrix)
    return visit.show(
        "product.html",
        row=row,
        terms=terms,
        kinds=KINDS[: terms.depth],
        way=visit.given.get("way") or product_form.way_of(row),
        level_names=names,
        matrix=[matrix.get(name, {}) for name in names],
        categories=operation.categories(session, merchant),
        usual=margins.usual(terms, row, agents=agents) if row else None,
        worst=margins.worst(terms, row, agents=agents) if row else None,
        may_change=visit.seat.role in OPERATIONS,
    )


@subject.act("/products/new", may=OPERATIONS, again=new_product)
def add_product(visit: Visit) -> Done:
    """新增"""
    form = Form(visit.given)
    sku = form.text("sku", most=64)
    if any(each in sku for each in " /:\\\n\t"):
        form.wrong("sku", "编号里不能有空格、斜杠和冒号")
    facts, own = _facts(visit, form), _own_rule(visit, form, {})
    form.check()
    _margin(visit, form, sku, facts, own=own)
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
    held = (row.rule or {}).get("level_rate_bp")
    facts, own = _facts(visit, form), _own_rule(visit, form, held if isinstance(held, dict) else {})
    form.check()
    _margin(visit, form, row.sku, facts, own=own)
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
        cost_fen=form.fen("cost") if visit.given.get("cost", "").strip() else None,
        struck_fen=_struck(visit, form),
        restock_on=form.day("restock_on") if visit.given.get("restock_on", "").strip() else None,
        link=link or None,
        on_sale=form.ticked("on_sale"),
        image_url=_picture(visit, form),
    )


def _struck(visit: Visit, form: Form) -> int | None:
    """The price that is shown struck through: above the price, or it says nothing."""
    if not visit.given.get("struck", "").strip():
        return None
    fen = form.fen("struck")
    if fen <= form.fen("price"):
        form.wrong("struck", "划线价要比价格高，不用就留空")
    return fen


def _picture(visit: Visit, form: Form) -> Any:
    try:
        content = uploads.picture(request.files.get("picture"))
    except uploads.BadUpload as error:
        form.wrong("picture", str(error))
        return KEPT
    if content is None:
        return KEPT
    pictures.store(visit.session, content, uploads.CONTENT_TYPE, now=visit.now)
    return f"/pictures/{hashlib.sha256(content).hexdigest()}"


def _own_rule(visit: Visit, form: Form, matrix: Mapping[str, Any]) -> dict[str, Any] | None:
    terms = policy.in_force(visit.session, visit.seat.merchant_id, visit.now)
    names = product_form.level_names(visit.session, matrix)
    return product_form.own_rule(form, visit.given, kinds=KINDS[: terms.depth], levels=names)


def _margin(visit: Visit, form: Form, sku: str, facts: ProductFacts, *, own: dict[str, Any] | None) -> None:
    """Refuse what would pay more than the product earns, unless somebody says that this is known (R29)."""
    session, merchant = visit.session, visit.seat.merchant_id
    if not isinstance(facts.cost_fen, int) or form.ticked("accept_loss"):
        return
    terms = policy.in_force(session, merchant, visit.now)
    category = facts.category if isinstance(facts.category, str) else None
    offered = margins.Offered(facts.name, sku, facts.price_fen, facts.cost_fen, category, own)
    found = margins.worst(terms, offered, agents=margins.has_agents(session, merchant))
    if found.left_fen < 0:
        form.wrong(
            "accept_loss",
            f"{found.quantity} 件卖 {yuan(found.price_fen)}，成本 {yuan(found.cost_fen or 0)}，"
            f"奖励最多 {yuan(found.rewards_fen)}，会亏 {yuan(-found.left_fen)}。请调低，或打勾确认。",
        )
        form.check()


def _note(visit: Visit, row: Product, action: str) -> None:
    facts = {"price_fen": row.price_fen, "stock": row.stock, "on_sale": row.on_sale}
    operation.note(visit.session, row, action, facts, by=visit.seat.name, now=visit.now)
