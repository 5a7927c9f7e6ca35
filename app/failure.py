"""What a command says when it cannot do its work: one line, never a traceback."""

import os


class Failure(Exception):
    """A command could not do its work; the message is the sentence for the person."""


def sentence(error: Exception) -> str | None:
    """The one line for an error that a command may meet; None for a bug."""
    from app.config import ConfigError
    from distribution.refusals import Refusal
    from models.database import DatabaseDown
    from posters.facts import PosterError
    from wechat.errors import Outside

    if isinstance(error, Refusal):
        from bot.wording import headline

        return headline(error)
    if isinstance(error, DatabaseDown):
        return f"数据库没有应答：{_one_line(error)}"
    if isinstance(error, Outside):
        return f"微信没有办成 {error.call}：{_one_line(error)}"
    if isinstance(error, Failure | ConfigError | PosterError):
        return _one_line(error)
    return None


def bug(error: Exception) -> str:
    """The one line for a bug; the traceback is shown where FENXIAO_LOG__LEVEL is debug."""
    if os.environ.get("FENXIAO_LOG__LEVEL", "").lower() == "debug":
        raise error
    return f"出了意料之外的错：{type(error).__name__}: {_one_line(error)}（设 FENXIAO_LOG__LEVEL=debug 再试可看全部）"


def _one_line(error: Exception) -> str:
    return " ".join(str(error).split())
