"""What is no wish to this shop: attacks, other people's money, money elsewhere, other topics."""

import re

from bot.understanding.lexicon import guards
from bot.understanding.normal import Plain

#: Nobody types a wish this long; a pasted page is not one.
_LONGEST_WISH = 200
#: Where these are named, a topic of the world is only the name of goods.
_OURS = re.compile(r"海报|链接|二维码|文案|素材|佣金|订单|推广|客服|分销|代理|团队|邀请码")


def attack(plain: Plain) -> str | None:
    """The name of the rule by which this is an attack; judged on the text as typed and as read."""
    if len(plain.said) > _LONGEST_WISH:
        return "too long"
    return _first(("hostile", "others"), plain.said.lower()) or _first(("hostile", "others"), plain.text)


def elsewhere(plain: Plain) -> str | None:
    """The name of the rule by which this is about another place, trade or topic."""
    near = ("money_elsewhere", "shopkeeper")
    groups = near if _OURS.search(plain.text) else (*near, "world")
    return _first(groups, plain.text)


def _first(groups: tuple[str, ...], text: str) -> str | None:
    for group in groups:
        for name, pattern in guards()[group]:
            if pattern.search(text):
                return f"{group}.{name}"
    return None
