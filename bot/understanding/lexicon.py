"""The word lists of this room, read and compiled once."""

import re
import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

_FOLDER = Path(__file__).with_suffix("")
_RULES = ("money", "trade", "people")
_NAME = re.compile(r"\{([a-z][a-z_]*)\}")

SURNAMES = (
    "王李张刘陈杨赵黄周吴徐孙胡朱高林何郭马罗梁宋郑谢韩唐冯于董萧程曹袁邓许傅沈曾彭吕苏卢蒋蔡贾丁魏薛叶阎余潘杜戴夏钟汪田任姜范方石"
    "姚谭廖邹熊金陆郝孔白崔康毛邱秦江史顾侯邵孟龙万段雷钱汤尹黎易常武乔贺赖龚文庞樊殷施洪"
)
#: Surnames of two characters.
DOUBLE = "欧阳|司马|司徒|上官|诸葛|夏侯|皇甫|慕容|令狐|东方"
#: Words of the shop that begin like a surname.
NOBODY = (
    "余额|余下|钱[包款的都全在给转提取打还没到怎什啥呢了从要能]|金额|金币|黄金|金[银牌卡级]|白金|任务|任何|任意|高级|高佣"
    "|方[式法案便]|马上|万一|平时|于是|常[常用]|安全|谢谢"
)
#: What given names are made of.
GIVEN = (
    "伟芳娜敏静丽强磊军洋勇艳杰娟涛明超秀霞平刚桂英华玉兰红梅建国文辉力鹏飞斌波玲琴燕萍莉婷雪慧琳佳怡欣晨宇浩轩子涵梓萱诗雨志海峰龙云凤莲春"
    "花香月珍淑贤惠荣彬旭阳俊凯博瑞思琪嘉悦美娥翠晓小大永福生林森根宝德祥庆兴利成鑫淼瑶颖洁倩雅薇菲蓉"
)


@dataclass(frozen=True, slots=True)
class Rule:
    """Evidence for an intent: ``weight`` is 0..100."""

    intent: str
    name: str
    weight: int
    pattern: re.Pattern[str]


@cache
def rules() -> tuple[Rule, ...]:
    """Every rule, the heaviest first."""
    found = [rule for part in _RULES for rule in _rules_of(part)]
    return tuple(sorted(found, key=lambda rule: -rule.weight))


@cache
def guards() -> Mapping[str, tuple[tuple[str, re.Pattern[str]], ...]]:
    """By group: the names and patterns of what is out of scope."""
    return {
        group: tuple((name, compiled(pattern)) for name, pattern in table.items())
        for group, table in _read("guards").items()
    }


@cache
def small_talk() -> Mapping[str, re.Pattern[str]]:
    """By intent: what a whole message may be."""
    table = _read("smalltalk")
    particles = table.pop("particles")
    return {intent: re.compile(f"{pattern}{particles}") for intent, pattern in table.items()}


@cache
def values(intent: str, slot: str) -> tuple[tuple[str, re.Pattern[str]], ...]:
    """The values of a slot and the patterns that stand for them, in the order they are asked."""
    return tuple((value, compiled(pattern)) for value, pattern in _read("slots")[intent][slot].items())


@cache
def goods() -> str:
    """How names of goods end, as a pattern."""
    return str(_read("goods")["endings"])


@cache
def describing() -> str:
    """Words that say of what kind something is and name no goods, as a pattern."""
    return str(_read("goods")["describing"])


@cache
def regional() -> Mapping[str, str]:
    """Words of Guangdong and Taiwan and their usual forms, in simplified characters, the longer ones first."""
    return dict(sorted(_read("regional").items(), key=lambda pair: -len(pair[0])))


@cache
def examples() -> Mapping[str, tuple[str, ...]]:
    """By intent: sentences as people type them, with the signs the file explains."""
    return {intent: tuple(block.strip().splitlines()) for intent, block in _read("examples").items()}


@cache
def compiled(pattern: str) -> re.Pattern[str]:
    """``pattern`` with every {concept} filled in."""
    concepts = _concepts()
    return re.compile(_NAME.sub(lambda match: concepts[match.group(1)], pattern))


def _rules_of(part: str) -> Iterator[Rule]:
    for intent, table in _read(part).items():
        for name, (weight, pattern) in table.items():
            yield Rule(intent, name, weight, compiled(pattern))


@cache
def _concepts() -> Mapping[str, str]:
    named = "|".join(word for word in goods().split("|") if len(word) > 1)
    return {
        **_read("concepts"),
        "surname": f"(?!{NOBODY})[{SURNAMES}]",
        "person": f"(?!{NOBODY})[{SURNAMES}][{GIVEN}]{{1,2}}",
        "thing": named,
    }


@cache
def _read(name: str) -> dict[str, Any]:
    return tomllib.loads((_FOLDER / f"{name}.toml").read_text("utf-8"))
