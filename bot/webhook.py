"""The door WeChat knocks on: the only place where HTTP meets messages."""

import time
from collections.abc import Callable, Iterable
from http import HTTPStatus
from typing import Any, NamedTuple

from flask import Blueprint, Response, request

from bot.codec import LONGEST_BODY, Codec, Refused
from bot.dispatcher import Busy, Clock, Dispatcher

_PLAIN = "text/plain; charset=utf-8"
_XML = "text/xml; charset=utf-8"
_HEADERS = (("X-Content-Type-Options", "nosniff"), ("Cache-Control", "no-store"))

#: A WSGI application.
Application = Callable[[dict[str, Any], Callable[..., Any]], Iterable[bytes]]


class Answer(NamedTuple):
    """What goes back over HTTP."""

    status: int
    body: bytes
    content_type: str


class Door:
    """Proves the address to WeChat and answers its pushes; ``refused`` counts what was turned away, by reason.

    4xx for what is not WeChat's, 503 while a dependency is down, 200 for everything else.
    """

    def __init__(
        self,
        dispatcher: Dispatcher,
        codec: Codec,
        clock: Clock,
        *,
        refused: Callable[[str], None] = lambda reason: None,
    ) -> None:
        self._dispatcher = dispatcher
        self._codec = codec
        self._clock = clock
        self._refused = refused

    def verify(self, query: bytes) -> Answer:
        """The answer to a GET."""
        try:
            return Answer(200, self._codec.echo(query).encode(), _PLAIN)
        except Refused as error:
            return self._turned_away(error)

    def receive(self, query: bytes, environ: dict[str, Any]) -> Answer:
        """The answer to a POST."""
        # The whole body first: a slow sender may hold this thread, but nothing else.
        body = _body(environ)
        try:
            message, xml = self._codec.open(query, body)
            reply = self._dispatcher.answer(message, xml)
        except Refused as error:
            return self._turned_away(error)
        except Busy:
            return Answer(503, b"", _PLAIN)
        return Answer(200, self._codec.seal(reply, message, self._clock.now()), _XML)

    def _turned_away(self, error: Refused) -> Answer:
        self._refused(error.reason)
        return Answer(error.status, b"", _PLAIN)


def webhook(
    dispatcher: Dispatcher,
    codec: Codec,
    clock: Clock,
    path: str = "/wechat",
    *,
    refused: Callable[[str], None] = lambda reason: None,
) -> Blueprint:
    """The door as part of a Flask application."""
    door = Door(dispatcher, codec, clock, refused=refused)
    blueprint = Blueprint("webhook", __name__)

    def verify() -> Response:
        return _response(door.verify(request.query_string))

    def receive() -> Response:
        return _response(door.receive(request.query_string, request.environ))

    blueprint.add_url_rule(path, "verify", verify, methods=["GET"])
    blueprint.add_url_rule(path, "receive", receive, methods=["POST"])
    return blueprint


def fast_lane(
    inner: Application,
    door: Door,
    path: str = "/wechat",
    *,
    measured: Callable[[int, int, float], None] = lambda status, length, seconds: None,
) -> Application:
    """A WSGI application that answers pushes itself and leaves everything else to ``inner``.

    ``measured`` is told status, length and seconds of each answer.
    """

    def application(environ: dict[str, Any], start_response: Callable[..., Any]) -> Iterable[bytes]:
        if environ["REQUEST_METHOD"] != "POST" or environ.get("PATH_INFO") != path:
            return inner(environ, start_response)
        began = time.perf_counter()
        answer = door.receive(environ.get("QUERY_STRING", "").encode("latin-1"), environ)
        length = ("Content-Length", str(len(answer.body)))
        start_response(_STATUS[answer.status], [("Content-Type", answer.content_type), length, *_HEADERS])
        measured(answer.status, len(answer.body), time.perf_counter() - began)
        return (answer.body,)

    return application


_STATUS = {status: f"{status} {HTTPStatus(status).phrase}" for status in (200, 400, 403, 413, 503)}


def _body(environ: dict[str, Any]) -> bytes:
    try:
        length = int(environ.get("CONTENT_LENGTH") or -1)
    except ValueError:
        return b""
    if length < 0 and not environ.get("wsgi.input_terminated"):
        return b""
    wanted = LONGEST_BODY + 1 if length < 0 else min(length, LONGEST_BODY + 1)
    body: bytes = environ["wsgi.input"].read(wanted)
    return body


def _response(answer: Answer) -> Response:
    response = Response(answer.body, answer.status, content_type=answer.content_type)
    response.headers.extend(_HEADERS)
    return response
