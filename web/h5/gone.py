"""The page for a private address that opens nothing: what it was for, and what to type in the chat for a new one."""

from flask import render_template
from flask.typing import ResponseReturnValue

from distribution import merchants
from distribution.links import Opened
from web.h5.private import private
from web.parts import WebParts

#: purpose → what is said of a link that is over, and what gives a new one.
_TOLD = {
    "withdrawal": ("钱都在，没有任何变动。", "提现进度"),
    "statement": ("对账单只给你本人看，所以链接 24 小时内有效。", "对账单"),
    "realname": ("为了保护你的身份信息，链接 1 小时内有效，核对通过就作废。", "实名核对"),
    "recover": ("为了账号安全，链接 24 小时内有效。已经提交的照常核对，不用再填。", "找回账号"),
}


def gone(parts: WebParts, purpose: str, opened: Opened) -> ResponseReturnValue:
    """410 for an address that was ours and is over, 404 for any other; both say what to reply in the chat."""
    with parts.database.reading() as session:
        shop = merchants.first(session)
    why, word = _TOLD[purpose]
    page = render_template("h5/gone.html", shop=shop, why=why, word=word, lapsed=opened.lapsed)
    return private(page, 410 if opened.lapsed else 404)
