"""What merchants teach the bot: own answers, keywords, nicknames; and the sentences nobody understood, with counts."""

import datetime as dt
import re
import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import delete, func, insert, select, update
from sqlalchemy.orm import Session

from distribution import audit
from distribution.refusals import Code, Refusal
from models import FaqAnswer, Keyword, Nickname, Product, UnknownSentence
from models import tables as t
from models.upsert import upsert

_f, _k, _n, _p = t.faq_answer.c, t.keyword.c, t.nickname.c, t.product.c
_u, _v = t.unknown_sentence.c, t.vocabulary_version.c
ANSWER_MOST, WORD_MOST, WORDS_MOST = 500, 20, 10
_SENTENCE_MOST, _SENTENCES_MOST, _PRODUCTS_MOST = 60, 2000, 2000
#: Things that a taught sentence may stand for; a yes or a number never.
TEACHABLE: Mapping[str, str] = {
    "earnings": "查收益",
    "orders": "查订单",
    "customers": "我的客户",
    "team": "我的团队",
    "rank": "排行榜",
    "poster": "生成海报",
    "link": "推广链接",
    "material": "素材文案",
    "products": "看商品",
    "rules": "佣金规则",
    "level": "等级",
    "tasks": "任务与签到",
    "invite": "邀请",
    "register": "申请分销员",
    "withdraw": "提现（会先核对）",
    "withdrawal_status": "提现进度",
    "human": "转人工",
    "help": "菜单",
}
#: Phones, orders and the like are not collected.
_NUMBERS = re.compile(r"[a-z]{0,4}\d(?:[ -]?\d){6,}x?")
_TAIL = re.compile(r"[\s。.,，!！?？~～…、;；:：]+$")


@dataclass(frozen=True, slots=True)
class Taught:
    """Everything that was taught, as of ``version``; ``answers`` are (id, words)."""

    version: tuple[Any, ...] = ()
    products: tuple[str, ...] = ()
    nicknames: Mapping[str, str] = field(default_factory=dict)
    keywords: Mapping[str, str] = field(default_factory=dict)
    answers: Sequence[tuple[int, tuple[str, ...]]] = ()


def version(session: Session) -> tuple[Any, ...]:
    """What changes whenever something is taught or a product changes."""
    told = select(_v.version).scalar_subquery()
    return tuple(session.execute(select(told, select(func.count()).select_from(t.product).scalar_subquery(),
                                        select(func.max(_p.updated_at)).scalar_subquery())).one())  # fmt: skip


def read(session: Session) -> Taught:
    """Everything that holds now."""
    names = session.scalars(select(_p.name).where(_p.on_sale).order_by(_p.id).limit(_PRODUCTS_MOST)).all()
    nicknames = session.execute(select(_n.word, _p.name).join(t.product, _p.id == _n.product_id))
    keywords = session.execute(select(_k.word, _k.intent).order_by(_k.id.desc()))
    answers = session.execute(select(_f.id, _f.words).order_by(_f.id.desc()))
    return Taught(
        version(session),
        tuple(names),
        {word: name for word, name in nicknames},
        {word: intent for word, intent in keywords},
        [(row.id, tuple(row.words)) for row in answers],
    )


def answer(session: Session, answer_id: int) -> str | None:
    """The merchant's own words; None when they were taken away."""
    return session.scalar(select(_f.answer).where(_f.id == answer_id))


def nicknamed(session: Session, word: str) -> Product | None:
    """The product somebody calls so."""
    found = select(Product).join(t.nickname, _n.product_id == _p.id).where(_n.word == plain(word), _p.on_sale)
    return session.scalars(found.limit(1)).first()


def add_answer(
    session: Session, merchant_id: int, *, words: Sequence[str], text: str, by: str, now: dt.datetime
) -> FaqAnswer:
    """An answer to messages that hold one of ``words`` (two characters at least); Refusal invalid_teaching."""
    kept = list(dict.fromkeys(each for each in map(plain, words) if each))
    if not kept or len(kept) > WORDS_MOST or any(not 2 <= len(each) <= WORD_MOST for each in kept):
        raise Refusal(Code.INVALID_TEACHING)
    if not 0 < len(text.strip()) <= ANSWER_MOST:
        raise Refusal(Code.INVALID_TEACHING)
    row = FaqAnswer(merchant_id=merchant_id, words=kept, answer=text.strip(), created_by=by, created_at=now)
    session.add(row)
    session.flush()
    _changed(session, f"faq:{row.id}", "teaching.answer", {"words": kept}, by=by, merchant_id=merchant_id, now=now)
    return row


def add_keyword(session: Session, merchant_id: int, *, word: str, intent: str, by: str, now: dt.datetime) -> Keyword:
    """A whole message that stands for ``intent``; what was said of it before is replaced. Refusal invalid_teaching."""
    word = plain(word)
    if not word or len(word) > _SENTENCE_MOST or intent not in TEACHABLE:
        raise Refusal(Code.INVALID_TEACHING)
    session.execute(delete(t.keyword).where(_k.merchant_id == merchant_id, _k.word == word))
    row = Keyword(merchant_id=merchant_id, word=word, intent=intent, created_by=by, created_at=now)
    session.add(row)
    session.flush()
    facts = {"word": word, "intent": intent}
    _changed(session, f"keyword:{row.id}", "teaching.keyword", facts, by=by, merchant_id=merchant_id, now=now)
    return row


