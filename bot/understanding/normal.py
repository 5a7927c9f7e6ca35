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
    "|系统|管理|用户|客服|平台|助手|机器|指令|命令|执行|授权|确认|测试|调试|消息|公告"
)
_FACES = re.compile(rf"\[(?!{_ROLES})[一-鿿A-Za-z]{{1,4}}\]|:(?!(?:{_ROLES})\b)[a-z_]+:")
_SPACES = re.compile(r"\s+")
#: Between figures only a narrow comma groups thousands; a wide one is a pause.
_LISTED = re.compile(r"(?<=\d)，(?=\d)")
_NODS = {"👌": "好的", "👍": "好的", "🆗": "好的", "✅": "确认", "❌": "不要", "🙅": "不要", "👋": "再见", "🙏": "谢谢"}
#: 体现 is a word of its own; alone or before an amount it is 提现 misspelt.
_MISHEARD = re.compile(
    r"(?<=^)体现(?=$|[¥]?\d|全部|[一二两三四五六七八九十]+[百千万块元])|(?<=我要)体现(?=$|\d)|(?<=申请)体现(?=$|\d)"
)
#: Numerals as banks write them.
_FORMAL = re.compile(r"[零壹贰叁肆伍陆柒捌玖拾佰仟]{2,}|[壹贰叁肆伍陆柒捌玖](?=[百千万元块])")
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
        text = spelled_out(text)
    return Plain(said, repaired(text))


def _even(raw: str) -> str:
    raw = _LISTED.sub("。", raw)
    kept = "".join(
        " " if character in "\n\r\t" else character
        for character in unicodedata.normalize("NFKC", raw)
        if character in "\n\r\t" or unicodedata.category(character) not in _SKIPPED
    )
    bare = _SPACES.sub(" ", _FACES.sub(" ", kept)).strip()
    return bare or next((word for face, word in _NODS.items() if face in raw), "")


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
