"""`fenxiao check`, the doctor: a line each, ok or what is wrong and what to do."""

import typer

from app.config import ConfigError, load
from app.container import Container
from app.examinations import EXAMINATIONS, Ill, Unsure
from app.failure import sentence
from app.logging import configure, secrets_in

_OK, _WARN, _BAD = "ok  ", "注意", "坏了"


def check() -> int:
    """Examine everything; 1 if the service could not work."""
    try:
        settings = load()
    except ConfigError as error:
        _say(_BAD, "配置", str(error))
        return 1
    configure(settings.log.model_copy(update={"level": "error"}), secrets=secrets_in(settings))
    container = Container(settings)
    _say(_OK, "配置", f"{settings.wechat.app_id}，{settings.wechat.mode} 模式，{settings.public_url}")
    good = [_examine(name, container) for name in EXAMINATIONS]
    container.close()
    return 0 if all(good) else 1


def _examine(name: str, container: Container) -> bool:
    try:
        _say(_OK, name, EXAMINATIONS[name](container))
    except Unsure as doubt:
        _say(_WARN, name, str(doubt))
    except Ill as illness:
        _say(_BAD, name, str(illness))
        return False
    except Exception as error:
        _say(_BAD, name, sentence(error) or f"{type(error).__name__}: {error}")
        return False
    return True


def _say(state: str, name: str, what: str) -> None:
    typer.echo(f"{state}  {name}：{' '.join(what.split())}")
