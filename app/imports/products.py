"""Products: a row each, by sku within a merchant."""

import re

from pydantic import ValidationError
from pydantic_core import ErrorDetails

from app.imports import words
from app.imports.desk import Desk, chunks
from app.imports.spool import Keys, Row, Spool, Wrong
from distribution import imported_products
from distribution.imported_products import Told
from web.shapes import ProductBody, ProductPath

_YUAN = re.compile(r"[¥￥]?(\d{1,11}|\d{1,3}(?:,\d{3}){1,3})(?:\.(\d{1,2}))?(?:元)?", re.ASCII)
_COLUMN_OF = {"price_fen": "price_yuan"}


class Products:
    """The same as PUT /api/v1/products; an empty cell leaves what stands."""

    noun = "商品"
    columns: tuple[str, ...] = ("sku", "name", "price_yuan", "stock", "category", "image_url", "link", "merchant")
    required = frozenset(("sku", "name", "price_yuan", "stock"))

    def keys(self, desk: Desk, row: Row) -> Keys:
        """A sku stands once for each merchant."""
        sku, merchant = desk.cell(row, "sku"), desk.cell(row, "merchant")
        owner = desk.shop.merchants.get(merchant, merchant) or desk.shop.merchant_id
        return Keys(f"{owner}:{sku}" if sku else "")

    def check(self, desk: Desk, row: Row) -> Wrong | None:
        """Every row stands for itself."""
        return None

    def land(self, desk: Desk, spool: Spool) -> None:
        """Take the products over, so many a transaction."""
        for groups in chunks(spool.groups()):
            firsts = [group[0][0] for group in groups]
            read = [(row, row.wrong or _read(desk, row)) for row in firsts]
            for what in _put(desk, [told for _, told in read if isinstance(told, Told)]):
                desk.landed(what)
            for row, told in read:
                if isinstance(told, Wrong):
                    desk.reject(row, told)
            for first, group in zip(firsts, groups, strict=True):
                for again in group[0][1:]:
                    desk.reject(again, Wrong("sku", f"与第 {first.line} 行重复"))


def _put(desk: Desk, told: list[Told]) -> list[str]:
    now = desk.shop.clock.now()
    return desk.write(lambda session: imported_products.take_all(session, told, file=desk.file, now=now))


def _read(desk: Desk, row: Row) -> Told | Wrong:
    cells = desk.told(row, Products.columns)
    merchant = cells.pop("merchant", "")
    if merchant and merchant not in desk.shop.merchants:
        return Wrong("merchant", f"没有叫{words.shown(merchant)}的商家")
    price = cells.pop("price_yuan", "")
    fen = _fen(price)
    if price and fen is None:
        return Wrong("price_yuan", f"{words.shown(price)}不是金额，要写成 89 或 89.90 这样")
    facts = {**cells, "stock": words.whole(cells["stock"])} if "stock" in cells else {**cells}
    try:
        sku = ProductPath.model_validate({"sku": facts.pop("sku", "")}).sku
        body = ProductBody.model_validate(facts | ({} if fen is None else {"price_fen": fen}))
    except ValidationError as error:
        return _wrong(error.errors(include_url=False)[0])
    return Told(desk.shop.merchants.get(merchant, desk.shop.merchant_id), sku, body.facts())


def _wrong(item: ErrorDetails) -> Wrong:
    column = str(item["loc"][0])
    return Wrong(_COLUMN_OF.get(column, column), words.reason(item))


def _fen(cell: str) -> int | None:
    found = _YUAN.fullmatch(cell)
    if found is None:
        return None
    whole, cents = found.groups()
    return int(whole.replace(",", "")) * 100 + int((cents or "").ljust(2, "0"))
