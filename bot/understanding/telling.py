"""Which clauses ask for nothing: they tell how a wish came about, or only name what it is about."""

import re

from bot.understanding.clauses import Clause
from bot.understanding.lexicon import compiled
from bot.understanding.scoring import Verdict
from bot.understanding.withdrawing import conditional

#: What somebody reports as wrong outweighs whatever else the message tells.
ALARM = {"complaint": 90}
_CONTEXT = compiled(
    r"^(?:那个|我|俺|咱|也|是)*刚.{1,6}的$|有人(?:想|要)?买|如果|假如|要是|就是说|比方说|(?:有|那|这)个?(?:{buyer})|(?:{buyer})(?:说|"
    r"问|催|买完|买了|买东西|要|想|骂|找|那边)|"
    r"(?:刷|看)到.{0,4}(?:说|讲)|^我?(?:要|想)发(?:个)?(?:朋友圈|圈)|(?:发|转|推)给我?的?(?:{buyer})(?:们|看)*$|(?:看|见).{0,3}(?:别人|人家|大家|朋友)|听.{0,4}(?:说|讲)|(?:她们|他们|人家|别人|群里|网上"
    r"|{kin}).{0,2}(?:说|讲|告诉)"
)

_TELLING = re.compile(r"(?=.{5}).*(?:了|过|没)")
_ASKING = re.compile(
    r"有没有|是不是|看|查|给|帮|要|想|来|发|做|多少|几|吗|么|\?|哪|谁|啥|什么|怎么|咋|呢|为什么|名单|列表|换|改|关|打开"
    r"|取消|够|的话|(?<![还都])没有?[啊呀]?$"
)
#: Which order is meant, said on its own.
_NUMBER_ONLY = re.compile(
    r"(?:订单号?|单号|单子|编号|尾号)*[是为:\s]*[a-z]{0,4}\d{4,}(?:的|那单|这单|那个)?", re.IGNORECASE
)
_FEW = re.compile(r"我?(?:就|也)?想?看(?:一下|看|下)|几个|看看|那几|这几")


def tells(part: Clause, verdict: Verdict) -> bool:
    """Whether a clause only tells how it came about, unless it tells of something wrong."""
    if verdict.intent == "withdraw" and conditional(part.text):
        return False
    told = (
        _NUMBER_ONLY.fullmatch(part.text)
        or _CONTEXT.search(part.text)
        or (_TELLING.search(part.text) and not _ASKING.search(part.text))
    )
    return verdict.weight < ALARM["complaint"] and bool(told)


def only_a_number(part: Clause) -> bool:
    """Whether a clause is nothing but the number of an order."""
    return bool(_NUMBER_ONLY.fullmatch(part.text))


def names_whose_sales(told: str, before: Verdict, own: Verdict) -> bool:
    """Whether ``told`` only names whose sales the clause after it asks for."""
    sales = (before.intent, own.intent) == ("team", "orders")
    return sales and not _ASKING.search(_FEW.sub("", told))
