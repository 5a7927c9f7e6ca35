"""A reply becomes the XML of a passive answer: cut to WeChat's limits, unable to break out of its fields."""

import datetime as dt

from bot.markup import cdata
from bot.messages import Message
from bot.replies import Articles, Image, Reply, shown

LONGEST_TEXT = 2048
_MORE = "…"


def rendered(reply: Reply, message: Message, now: dt.datetime) -> str:
    """The plain XML answering ``message``; empty when there is nothing to show."""
    inside = _inside(reply)
    if not inside:
        return ""
    return (
        f"<xml><ToUserName>{cdata(message.openid)}</ToUserName><FromUserName>{cdata(message.account)}</FromUserName>"
        f"<CreateTime>{int(now.timestamp())}</CreateTime>{inside}</xml>"
    )


def _inside(reply: Reply) -> str:
    match reply:
        case Image(media_id):
            return f"<MsgType><![CDATA[image]]></MsgType><Image><MediaId>{cdata(media_id)}</MediaId></Image>"
        case Articles():
            return _article(reply)
        case _:
            text = cut(shown(reply))
            return f"<MsgType><![CDATA[text]]></MsgType><Content>{cdata(text)}</Content>" if text.strip() else ""


def _article(reply: Articles) -> str:
    fields = (
        ("Title", reply.title),
        ("Description", reply.description),
        ("PicUrl", reply.picture_url),
        ("Url", reply.url),
    )
    item = "".join(f"<{name}>{cdata(text)}</{name}>" for name, text in fields)
    return f"<MsgType><![CDATA[news]]></MsgType><ArticleCount>1</ArticleCount><Articles><item>{item}</item></Articles>"


def cut(text: str, limit: int = LONGEST_TEXT) -> str:
    """At most ``limit`` bytes of the text: cut at a line's end with …, never inside a link or a character."""
    if len(text) * 4 <= limit or len(text.encode("utf-8", "ignore")) <= limit:
        return text
    room = limit - len(f"\n{_MORE}".encode())
    head = text.encode("utf-8", "ignore")[: room + 1].decode("utf-8", "ignore")
    lines, _, rest = head.rpartition("\n")
    shorter = lines if lines.strip() else (lines + rest).encode()[:room].decode("utf-8", "ignore")
    shorter = _outside_links(shorter)
    return (shorter.rstrip() + ("\n" if lines.strip() else "") + _MORE) if shorter.strip() else _MORE


def _outside_links(text: str) -> str:
    opened = text.rfind("<a")
    return text[:opened] if opened > text.rfind("</a>") else text
