"""One process of several that answer the same crowd: a real dispatcher over the shared database and Redis."""

import datetime as dt
from functools import cache

from bot.dialog import Sentences
from bot.dispatcher import Dispatcher
from bot.messages import Said
from bot.redis_conversation import RedisConversations, connect
from bot.replies import shown
from bot.understanding import understand
from bot.wording import CANCELLED, EXPIRED, NEUTRAL, sentence
from distribution.links import Links
from distribution.policy import Policy
from handlers import ROUTERS
from models.database import Database

APP_ID = "wx0123456789abcdef"
NOW = dt.datetime(2026, 11, 23, 2, 30, tzinfo=dt.UTC)
#: What everybody begins with, by turns, and what kind of ticket it leads to.
BEGINNINGS = (("人工", "human", "转人工"), ("投诉", "complaint", "哪里不对"), ("提交说明", "appeal", "写在一条消息里"))


class Standing:
    """A clock that stands still."""

    def now(self) -> dt.datetime:
        return NOW


def openid(number: int) -> str:
    return f"o-crowd-{number:05d}"


def words(number: int) -> str:
    """What only this person says."""
    return f"我的问题是第 {number:05d} 号快递还没有到，请看看"


@cache
def dispatcher(database_url: str, redis_url: str) -> Dispatcher:
    """This process's own."""
    return Dispatcher(
        database=Database(database_url),
        conversations=RedisConversations(connect(redis_url, seconds=5.0)),
        routers=ROUTERS,
        clock=Standing(),
        app_id=APP_ID,
        links=Links("https://shop.test", "a secret of the tests, 32 letters", Standing()),
        policy_at=lambda session, at: Policy(),
        understand=understand,
        wording=sentence,
        sentences=Sentences(cancelled=CANCELLED, expired=EXPIRED, trouble=NEUTRAL),
    )


def begin(urls: tuple[str, str], numbers: list[int]) -> list[str]:
    """Everybody begins; what was answered wrongly."""
    wrong = []
    for number in numbers:
        word, _, expected = BEGINNINGS[number % len(BEGINNINGS)]
        answer = _says(urls, number, word, "a")
        wrong += [] if expected in answer else [f"{number}: {answer}"]
    return wrong


def wander(urls: tuple[str, str], numbers: list[int]) -> list[str]:
    """Everybody asks for the menu in between; who was not asked their own question again."""
    wrong = []
    for number in numbers:
        answer = _says(urls, number, "菜单", "m")
        wrong += [] if "欢迎" in answer and BEGINNINGS[number % 3][2] in answer else [f"{number}: {answer}"]
    return wrong


def tell(urls: tuple[str, str], numbers: list[int]) -> list[str]:
    """Everybody answers what they were asked; what was answered wrongly."""
    answers = ((number, _says(urls, number, words(number), "b")) for number in numbers)
    return [f"{number}: {answer}" for number, answer in answers if "受理号 T" not in answer]


def _says(urls: tuple[str, str], number: int, text: str, turn: str) -> str:
    message = Said(openid=openid(number), account="gh", at=NOW, key=f"{number}-{turn}", text=text)
    return shown(dispatcher(*urls).answer(message))
