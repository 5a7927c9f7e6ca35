"""What a real name and a mobile number look like (R5)."""

import re
import unicodedata

_PHONE = re.compile(r"1[3-9]\d{9}")
_NAME = re.compile(
    r"[\u3400-\u9fff\U00020000-\U000323af]{1,15}(?:[·•][\u3400-\u9fff]{1,15})*|[A-Za-z][A-Za-z .'-]{1,38}[A-Za-z.]"
)
_LEAD = re.compile(r"^(?:我的?)?(?:真实|真)?(?:姓名|名字|名)?(?:是|叫做?|为|[::])+")
_NICKNAMES = {
    "小仙女",
    "小可爱",
    "匿名",
    "微信",
    "用户",
    "客户",
    "测试",
    "无名",
    "先生",
    "女士",
    "老板",
    "客服",
    "管理员",
}
_NOT_NAMES = re.compile(
    r"取消|返回|退出|菜单|提现|海报|注册|申请|收益|佣金|多少|怎么|什么|可以|不要|谢谢|你好|为什么|订单|帮助|人工"
)


def parse_phone(text: str) -> str | None:
    """The one mainland mobile number in ``text``, digits only; None when there is none or more than one."""
    plain = re.sub(r"(?<=\d)[\s-]+(?=\d)", "", unicodedata.normalize("NFKC", text))
    plain = re.sub(r"(?<!\d)(?:\+?86)(?=1[3-9]\d{9}(?!\d))", "", plain)
    found = {number for number in re.findall(r"(?<!\d)\d+(?!\d)", plain) if _PHONE.fullmatch(number)}
    return found.pop() if len(found) == 1 else None


def digits_in(text: str) -> str:
    """All digits of ``text``, to tell how many are missing."""
    return "".join(re.findall(r"\d", unicodedata.normalize("NFKC", text)))


def parse_name(text: str) -> str | None:
    """The real name in ``text`` (我叫李娜 → 李娜); None for nicknames, sentences and signs."""
    plain = unicodedata.normalize("NFKC", text).strip().strip("。.,，!！~ ")
    plain = re.sub(r"[,，。.\s]+$", "", _LEAD.sub("", plain)).strip()
    if not _NAME.fullmatch(plain) or plain in _NICKNAMES or _NOT_NAMES.search(plain):
        return None
    chinese = plain[0] > "\u3000"
    return (
        plain if not chinese or (2 <= len(plain.replace("·", "")) <= 15 and (len(plain) <= 4 or "·" in plain)) else None
    )


def split_name_and_phone(text: str) -> tuple[str | None, str | None]:
    """Name and phone given in one message in either order; either may be None."""
    phone = parse_phone(text)
    if phone is None:
        return parse_name(text), None
    plain = re.sub(r"(?<=\d)[\s-]+(?=\d)", "", unicodedata.normalize("NFKC", text)).replace(phone, " ")
    rest = re.sub(r"(?:手机号?码?|电话|号码|\+?86)(?:是|[::])?", " ", plain)
    for piece in re.split(r"[\s,，。;；、/]+", rest):
        name = parse_name(piece)
        if name:
            return name, phone
    return None, phone
