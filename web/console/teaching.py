"""机器人: own answers, keywords and nicknames; and the sentences it did not understand, to be taught."""

from flask import url_for

from distribution import products
from distribution import teaching as operation
from web.console.forms import Form, number
from web.console.visit import EVERYONE, OPERATIONS, Done, Subject, Visit

subject = Subject(distributors=True)

_ANSWER = {"": "写一个回答"}
_REMOVED = {"answer": "回答", "keyword": "关键词", "nickname": "别名"}


@subject.page("/bot/", may=EVERYONE)
def teaching(visit: Visit) -> str:
    """教机器人"""
    answers, keywords, nicknames = operation.listed(visit.session, visit.seat.merchant_id)
    return visit.show(
        "teaching.html",
        answers=answers,
        keywords=keywords,
        nicknames=nicknames,
        unknown=operation.unknown(visit.session),
        intents=operation.TEACHABLE,
        ways=_ANSWER | dict(operation.TEACHABLE),
        goods=_goods(visit),
        may_change=visit.seat.role in OPERATIONS,
    )


@subject.act("/bot/answers", may=OPERATIONS, again=teaching)
def add_answer(visit: Visit) -> Done:
    """加一个回答"""
    form = Form(visit.given)
    words, text = _words(form.text("words", most=300)), form.text("answer", most=operation.ANSWER_MOST)
    form.check()
    _add_answer(visit, words, text)
    return Done("回答已保存，马上生效。", url_for("console.teaching"))


@subject.act("/bot/keywords", may=OPERATIONS, again=teaching)
def add_keyword(visit: Visit) -> Done:
    """加一个关键词"""
    form = Form(visit.given)
    word, intent = form.text("word", most=60), form.choice("intent", operation.TEACHABLE)
    form.check()
    _add_keyword(visit, word, intent)
    return Done(f"以后说“{word}”就是“{operation.TEACHABLE[intent]}”。", url_for("console.teaching"))


@subject.act("/bot/nicknames", may=OPERATIONS, again=teaching)
def add_nickname(visit: Visit) -> Done:
    """给商品加一个别名"""
    form = Form(visit.given)
    word, product = form.text("nickname", most=operation.WORD_MOST), form.choice("product", _goods(visit))
    form.check()
    operation.add_nickname(
        visit.session,
        visit.seat.merchant_id,
        word=word,
        product_id=number(product) or 0,
        by=visit.seat.name,
        now=visit.now,
    )
    return Done("别名已保存，马上生效。", url_for("console.teaching"))


@subject.act("/bot/<kind>/<int:row_id>/remove", may=OPERATIONS, again=lambda visit, kind, row_id: teaching(visit))
def remove_taught(visit: Visit, kind: str, row_id: int) -> Done:
    """删掉教过的一条"""
    kind = kind if kind in _REMOVED else "answer"
    operation.remove(visit.session, visit.seat.merchant_id, kind, row_id, by=visit.seat.name, now=visit.now)
    return Done(f"{_REMOVED[kind]}已删除。", url_for("console.teaching"))


@subject.act("/bot/unknown/<int:sentence_id>", may=OPERATIONS, again=lambda visit, sentence_id: teaching(visit))
def teach_sentence(visit: Visit, sentence_id: int) -> Done:
    """教会一句没听懂的话"""
    form = Form(visit.given)
    intent = form.choice("intent", _ANSWER | dict(operation.TEACHABLE))
    text = form.text("answer", most=operation.ANSWER_MOST, needed=not intent)
    form.check()
    sentence = operation.unknown_text(visit.session, sentence_id)
    if intent:
        _add_keyword(visit, sentence, intent)
    else:
        _add_answer(visit, [sentence[: operation.WORD_MOST]], text)
    operation.forget_unknown(visit.session, sentence_id)
    return Done(f"“{sentence}”教会了，马上生效。", url_for("console.teaching"))


@subject.act("/bot/unknown/<int:sentence_id>/ignore", may=OPERATIONS)
def ignore_sentence(visit: Visit, sentence_id: int) -> Done:
    """忽略一句没听懂的话"""
    operation.forget_unknown(visit.session, sentence_id)
    return Done("已忽略。", url_for("console.teaching"))


def _add_answer(visit: Visit, words: list[str], text: str) -> None:
    operation.add_answer(
        visit.session, visit.seat.merchant_id, words=words, text=text, by=visit.seat.name, now=visit.now
    )


def _add_keyword(visit: Visit, word: str, intent: str) -> None:
    operation.add_keyword(
        visit.session, visit.seat.merchant_id, word=word, intent=intent, by=visit.seat.name, now=visit.now
    )


def _words(text: str) -> list[str]:
    for mark in ("，", ",", "、", "|", "\n", ";", "；"):
        text = text.replace(mark, " ")
    return text.split()


def _goods(visit: Visit) -> dict[str, str]:
    return {str(row.id): row.name for row in products.of_merchant(visit.session, visit.seat.merchant_id)}
