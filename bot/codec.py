"""WeChat's push and our answer: signatures, envelope and XML on one side, values on the other."""

import datetime as dt
import secrets
from collections.abc import Sequence
from typing import Literal
from urllib.parse import unquote_to_bytes

from bot.cipher import BadEnvelope, Envelope, same, signed
from bot.markup import BadMarkup, Fields, read
from bot.messages import Message
from bot.parsing import BadMessage, message_from
from bot.rendering import rendered
from bot.replies import Reply

LONGEST_BODY = 64 * 1024
_LONGEST_QUERY = 2048
_LONGEST_ECHO = 512
_SUCCESS = b"success"

Mode = Literal["safe", "compatible", "plain"]


class Refused(Exception):
    """Not a push we answer: the HTTP status, and a reason for logs that quotes nothing of it."""

    def __init__(self, status: Literal[400, 403, 413], reason: str) -> None:
        super().__init__(reason)
        self.status = status
        self.reason = reason


class Codec:
    """Opens pushes of one account and seals answers to them; everything costly is built once.

    ``keys``: the EncodingAESKey in force, then earlier ones still accepted. Unencrypted pushes pass in plain mode only.
    """

    def __init__(
        self, *, token: str, app_id: str, keys: Sequence[str] = (), mode: Mode = "safe", original_id: str | None = None
    ) -> None:
        if mode != "plain" and not keys:
            raise ValueError(f"an EncodingAESKey is needed in {mode} mode")
        self._token = token
        self._mode = mode
        self._original_id = original_id
        self._envelope = Envelope(app_id, keys) if keys else None

    def echo(self, query: bytes) -> str:
        """The text that proves to WeChat that this address is ours; Refused (403, 400)."""
        parameters = self._proven(query)
        echo = parameters.get("echostr", "")
        if not echo or len(echo) > _LONGEST_ECHO or not (echo.isascii() and echo.isprintable()):
            raise Refused(400, "no usable echostr")
        return echo

    def open(self, query: bytes, body: bytes) -> tuple[Message, str]:
        """The message of a push and its plain XML; Refused (403 unproven, 400 malformed, 413 too large)."""
        parameters = self._proven(query)
        if len(body) > LONGEST_BODY:
            raise Refused(413, "more than 64 KB")
        try:
            raw = self._plain(parameters, body)
            message = message_from(read(raw))
        except (BadMarkup, BadMessage) as error:
            raise Refused(400, str(error)) from error
        except BadEnvelope as error:
            raise Refused(403, str(error)) from error
        if self._original_id is not None and message.account != self._original_id:
            raise Refused(403, "for another account")
        return message, raw.decode("utf-8", "replace")

    def seal(self, reply: Reply, message: Message, now: dt.datetime) -> bytes:
        """The body that answers ``message`` with ``reply``; "success" when there is nothing to show."""
        xml = rendered(reply, message, now)
        if not xml:
            return _SUCCESS
        if self._envelope is None or self._mode == "plain":
            return xml.encode()
        sealed = self._envelope.seal(xml.encode())
        timestamp, nonce = str(int(now.timestamp())), secrets.token_hex(8)
        signature = signed(self._token, timestamp, nonce, sealed)
        return (
            f"<xml><Encrypt><![CDATA[{sealed}]]></Encrypt><MsgSignature><![CDATA[{signature}]]></MsgSignature>"
            f"<TimeStamp>{timestamp}</TimeStamp><Nonce><![CDATA[{nonce}]]></Nonce></xml>"
        ).encode("ascii")

    def _proven(self, query: bytes) -> dict[str, str]:
        parameters = _parameters(query)
        timestamp, nonce = parameters.get("timestamp", ""), parameters.get("nonce", "")
        if not timestamp or not nonce:
            raise Refused(403, "no timestamp or nonce")
        if not same(signed(self._token, timestamp, nonce), parameters.get("signature", "")):
            raise Refused(403, "wrong signature")
        return parameters

    def _plain(self, parameters: dict[str, str], body: bytes) -> bytes:
        way = parameters.get("encrypt_type", "raw")
        if way == "aes" and self._envelope is not None:
            sealed = _sealed(read(body))
            expected = signed(self._token, parameters["timestamp"], parameters["nonce"], sealed)
            if not same(expected, parameters.get("msg_signature", "")):
                raise Refused(403, "wrong msg_signature")
            return self._envelope.open(sealed)
        if self._mode != "plain" or way != "raw":
            # The plain signature does not cover the body: anybody who saw one could write anything.
            raise Refused(403, "not encrypted")
        return body


def _sealed(outer: Fields) -> str:
    sealed = outer.get("Encrypt")
    if not isinstance(sealed, str) or not sealed:
        raise BadMarkup("no Encrypt")
    return sealed


def _parameters(query: bytes) -> dict[str, str]:
    if len(query) > _LONGEST_QUERY:
        raise Refused(400, "a query that long")
    try:
        pairs = [_pair(each) for each in query.decode("ascii").split("&") if each]
    except ValueError as error:
        raise Refused(403, "not a query") from error
    parameters = dict(pairs)
    if len(parameters) != len(pairs):
        raise Refused(403, "a parameter given twice")
    return parameters


def _pair(text: str) -> tuple[str, str]:
    name, _, value = text.partition("=")
    return _unquoted(name), _unquoted(value)


def _unquoted(text: str) -> str:
    if "%" not in text and "+" not in text:
        return text
    return unquote_to_bytes(text.replace("+", " ")).decode("utf-8")
