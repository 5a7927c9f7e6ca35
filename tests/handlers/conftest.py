"""People who chat with the real handlers over the real dispatcher and database."""

import datetime as dt
import itertools
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

import pytest
from dialogue_shop import DialogueShop
from money_shop import lina_with

from app.vocabulary import TaughtUnderstanding
from bot import refusing
from bot.conversation import MemoryConversations
from bot.dialog import Sentences
from bot.dispatcher import Dispatcher
from bot.messages import Clicked, Followed, Left, Said, Scanned
from bot.replies import Image, Reply, shown
from bot.wording import CANCELLED, EXPIRED, NEUTRAL, sentence
from distribution import members, policy, proof
from distribution.links import Links
from handlers import ROUTERS
from models import Merchant, Product
from models.database import Database

APP_ID, ACCOUNT = "wx0123456789abcdef", "gh_0123456789ab"
GOODS = (("AJ250", "即食阿胶糕", 8900), ("MM1", "玻尿酸面膜", 5900), ("MM2", "胶原蛋白面膜", 7900))
_numbers = itertools.count(1)


@dataclass
class Chat:
    """One shop's account."""

    database: Database
    clock: Any
    dispatcher: Dispatcher = field(init=False)

    def __post_init__(self) -> None:
        self.dispatcher = Dispatcher(
            database=self.database,
            conversations=MemoryConversations(),
            routers=ROUTERS,
            clock=self.clock,
            app_id=APP_ID,
            links=Links("https://shop.test", "a secret of the tests, 32 letters", self.clock),
            policy_at=lambda session, at: policy.in_force(session, 1, at),
            understand=TaughtUnderstanding(self.database, elapsed=itertools.count().__next__),
            wording=sentence,
            sentences=Sentences(cancelled=CANCELLED, expired=EXPIRED, trouble=NEUTRAL),
            refusing=refusing.answer,
        )

    def person(self, openid: str) -> "Talker":
        return Talker(self, openid)

    def distributor(self, name: str, openid: str) -> "Talker":
        """Somebody who joined through the chat and was passed."""
        who = self.person(openid)
        who.follows()
        for words in ("我要成为分销员", "13800138000", name, "1"):
            who.says(words)
        with self.database.transaction() as session:
            found = members.find_by_member(session, who.member_id(session))
            who.code = members.approve(session, found.id, by="tester", now=self.clock.now()).code
            who.distributor_id = found.id
        return who


@dataclass
class Talker:
    """A person with a phone."""

    chat: Chat
    openid: str
    code: str = ""
    distributor_id: int = 0

    def gives(self, kind: type, /, **facts: Any) -> Reply:
        now = self.chat.clock.now()
        message = kind(openid=self.openid, account=ACCOUNT, at=now, key=f"{self.openid}-{next(_numbers)}", **facts)
        return self.chat.dispatcher.answer(message)

    def says(self, text: str) -> str:
        reply = self.gives(Said, text=text)
        return f"[图片 {reply.media_id}]" if isinstance(reply, Image) else shown(reply)

    def follows(self, scene: str | None = None) -> str:
        return shown(self.gives(Followed, scene=scene))

    def scans(self, scene: str) -> str:
        return shown(self.gives(Scanned, scene=scene))

    def leaves(self) -> str:
        return shown(self.gives(Left))

    def taps(self, button: str) -> str:
        return shown(self.gives(Clicked, button=button))

    def member_id(self, session: Any) -> int:
        from distribution import people

        return people.recognise(session, APP_ID, self.openid).member_id


@pytest.fixture
def chat(database: Database, clock: Any) -> Iterator[Chat]:
    """The account of a small shop; when the test ends, the books must hold."""
    now: dt.datetime = clock.now()
    with database.transaction() as session:
        session.add(Merchant(name="禾苗好物", created_at=now))
        session.flush()
        for sku, name, fen in GOODS:
            row = Product(merchant_id=1, sku=sku, name=name, price_fen=fen, stock=9, updated_at=now, on_sale=True)
            session.add(row)
    yield Chat(database, clock)
    with database.reading() as session:
        assert [finding for finding in proof.prove(session) if not finding.ok] == []


@pytest.fixture
def shop(chat: Chat) -> DialogueShop:
    """The shop of the model dialogues, opened."""
    made = DialogueShop(chat)
    made.open()
    return made


@pytest.fixture
def earner(shop: DialogueShop) -> Talker:
    """李娜 with ¥326.40 to withdraw; it is 11-23 10:30."""
    who: Talker = lina_with(shop, available=32_640)
    return who