def add_nickname(
    session: Session, merchant_id: int, *, word: str, product_id: int, by: str, now: dt.datetime
) -> Nickname:
    """Another name of a merchant's product; Refusal invalid_teaching, unknown_product."""
    word = plain(word)
    product = session.get(Product, product_id)
    if product is None or product.merchant_id != merchant_id:
        raise Refusal(Code.UNKNOWN_PRODUCT)
    if not 2 <= len(word) <= WORD_MOST:
        raise Refusal(Code.INVALID_TEACHING)
    session.execute(delete(t.nickname).where(_n.merchant_id == merchant_id, _n.word == word))
    row = Nickname(merchant_id=merchant_id, word=word, product_id=product_id, created_by=by, created_at=now)
    session.add(row)
    session.flush()
    facts = {"word": word, "product": product.name}
    _changed(session, f"nickname:{row.id}", "teaching.nickname", facts, by=by, merchant_id=merchant_id, now=now)
    return row


def remove(session: Session, merchant_id: int, kind: str, row_id: int, *, by: str, now: dt.datetime) -> None:
    """Take back an "answer", "keyword" or "nickname"; Refusal not_found."""
    table = {"answer": t.faq_answer, "keyword": t.keyword, "nickname": t.nickname}[kind]
    gone = delete(table).where(table.c.id == row_id, table.c.merchant_id == merchant_id).returning(table.c.id)
    if session.execute(gone).first() is None:
        raise Refusal(Code.NOT_FOUND, what=kind)
    _changed(session, f"{kind}:{row_id}", "teaching.removed", {}, by=by, merchant_id=merchant_id, now=now)


def note_unknown(session: Session, sentence: str, *, now: dt.datetime) -> None:
    """Count a sentence that nobody understood; the rarest ones make room when there are too many."""
    text = _NUMBERS.sub("…", plain(sentence))[:_SENTENCE_MOST]
    if not text:
        return
    seen = update(t.unknown_sentence).where(_u.text == text).values(times=_u.times + 1, last_at=now)
    if session.execute(seen.returning(_u.id)).first() is not None:
        return
    if (session.scalar(select(func.count()).select_from(t.unknown_sentence)) or 0) >= _SENTENCES_MOST:
        rarest = select(_u.id).order_by(_u.times, _u.id).limit(1)
        session.execute(delete(t.unknown_sentence).where(_u.id.in_(rarest.scalar_subquery())))
    fresh = upsert(session, t.unknown_sentence).values(text=text, times=1, first_at=now, last_at=now)
    session.execute(fresh.on_conflict_do_nothing(index_elements=["text"]))


def unknown(session: Session, limit: int = 50) -> list[UnknownSentence]:
    """What was not understood, the most frequent first."""
    return list(session.scalars(select(UnknownSentence).order_by(_u.times.desc(), _u.id.desc()).limit(limit)))


def unknown_text(session: Session, sentence_id: int) -> str:
    """One of those sentences; Refusal not_found."""
    text: str | None = session.scalar(select(_u.text).where(_u.id == sentence_id))
    if text is None:
        raise Refusal(Code.NOT_FOUND, what="sentence")
    return text


def forget_unknown(session: Session, sentence_id: int) -> None:
    """It was taught, or need not be."""
    session.execute(delete(t.unknown_sentence).where(_u.id == sentence_id))


def listed(session: Session, merchant_id: int) -> tuple[list[FaqAnswer], list[Keyword], list[tuple[Nickname, str]]]:
    """A merchant's answers, keywords, and nicknames with the name of their product; the newest first."""
    answers = session.scalars(select(FaqAnswer).where(_f.merchant_id == merchant_id).order_by(_f.id.desc()))
    keywords = session.scalars(select(Keyword).where(_k.merchant_id == merchant_id).order_by(_k.id.desc()))
    named = select(Nickname, _p.name).join(t.product, _p.id == _n.product_id).where(_n.merchant_id == merchant_id)
    nicknames = [(row, name) for row, name in session.execute(named.order_by(_n.id.desc()))]
    return list(answers), list(keywords), nicknames


def plain(text: str) -> str:
    """Text as it is compared: even widths, lower case, without ends."""
    return _TAIL.sub("", unicodedata.normalize("NFKC", text).strip().casefold())


def _changed(
    session: Session, subject: str, action: str, facts: dict[str, Any], *, by: str, merchant_id: int, now: dt.datetime
) -> None:
    risen = update(t.vocabulary_version).where(_v.id == 1).values(version=_v.version + 1).returning(_v.id)
    if session.execute(risen).first() is None:
        session.execute(insert(t.vocabulary_version).values(id=1, version=1))
    audit.write(session, actor=by, action=action, subject=subject, merchant_id=merchant_id, facts=facts, now=now)
