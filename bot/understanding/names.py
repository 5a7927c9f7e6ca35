"""People, phones and numbers named in a sentence, as they were said."""

import re

from bot.understanding.goods import ends_like_goods
from bot.understanding.lexicon import DOUBLE, GIVEN, NOBODY, SURNAMES

_TITLE = (
    r"(?:大姐|小姐|姐姐|姐|大哥|哥|总|阿姨|姨|大叔|叔|婶|嫂子?|伯|先生|女士|"
    r"老师|老板|太太|妹|弟|妈妈?|爸|奶奶|爷爷?|医生|经理|主任|会计|师傅)"
)
_PERSON = re.compile(
    rf"(?:小|老|阿"
    rf"|大)[{SURNAMES}琴芳丽娟敏静燕霞红梅兰英华明强军伟勇杰涛超斌波辉鹏飞宇浩美玲珍花云凤莲秀菊香春](?:(?![买卖下出的有是今昨上这本在最业绑推带扫到开成那团名算赚挣])[一-鿿])?(?={_TITLE}?(?:[^一-鿿]"
    rf"|"
    rf"的|昨|今|上|这|本|在|卖|买|下|出|有|最|业|是|开|成|那|¤|团|绑|名|推|带|扫|到|算|$))"
    rf"|[{SURNAMES}][一-鿿]?{_TITLE}(?!妈妈)"
    rf"|(?!{NOBODY})[{SURNAMES}][{GIVEN}]{{1,2}}(?=的|那|出|算|绑|¤|卖|买|是|开单|下单|在我)"
    rf"|(?<![一-鿿])[{SURNAMES}][一-鿿]{{1,2}}?(?=的(?:订单|业绩|单|销量|团队)"
    rf"|是(?:不是)?(?:我|谁)|绑|¤|卖|买|出单|下单|开单|在我)"
)
_CALLED = re.compile(rf"[小老阿][{SURNAMES}{GIVEN}]|(?!{NOBODY})[{SURNAMES}](?:[{GIVEN}]{{1,2}}|[一-鿿]?{_TITLE})")
_NAME = re.compile(
    rf"(?:我?(?:的)?(?:真实)?(?:姓名|名字)(?:是|叫|为|改成|改为|更正为|换成|应该是|应该叫|"
    rf":)*\s*|我(?:叫|是)\s*|叫\s*|应该是\s*|(?<=[,，。\s])是\s*|"
    rf"(?:改|换)(?:成|为)\s*|本人\s*)(?P<name>(?:[{SURNAMES}]|{DOUBLE})[一-鿿]{{1,2}})(?=[^一-鿿]|手机|电话|的|想|"
    rf"要|申请|报名|$|吧|呀|啊|我)"
)
#: A name before a phone, nothing between them.
_BEFORE_PHONE = re.compile(
    rf"(?:^|[,。，\s])(?P<name>(?:[{SURNAMES}]|{DOUBLE})[一-鿿]{{1,2}})[\s,，]*(?=1[3-9]\d{{9}})"
)
_PHONE = re.compile(r"(?<!\d)(?:\+?86[\s-]?)?(?P<phone>1[3-9]\d[\s-]?\d{4}[\s-]?\d{4})(?!\d)")
_ORDER = re.compile(r"(?<![A-Za-z0-9])(?P<no>[A-Za-z]{0,4}\d{10,}|[A-Za-z]{1,4}[A-Za-z0-9-]*\d{7,})(?![A-Za-z0-9])")
_NUMBERED = re.compile(
    r"(?:[订訂][单單][号號]?|[单單][号號]|[编編][号號]|[单單]子)[是为為:：\s]*(?P<no>[A-Za-z]{0,4}\d{6,})(?![A-Za-z0-9])"
)
_TAIL = re.compile(
    r"(?:尾[号號]|[后後]四位|末四位|最后四位|后几位|尾数|后面四位|结尾)[是为:\s]*(?P<a>[\d零〇幺一二三四五六七八九]{3,8})"
    r"|(?<!\d)(?P<b>\d{3,8})(?:[结結]尾|尾[号號])"
)
_FIGURES = {c: str(n) for n, c in enumerate("零一二三四五六七八九")} | {"〇": "0", "幺": "1"}
_CODE = re.compile(
    r"(?:邀[请請]|推[荐薦])[码碼]?[是为為:\s]*(?P<code>[A-Za-z0-9]{4,10})(?![A-Za-z0-9])|(?:填|用|输入?)\s*(?P<other>[A-Z0-9]{5,8})"
    r"(?![A-Za-z0-9])"
)


def person(text: str) -> tuple[int, int] | None:
    """Where the first person is named."""
    found = (match.span() for match in _PERSON.finditer(text))
    return next((span for span in found if not ends_like_goods(text[slice(*span)])), None)


def is_person(word: str) -> bool:
    """Whether ``word`` is nothing but what somebody is called."""
    return bool(_CALLED.fullmatch(word)) and not ends_like_goods(word)


def real_name(said: str) -> str | None:
    """The name somebody gives as theirs."""
    match = _NAME.search(said) or _BEFORE_PHONE.search(said)
    return match["name"] if match else None


def phone(said: str) -> str | None:
    """A mobile number, digits only."""
    match = _PHONE.search(said)
    return re.sub(r"\D", "", match["phone"]) if match else None


def order_number(said: str) -> str | None:
    """An order's number as typed; a mobile number is none."""
    numbered = _NUMBERED.search(said)
    if numbered:
        return numbered["no"]
    return next((match["no"] for match in _ORDER.finditer(said) if not _PHONE.fullmatch(match["no"])), None)


def order_tail(said: str) -> str | None:
    """The last digits of an order's number."""
    match = _TAIL.search(said)
    return _figures(match["a"] or match["b"]) if match else None


def _figures(said: str) -> str:
    """Digits read out one by one, in figures."""
    return "".join(_FIGURES.get(character, character) for character in said)


def invite_code(said: str) -> str | None:
    """An invitation code that is given, not wanted."""
    match = _CODE.search(said)
    return (match["code"] or match["other"]) if match else None
