"""Pages for customers: who comes by a distributor's link or poster sees what was promised, and by whom."""

from urllib.parse import urlencode, urlsplit

from flask import Blueprint, Response, abort, render_template, request, session
from flask.typing import ResponseReturnValue

from distribution import merchants, pictures, policy, products, visits
from distribution.visits import Sender
from models import Product
from models.database import Session
from web import wechat_browser
from web.filters import add_filters
from web.parts import WebParts

_SHOWN = 30
_OTHERS = 6
_CAME = "came"


def links(parts: WebParts) -> Blueprint:
    """/s/{code}, /p/{product}, /pictures/{hash}."""
    pages = Blueprint("links", "web", template_folder="templates")
    add_filters(pages)
    shelf = _Shelf(parts)

    @pages.get("/s/<code>")
    def landing(code: str) -> ResponseReturnValue:
        with parts.database.reading() as db:
            sender = visits.sender_of(db, code)
        if sender is None:
            return shelf.shop(None, status=404, missing="这个链接找不到了，先看看店里现在有什么")
        login = wechat_browser.login(parts)
        if login is not None:
            return login
        shelf.arrive(sender)
        return shelf.product(sender.product_id, sender) if sender.product_id else shelf.shop(sender)

    @pages.get("/s/")
    def front() -> ResponseReturnValue:
        return shelf.shop(None)

    @pages.get("/p/<int:product_id>")
    def product(product_id: int) -> ResponseReturnValue:
        with parts.database.reading() as db:
            sender = visits.sender_of(db, request.args.get("d", ""))
        login = wechat_browser.login(parts) if sender else None
        if login is not None:
            return login
        if sender is not None and session.get(_CAME) != sender.code:
            shelf.arrive(sender)
        return shelf.product(product_id, sender)

    @pages.get("/pictures/<sha256>")
    def picture(sha256: str) -> ResponseReturnValue:
        return _picture(parts, sha256)

    return pages


def _picture(parts: WebParts, sha256: str) -> Response:
    with parts.database.reading() as db:
        found = pictures.load_by_hash(db, sha256.split(".")[0])
    if found is None:
        abort(404)
    headers = {"Cache-Control": "public, max-age=31536000, immutable"}
    return Response(found[0], content_type=found[1], headers=headers)


class _Shelf:
    """Shows the shop and its products with whoever recommends them."""

    def __init__(self, parts: WebParts) -> None:
        self._parts = parts

    def arrive(self, sender: Sender) -> None:
        """Record that somebody came by this sender."""
        parts, openid, now = self._parts, wechat_browser.openid(), self._parts.clock.now()

        def once(db: Session) -> None:
            terms = policy.for_distributors(db, now)
            visits.arrive(db, sender, appid=parts.app_id, openid=openid, policy=terms, now=now)

        parts.database.write(once)
        session[_CAME] = sender.code

    def _late(self, sender: Sender | None) -> str:
        """What is said to whoever comes by a poster that is past its time."""
        late = sender is not None and sender.ends is not None and sender.ends <= self._parts.clock.now()
        return "这张海报有些日子了，下面是现在的价格和库存" if late else ""

    def shop(self, sender: Sender | None, *, status: int = 200, missing: str = "") -> ResponseReturnValue:
        """The shop's page."""
        with self._parts.database.reading() as db:
            shop = merchants.first(db)
            goods = products.on_sale(db, _SHOWN)
        facts = {"shop": shop, "goods": goods, "sender": _named(sender), "missing": missing or self._late(sender)}
        return render_template("h5/shop.html", **facts), status

    def product(self, product_id: int, sender: Sender | None) -> ResponseReturnValue:
        """A product's page; one that cannot be bought offers others and keeps the recommender."""
        with self._parts.database.reading() as db:
            row = products.find(db, product_id)
            others = [each for each in products.on_sale(db, _OTHERS + 1) if each.id != product_id][:_OTHERS]
            seller = merchants.find(db, row.merchant_id) if row else None
        if row is None:
            return self.shop(sender, status=404, missing="这个商品找不到了，看看店里别的")
        facts = {"product": row, "others": others, "shop": seller, "sender": _named(sender)}
        facts["late"] = self._late(sender)
        return render_template(
            "h5/product.html", **facts, buy=_buy_address(row, sender), outside=not wechat_browser.is_wechat()
        )


def _named(sender: Sender | None) -> Sender | None:
    return sender if sender is not None and sender.active else None


def _buy_address(row: Product, sender: Sender | None) -> str | None:
    """The product's page in the mall, which is told who recommended it."""
    if not row.link or not row.on_sale or row.stock <= 0:
        return None
    if sender is None or not sender.active:
        return row.link
    parts = urlsplit(row.link)
    added = urlencode({"distributor_code": sender.code})
    return parts._replace(query=f"{parts.query}&{added}" if parts.query else added).geturl()
