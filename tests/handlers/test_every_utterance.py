"""Everything in the corpus gets an answer that fits a bubble; nothing breaks, and no money moves by being mentioned."""

import json
from pathlib import Path

import pytest
from dialogue_shop import LIMIT_BYTES, LIMIT_CHARACTERS

from bot.wording import NEUTRAL
from distribution import withdrawals

CORPUS = Path(__file__).parent.parent / "corpus" / "utterances.dev.jsonl"
LINES = [json.loads(line)["text"] for line in CORPUS.read_text("utf-8").splitlines()]


def answers(who):
    for text in LINES:
        yield text, who.says(text)
        who.says("0")


@pytest.fixture
def lina(shop):
    who = shop.chat.distributor("李娜", "o-lina")
    shop.sold(who, "11-01", 400_000, received="11-02")
    shop.sold(who, "11-20", 8_900)
    shop.settles("11-20")
    shop.now("11-23 10:30")
    return who


def test_a_distributor_gets_an_answer_to_every_sentence_and_no_money_moves(shop, lina):
    wrong = [
        (text, answer)
        for text, answer in answers(lina)
        if not answer or answer == NEUTRAL or len(answer) > LIMIT_CHARACTERS or len(answer.encode()) > LIMIT_BYTES
    ]

    assert wrong == []
    with shop.chat.database.reading() as session:
        assert withdrawals.latest(session, lina.distributor_id) == []


def test_a_customer_is_answered_too_and_never_reads_of_commissions_of_orders(shop, lina):
    guest = shop.chat.person("o-guest")
    guest.follows()
    shop.sold(lina, "11-22", 8_900, buyer_openid="o-guest")
    wrong = [
        (text, answer) for text, answer in answers(guest) if not answer or answer == NEUTRAL or "你的佣金 ¥" in answer
    ]

    assert wrong == []
