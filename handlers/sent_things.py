"""What people send that is not text: pictures, voice without words, stickers, places, links, films."""

from bot.context import Context
from bot.messages import Sent, Voice
from bot.next_steps import Way, offer
from bot.replies import Reply, Text
from distribution import poster_lists, sent_pictures

_LINES = {
    "location": "位置收到啦，不过收货地址要在下单页面里填。",
    "link": "链接收到啦，我打不开外面的网页。",
    "video": "视频收到啦，可惜我看不懂。",
    "shortvideo": "视频收到啦，可惜我看不懂。",
    "file": "文件收到啦，可惜我看不懂。",
}
_CALLED = {"image": "图片", "location": "位置", "link": "链接", "video": "视频", "shortvideo": "视频"}
_NEXT = "想做什么直接说，或回复“菜单”；找真人回复“人工”。"


def picture(ctx: Context) -> Reply:
    """A picture: a poster whose code is being read, a payment, or a complaint's proof."""
    opening = "图片收到了，我先看看里面的二维码，几秒后告诉你。" if _looked_at(ctx) else "图片收到了，前面几张还在看。"
    if ctx.person.state == "active":
        last = poster_lists.newest(ctx.session, ctx.distributor_id)
        about = f"\n（你最近一张海报是“{last.product[:16]}”）" if last and last.product else ""
        return offer(
            f"{opening}{about}\n要是别的，它是：",
            Way("付款截图，想查订单", say="查订单"),
            Way("海报，想再做一张", say="生成海报"),
            Way("问题截图，交给店铺", say="人工"),
        )
    return offer(
        f"{opening}\n要是别的，它是：",
        Way("付款截图，想查订单", say="我的订单"),
        Way("看全部商品"),
        Way("问题截图，交给店铺", say="人工"),
    )


def _looked_at(ctx: Context) -> bool:
    message = ctx.message
    media_id = message.media_id if isinstance(message, Sent) else None
    return media_id is not None and sent_pictures.ask(
        ctx.session, ctx.member_id, media_id, key=message.key, now=ctx.now
    )


def as_line(message: Sent | Voice) -> str:
    """A picture, a voice, a place or the like as a line of a ticket: where it can be looked at, or what it names."""
    if isinstance(message, Voice):
        return f"【语音】{message.media_id or ''}"
    told = (message.facts.get(name) for name in ("PicUrl", "Url", "Label"))
    where = next(filter(None, told), None) or message.media_id or ""
    return f"【{_CALLED.get(message.kind, '文件')}】{where[:300]}"


def line_for(ctx: Context) -> Reply | None:
    """One friendly line for what is neither text nor picture; None for those."""
    message = ctx.message
    if isinstance(message, Voice):
        return Text("这条语音没有转成文字，我没听清。麻烦打字说一遍，或再说慢一点。\n" + _NEXT)
    if isinstance(message, Sent):
        return Text(f"{_LINES.get(message.kind, '收到啦😄')}\n{_NEXT}")
    return None
