"""The door WeChat knocks on: the only place where HTTP meets messages."""

from collections.abc import Callable

from flask import Blueprint, Response, request

from bot.codec import LONGEST_BODY, Codec, Refused
from bot.dispatcher import Busy, Clock, Dispatcher

_PLAIN = "text/plain; charset=utf-8"
_XML = "text/xml; charset=utf-8"
_NOSNIFF = ("X-Content-Type-Options", "nosniff")
_NO_STORE = ("Cache-Control", "no-store")


def webhook(
    dispatcher: Dispatcher,
    codec: Codec,
    clock: Clock,
    path: str = "/wechat",
    *,
    refused: Callable[[str], None] = lambda reason: None,
) -> Blueprint:
    """GET proves the address to WeChat, POST answers a push; ``refused`` counts what was turned away, by reason.

    4xx for what is not WeChat's, 503 while a dependency is down, 200 for everything else.
    """
    blueprint = Blueprint("webhook", __name__)

    def verify() -> Response:
        try:
            return _answer(codec.echo(request.query_string).encode(), 200, _PLAIN)
        except Refused as error:
            refused(error.reason)
            return _answer(b"", error.status, _PLAIN)

    def receive() -> Response:
        # The whole body first: a slow sender may hold this thread, but nothing else.
        body = _body()
        try:
            message, xml = codec.open(request.query_string, body)
            reply = dispatcher.answer(message, xml)
        except Refused as error:
            refused(error.reason)
            return _answer(b"", error.status, _PLAIN)
        except Busy:
            return _answer(b"", 503, _PLAIN)
        return _answer(codec.seal(reply, message, clock.now()), 200, _XML)

    blueprint.add_url_rule(path, "verify", verify, methods=["GET"])
    blueprint.add_url_rule(path, "receive", receive, methods=["POST"])
    return blueprint


def _body() -> bytes:
    environ = request.environ
    try:
        length = int(environ.get("CONTENT_LENGTH") or -1)
    except ValueError:
        return b""
    if length < 0 and not environ.get("wsgi.input_terminated"):
        return b""
    wanted = LONGEST_BODY + 1 if length < 0 else min(length, LONGEST_BODY + 1)
    body: bytes = environ["wsgi.input"].read(wanted)
    return body


def _answer(body: bytes, status: int, content_type: str) -> Response:
    response = Response(body, status, content_type=content_type)
    response.headers.extend((_NOSNIFF, _NO_STORE))
    return response
