"""What an applicant tells in a message: name, phone, invite code, or which of them was wrong."""

import re
from dataclasses import dataclass

from bot.context import Context
from distribution.rules import identity

_CODE = re.compile(r"邀请码(?:是|为|[:：])?\s*(?P<code>[A-Za-z0-9]{4,9})")
_CORRECTED = re.compile(
    r"(?:名字|姓名|真名).{0,8}?(?:是|叫|改成|改为|换成|应该是|应为)\s*(?P<name>[^\s,，。0-9]{2,15})$"
)
_WRONG_NAME = re.compile(r"(?:名字|姓名|真名).{0,4}(?:错|不对|改)|(?:改|换).{0,3}(?:名字|姓名)")
_WRONG_PHONE = re.compile(r"(?:手机|电话|号码).{0,4}(?:错|不对|改|换)|(?:改|换).{0,3}(?:手机|电话|号码)")
#: Meanings a bare name never has; whoever says one of these told no name.
_SAYS_MORE = frozenset(("confirm", "deny", "cancel", "back", "thanks", "greeting", "help"))
_MAY_NAME = frozenset(("inform", "other", "profile", "register", "faq"))
#: Characters that make a word a sentence, not a name.
_NEVER = re.compile(r"[不没啊呀吧呢吗嘛哦的我你他她它这要说谁]")
_CALLED = re.compile(r"^(?:我叫|我是|我的名字|姓名|名字|本人)")


@dataclass(frozen=True, slots=True)
class Told:
    """What was told; ``wrong`` names what is to be asked again."""

    name: str | None = None
    phone: str | None = None
    code: str | None = None
    wrong: str = ""

    @property
    def nothing(self) -> bool:
        """Whether no value was told."""
        return not (self.name or self.phone or self.code)


def told(ctx: Context, said: str) -> Told:
    """Everything a message tells for an application, in whatever order."""
    found = _CODE.search(said)
    code = found["code"].upper() if found else ctx.slots.get("invite_code")
    rest = _CODE.sub(" ", said)
    name, phone = identity.split_name_and_phone(rest)
    corrected = _CORRECTED.search(rest)
    if corrected:
        name = identity.parse_name(corrected["name"]) or name
    elif not _may_be_name(ctx, rest, with_phone=phone is not None):
        slot = ctx.slots.get("name")
        name = identity.parse_name(str(slot)) if slot else None
    wrong = (
        "" if name or phone else "name" if _WRONG_NAME.search(rest) else "phone" if _WRONG_PHONE.search(rest) else ""
    )
    name = None if name and _NEVER.search(name) else name
    return Told(name, phone, str(code).upper() if code else None, wrong)


def _may_be_name(ctx: Context, said: str, *, with_phone: bool) -> bool:
    """Whether words that look like a name are one, and no question or small talk."""
    if _WRONG_NAME.search(said) or _WRONG_PHONE.search(said) or _asking(said):
        return False
    meaning = ctx.understood
    if with_phone or meaning is None or _CALLED.match(said):
        return True
    return meaning.intent in _MAY_NAME and meaning.intent not in _SAYS_MORE


def _asking(said: str) -> bool:
    return bool(re.search(r"[?？吗么呢吧]$|怎么|多少|什么|几", said.strip()))
