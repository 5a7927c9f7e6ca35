"""Greetings, pleas and thanks around a wish change nothing of it; words that only describe are no goods."""

import datetime as dt
import json
from pathlib import Path

import pytest

from bot.understanding import understand

TODAY = dt.date(2026, 11, 23)
LINES = [
    json.loads(line)
    for line in (Path(__file__).parent.parent.parent / "corpus" / "utterances.dev.jsonl")
    .read_text("utf-8")
    .splitlines()
]
#: Whole messages of their own: with a word more they may be another thing.
WHOLE = {"confirm", "deny", "cancel", "back", "inform", "greeting", "thanks", "help", "other"}
WISHES = [line["text"] for line in LINES if line["intent"] not in WHOLE and line["text"] != "TD"]


def heard(text: str):
    found = understand(text, TODAY)
    return found.intent, dict(found.slots)


@pytest.mark.parametrize(
    "around", ["你好，{}", "请问一下，{}", "亲，{}", "老板，{}", "哎{}", "{}，谢谢", "{}啊", "{}。", "{}！", "{}，急"]
)
def test_courtesy_around_a_wish_changes_nothing(around) -> None:
    assert [wish for wish in WISHES if heard(around.format(wish)) != heard(wish)] == []


@pytest.mark.parametrize(
    "kind", ["详细", "高清", "精美", "搞笑", "早安", "固定", "无效", "剩余", "通用", "促销", "女生", "平均"]
)
@pytest.mark.parametrize("about", ["{}佣金多少", "查一下{}订单", "来点{}图片", "做张{}海报", "{}链接"])
def test_what_only_describes_is_no_goods(about, kind) -> None:
    assert "product" not in understand(about.format(kind), TODAY).slots


@pytest.mark.parametrize("goods", ["蚕丝被", "不粘锅", "床单", "退烧贴", "单肩包", "大红袍", "胡辣汤", "羊肚菌"])
@pytest.mark.parametrize("about", ["{}海报", "{}的链接发我", "卖{}的佣金多少", "{}还有货吗", "{}的订单"])
def test_goods_are_known_whatever_characters_their_names_hold(about, goods) -> None:
    assert understand(about.format(goods), TODAY).slots.get("product") == goods
