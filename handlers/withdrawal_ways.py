"""Where withdrawn money goes: to WeChat, and where the shop allows it to a bank card or the balance of the mall."""

from dataclasses import dataclass

from bot.context import Context
from bot.router import plain
from distribution import withdrawals
from distribution.rules import bank_cards, masking
from distribution.rules.withdrawal import Channel
from handlers.choices import choice

_CALLED: dict[Channel, str] = {"wechat": "微信零钱", "bank": "银行卡", "balance": "商城余额"}
#: What the shop's finance does, where WeChat Pay does nothing.
_BY_HAND: dict[str, str] = {"bank": "转给你", "balance": "存入你的商城余额"}
#: The first two numbers agree and change the amount.
_FIRST = 3


@dataclass(frozen=True, slots=True)
class Target:
    """Where one withdrawal goes; ``account`` is the number of the bank card."""

    channel: Channel = "wechat"
    account: str | None = None

    def facts(self) -> dict[str, str]:
        """As an open question keeps it; empty for WeChat."""
        made = {} if self.channel == "wechat" else {"channel": str(self.channel)}
        return made | ({"account": self.account} if self.account else {})


def shown(ctx: Context, target: Target) -> str:
    """The target in words: 微信零钱（李*）."""
    payee = masking.name(ctx.person.name or "")
    if target.channel == "bank":
        return f"银行卡（尾号 {bank_cards.tail(target.account or '')}，{payee}）"
    return f"{_CALLED[target.channel]}（{payee}）" if target.channel == "wechat" else _CALLED[target.channel]


def once_passed(channel: str) -> str:
    """What follows when the shop has passed a withdrawal that goes there."""
    return f"通过后由店铺财务{_BY_HAND[channel]}" if channel in _BY_HAND else "通过后我会发收款链接给你"


def passed(channel: str) -> str:
    """What follows where no person need pass it."""
    if channel in _BY_HAND:
        return f"已通过，店铺财务会{_BY_HAND[channel]}，到账我会通知"
    return "正在打款，稍后请在微信里确认收款"


def allowed(ctx: Context, channel: str) -> bool:
    """Whether the shop pays that way now."""
    return channel in _all(ctx)


def named(ctx: Context) -> Channel | None:
    """The other way that the message itself names, where the shop allows it: 提现100到银行卡."""
    said = plain(ctx.said)
    return next((each for each in _others(ctx, Target()) if _CALLED[each] in said), None)


def choices(ctx: Context, target: Target) -> str:
    """The numbered lines that lead to another target, those that begin with 3; empty where there is only one."""
    lines = [f"{number} 改到{_word(each, target)}" for number, each in enumerate(_others(ctx, target), _FIRST)]
    return "".join(f"{line}\n" for line in lines)


def switched(ctx: Context, said: str, target: Target) -> Channel | None:
    """The other target somebody picks by number or name."""
    word, others = plain(said), _others(ctx, target)
    number = choice(word)
    if number is not None:
        return others[number - _FIRST] if _FIRST <= number < _FIRST + len(others) else None
    bare = word.removeprefix("换").removeprefix("改").removeprefix("提").removeprefix("到").removeprefix("成")
    return next((each for each in others if bare in (_CALLED[each], _word(each, target))), None)


def last_card(ctx: Context) -> str | None:
    """The card of the last withdrawal to a bank."""
    return withdrawals.last_account(ctx.session, ctx.distributor_id)


def _all(ctx: Context) -> list[Channel]:
    terms = ctx.policy.withdraw
    more: list[tuple[Channel, bool]] = [("bank", terms.to_bank), ("balance", terms.to_balance)]
    return ["wechat", *(channel for channel, there in more if there)]


def _others(ctx: Context, target: Target) -> list[Channel]:
    """Every target but this one; another card is another target."""
    return [each for each in _all(ctx) if each != target.channel or each == "bank"]


def _word(channel: Channel, target: Target) -> str:
    return "另一张银行卡" if channel == target.channel == "bank" else _CALLED[channel]
