"""A customer's time line in words: what happened, and why it did or did not change whose customer it is."""

from distribution.binding_rows import RECOVERED
from distribution.customers import Moment
from distribution.rules.calendar import shown_time

_WORDS = {
    "bind": ("成为客户", ""),
    "keep": ("点了推广，归属不变", "在保护期内、已被锁定，或本来就归这位"),
    "self": ("点了自己的推广", "自己不能成为自己的客户"),
    "ignored": ("点了推广，不计", "当时这位分销员不是正常状态"),
    "invited": ("竞争：抢到一次机会", "在此之前下单就改归这位"),
    "not_new": ("点了推广，没有绑定", "只绑定新客户，已超过新客时限"),
    "renewed": ("下单，续期", ""),
    "rebound": ("下单，改归", "在竞争的时限内下了单"),
    "locked": ("首单，锁定", "从此不再改变"),
    "nobody": ("下单，没有归属", "当时没有有效的绑定"),
    "unbound": ("商家解绑", "立即生效"),
    "transferred": ("商家转移", "重新计算期限"),
    "released": ("解绑", "分销员已清退"),
    "expired": ("到期", "期间没有再下单"),
    "counted": ("订单计给", "下单时已定，以后不变"),
}
_CHANNELS = {
    "link": "链接", "manual": "人工", "term": "期限", "terminated": "清退", "scene": "扫码", "order": "订单",
    "dispute": "争议", "coupon": "优惠券", RECOVERED: "找回账号",
}  # fmt: skip


def told(moment: Moment) -> tuple[str, str, str]:
    """What happened, why, and by which way."""
    word, why = _WORDS.get(moment.kind, (moment.kind, ""))
    if moment.kind == "keep" and moment.channel.startswith("order:"):
        word, why = "下单，归属不变", ""
    if moment.channel == RECOVERED:
        why = "成了这个账号的本人，自己不能成为自己的客户"
    ends = []
    if moment.protected_until is not None:
        ends.append(f"保护到 {shown_time(moment.protected_until)}")
    if moment.valid_until is not None:
        until = shown_time(moment.valid_until)
        ends.append(f"{until} 前有效" if moment.kind != "invited" else f"截至 {until}")
    return word, "；".join([*filter(None, [moment.reason, why]), *ends]), _way(moment)


def _way(moment: Moment) -> str:
    if moment.kind == "counted":
        return f"订单 {moment.channel}"
    kind, _, rest = moment.channel.partition(":")
    if kind == "order" and rest:
        return f"订单 {rest.partition(':')[2] or rest}"
    return _CHANNELS.get(kind, kind) + (f" {rest}" if rest else "")
