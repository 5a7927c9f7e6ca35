"""What merchants teach the bot: answers, keywords, nicknames of products; and what it did not understand."""

import datetime as dt

from sqlalchemy import CheckConstraint, Index, UniqueConstraint
from sqlmodel import Field, SQLModel

from models.columns import instant, key, link, structured


class FaqAnswer(SQLModel, table=True):
    """An answer of the merchant's own, given to messages that hold one of ``words``."""

    __tablename__ = "faq_answer"

    id: int = key()
    merchant_id: int = link("merchant.id", index=True)
    words: list[str] = structured()
    answer: str
    created_by: str
    created_at: dt.datetime = instant()


class Keyword(SQLModel, table=True):
    """A whole message that stands for one of the things the bot can do."""

    __tablename__ = "keyword"
    __table_args__ = (UniqueConstraint("merchant_id", "word"),)

    id: int = key()
    merchant_id: int = link("merchant.id")
    word: str
    intent: str
    created_by: str
    created_at: dt.datetime = instant()


class Nickname(SQLModel, table=True):
    """Another name of a product."""

    __tablename__ = "nickname"
    __table_args__ = (UniqueConstraint("merchant_id", "word"),)

    id: int = key()
    merchant_id: int = link("merchant.id")
    word: str
    product_id: int = link("product.id", index=True)
    created_by: str
    created_at: dt.datetime = instant()


class UnknownSentence(SQLModel, table=True):
    """A sentence the bot did not understand, and how often."""

    __tablename__ = "unknown_sentence"
    __table_args__ = (Index("unknown_sentence_often", "times", "id"),)

    id: int = key()
    text: str = Field(unique=True)
    times: int
    first_at: dt.datetime = instant()
    last_at: dt.datetime = instant()


class VocabularyVersion(SQLModel, table=True):
    """One row: rises with everything that is taught, so that every process notices."""

    __tablename__ = "vocabulary_version"
    __table_args__ = (CheckConstraint("id = 1", name="vocabulary_version_one"),)

    id: int = Field(default=1, primary_key=True)
    version: int
