"""A text in the form it is compared in: widths, scripts, spellings and faces evened out."""

import re
import unicodedata
from dataclasses import dataclass
from functools import cache
from typing import Any

from bot.understanding.lexicon import regional
from bot.understanding.pinyin import repaired, spelled_out

LONGEST = 500
#: A role is no face: who speaks for the system must be seen to do so.
_ROLES = (
    "system|assistant|user|admin|root|developer|bot|human|ai|tool|function"
    "|系统|管理|用户|客服|平台|助手|机器|指令|命令|执行|授权|确认|测试|调试|消息|公告|自动|转发|引用|回复"
)
_FACES = re.compile(rf"\[(?!{_ROLES})[一-鿿A-Za-z]{{1,4}}\]|:(?!(?:{_ROLES})\b)[a-z_]+:")
_SPACES = re.compile(r"\s+")
#: Between figures only a narrow comma groups thousands; a wide one is a pause.
_LISTED = re.compile(r"(?<=\d)，(?=\d)")
_NODS = {"👌": "好的", "👍": "好的", "🆗": "好的", "✅": "确认", "❌": "不要", "🙅": "不要", "👋": "再见", "🙏": "谢谢"}
#: Figures typed one by one, and a number of an order typed in groups.
_APART = re.compile(
    r"(?<![\d.])\d(?: \d){2,}(?![\d.])"
    r"|(?<![A-Za-z\d])(?:[A-Za-z]{1,3}|20|(?<=[单号])|(?<=[单号] ))\d{4,}(?: \d{2,8})+(?![\d.块元])"
)
_ORDER_FIGURES = 10
#: A figure and what it counts, typed apart.
_COUNTED = re.compile(r"(?<=[近去这从到至年月]) (?=\d+ ?(?:[天日号月周年]|个月))|(?<=\d) (?=[天日号月周年单块元]|个月)")
#: 体现 is a word of its own; alone or before an amount it is 提现 misspelt.
_MISHEARD = re.compile(
    r"(?<=^)体现(?=$|[¥]?\d|全部|[一二两三四五六七八九十]+[百千万块元])|(?<=我要)体现(?=$|\d)|(?<=申请)体现(?=$|\d)"
)
#: Numerals as banks write them.
_FORMAL = re.compile(
    r"[零壹贰叁肆伍陆柒捌玖拾佰仟]{2,}|[壹贰叁肆伍陆柒捌玖](?=[百千万元块])|(?<=[一二两三四五六七八九\d])[拾佰仟]"
)
_USUAL = str.maketrans("壹贰叁肆伍陆柒捌玖拾佰仟", "一二三四五六七八九十百千")
_SKIPPED = {"Cc", "Cf", "Co", "Cs", "Cn", "Mn", "Me", "So", "Sk"}


@dataclass(frozen=True, slots=True)
class Plain:
    """``said`` is the text with even widths and no faces; ``text`` is ``said`` in simplified, right characters."""

    said: str
    text: str

    def as_said(self, start: int, end: int) -> str:
        """The span of ``text`` in the words of the person."""
        same = len(self.said) == len(self.text)
        return (self.said if same else self.text)[start:end]


def plain(raw: str) -> Plain:
    """``raw`` evened out; only its first 500 characters count."""
    said = _even(raw[:LONGEST])
    text = _FORMAL.sub(lambda run: run.group().translate(_USUAL), _from_regional(_simplified(said).lower()))
    text = _MISHEARD.sub("提现", text)
    if re.search(r"[a-z]", text):
        text = _COUNTED.sub("", spelled_out(text))
    return Plain(said, repaired(text))


def _even(raw: str) -> str:
    raw = _LISTED.sub("。", raw)
    kept = "".join(
        " " if character in "\n\r\t" else character
        for character in unicodedata.normalize("NFKC", raw)
        if character in "\n\r\t" or character == "`" or unicodedata.category(character) not in _SKIPPED
    )
    bare = _COUNTED.sub("", _APART.sub(_together, _SPACES.sub(" ", _FACES.sub(" ", kept)).strip()))
    return bare or next((word for face, word in _NODS.items() if face in raw), "")


def _together(found: re.Match[str]) -> str:
    """The figures in one; a group alone is left, for it may be a sum beside another."""
    figures = found.group().replace(" ", "")
    one_by_one = len(found.group()) == 2 * len(figures) - 1
    return figures if one_by_one or len(figures) >= _ORDER_FIGURES else found.group()


def _from_regional(text: str) -> str:
    """Words of the south in those of the north; each as long as the other."""
    for spoken, usual in regional().items():
        text = text.replace(spoken, usual)
    return text


def _simplified(text: str) -> str:
    # Whatever GB 2312 can hold is simplified already; asking the converter costs more than this.
    try:
        text.encode("gb2312")
    except UnicodeEncodeError:
        return str(_converter().convert(text)) if len(text) <= LONGEST else text
    return text


@cache
def _converter() -> Any:
    from opencc import OpenCC

    return OpenCC("t2s")
