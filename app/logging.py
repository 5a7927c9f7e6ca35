"""Log lines: structlog for ours and everybody else's, one renderer, secrets and people masked in every value."""

import logging
import re
import sys
from collections.abc import Iterable, Mapping, MutableMapping
from typing import Any, TextIO, cast

import structlog
from pydantic import BaseModel, SecretStr

from app.settings import LogSettings
from distribution.rules import masking

_OPENID = re.compile(r"\bo[A-Za-z0-9_-]{27}(?![A-Za-z0-9_-])")
_PHONE = re.compile(r"(?<!\d)1[3-9]\d{9}(?!\d)")
_ASSIGNED = re.compile(
    r"""((?:access_token|secret|appsecret|token|password|passwd|authorization|cookie|api_v3_key|encoding_aes_key)"""
    r"""["']?\s*[=:]\s*["']?)(?:Bearer\s+)?[^\s"'&,;}]+""",
    re.IGNORECASE,
)
_KEY = re.compile(r"whsec_[A-Za-z0-9+/=]+|-----BEGIN [A-Z ]*PRIVATE KEY-----.*?-----END [A-Z ]*PRIVATE KEY-----", re.S)
_ROW = re.compile(r"(Failing row contains \().*?(\)\.?)$", re.MULTILINE)
_URL_PASSWORD = re.compile(r"(://[^/\s:@]*:)[^@\s/]+@")
_SECRET_NAMES = frozenset({"secret", "app_secret", "token", "access_token", "password", "password_hash", "cookie"})
_PERSONAL_NAMES = frozenset({"payee_name", "real_name"})
_SHORTEST_KNOWN = 6


class _StandardError:
    """The standard error of the moment: loggers are kept for good, the stream may be another one by then."""

    def write(self, text: str) -> int:
        return sys.stderr.write(text)

    def flush(self) -> None:
        sys.stderr.flush()


class Mask:
    """A processor that lets no openid, phone, token or known secret through, however deep it stands."""

    def __init__(self, known: Iterable[str] = ()) -> None:
        secrets = sorted({each for each in known if len(each) >= _SHORTEST_KNOWN}, key=len, reverse=True)
        self._known = re.compile("|".join(map(re.escape, secrets))) if secrets else None

    def __call__(self, _: Any, __: str, event: MutableMapping[str, Any]) -> MutableMapping[str, Any]:
        """The event with every value masked."""
        return {key: self._named(key, value) for key, value in event.items()}

    def text(self, text: str) -> str:
        """The text with every secret and person in it masked."""
        if self._known:
            text = self._known.sub("***", text)
        text = _KEY.sub("***", text)
        text = _ASSIGNED.sub(r"\1***", text)
        text = _ROW.sub(r"\1***\2", text)
        text = _URL_PASSWORD.sub(r"\1***@", text)
        text = _PHONE.sub(lambda found: masking.phone(found[0]), text)
        return _OPENID.sub(lambda found: masking.openid(found[0]), text)

    def _named(self, key: str, value: Any) -> Any:
        if key.lower() in _SECRET_NAMES or key.lower() in _PERSONAL_NAMES:
            return "***"
        return self._value(value)

    def _value(self, value: Any) -> Any:
        if isinstance(value, str):
            return self.text(value)
        if value is None or isinstance(value, bool | int | float):
            return self.text(str(value)) if isinstance(value, int) and value > 10**10 else value
        if isinstance(value, Mapping):
            return {str(key): self._named(str(key), inner) for key, inner in value.items()}
        if isinstance(value, list | tuple | set | frozenset):
            return [self._value(inner) for inner in value]
        return self.text(str(value))


def configure(settings: LogSettings, *, secrets: Iterable[str] = ()) -> None:
    """Send every log line of the process, ours and the libraries', to the standard error in one form."""
    level = logging.getLevelName(settings.level.upper())
    shared: list[Any] = [
        structlog.contextvars.merge_contextvars,
        structlog.processors.add_log_level,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
        structlog.processors.format_exc_info,
    ]
    last: list[Any] = [Mask(secrets), _renderer(settings)]
    structlog.configure(
        processors=[*shared, *last],
        wrapper_class=structlog.make_filtering_bound_logger(level),
        logger_factory=structlog.WriteLoggerFactory(cast(TextIO, _StandardError())),
        cache_logger_on_first_use=True,
    )
    _take_over_the_libraries(level, shared, last)


def secrets_in(model: BaseModel) -> list[str]:
    """Every secret value that a settings object holds."""
    found: list[str] = []
    for name in type(model).model_fields:
        found += _secrets_of(getattr(model, name))
    return found


def _secrets_of(value: Any) -> list[str]:
    if isinstance(value, SecretStr):
        return [value.get_secret_value()]
    if isinstance(value, BaseModel):
        return secrets_in(value)
    return [each for inner in value for each in _secrets_of(inner)] if isinstance(value, list | tuple) else []


def _renderer(settings: LogSettings) -> Any:
    if settings.format == "json":
        return structlog.processors.JSONRenderer(ensure_ascii=False)
    return structlog.dev.ConsoleRenderer(colors=sys.stderr.isatty(), exception_formatter=structlog.dev.plain_traceback)


def _take_over_the_libraries(level: int, shared: list[Any], last: list[Any]) -> None:
    formatter = structlog.stdlib.ProcessorFormatter(
        foreign_pre_chain=shared, processors=[structlog.stdlib.ProcessorFormatter.remove_processors_meta, *last]
    )
    handler = logging.StreamHandler(_StandardError())
    handler.setFormatter(formatter)
    root = logging.getLogger()
    root.handlers[:] = [handler]
    root.setLevel(max(level, logging.WARNING) if level > logging.DEBUG else level)
