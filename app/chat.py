"""The bot put together: codec, conversations and the dispatcher over the handlers."""

import datetime as dt
from collections.abc import Callable

import structlog
from sqlalchemy.orm import Session

from app.container import Container
from app.vocabulary import TaughtUnderstanding
from bot import refusing
from bot.codec import Codec
from bot.context import PolicyAt
from bot.conversation import Conversations, MemoryConversations
from bot.dialog import Sentences
from bot.dispatcher import Dispatcher, Observation
from bot.messages import Message
from bot.redis_conversation import RedisConversations, connect
from bot.replies import Reply
from bot.wording import CANCELLED, EXPIRED, NEUTRAL, sentence
from distribution import merchants, policy
from handlers import ROUTERS

Observer = Callable[[Observation], None]


class LoggedDispatcher(Dispatcher):
    """Every log line that a message causes carries the message's key."""

    def answer(self, message: Message, xml: str = "") -> Reply:
        """See Dispatcher."""
        with structlog.contextvars.bound_contextvars(message=message.key):
            return super().answer(message, xml)


def dispatcher(container: Container, observer: Observer | None = None) -> Dispatcher:
    """Answers messages of this container's account."""
    return LoggedDispatcher(
        database=container.database,
        conversations=_conversations(container),
        routers=ROUTERS,
        clock=container.clock,
        app_id=container.settings.wechat.app_id,
        links=container.links,
        policy_at=_policy_at(),
        understand=TaughtUnderstanding(container.database),
        wording=sentence,
        sentences=Sentences(cancelled=CANCELLED, expired=EXPIRED, trouble=NEUTRAL),
        refusing=refusing.answer,
        observer=observer,
    )


def codec(container: Container) -> Codec:
    """Opens and seals what WeChat pushes to this account."""
    account = container.settings.wechat
    keys = [key.get_secret_value() for key in (account.encoding_aes_key, account.previous_aes_key) if key]
    return Codec(
        token=account.token.get_secret_value(),
        app_id=account.app_id,
        keys=[key for key in keys if key],
        mode=account.mode,
        original_id=account.original_id,
    )


def _conversations(container: Container) -> Conversations:
    # A client of its own, which gives up soon: a talk goes on without Redis, but not after WeChat's five seconds.
    url = container.settings.redis.url
    return RedisConversations(connect(url)) if url else MemoryConversations()


def _policy_at() -> PolicyAt:
    """The first merchant runs the distributors; which one that is never changes once there is one."""
    known: list[int] = []

    def policy_at(session: Session, at: dt.datetime) -> policy.Policy:
        if not known:
            found = merchants.first(session)
            if found is None:
                return policy.Policy()
            known.append(found.id)
        return policy.in_force(session, known[0], at)

    return policy_at
