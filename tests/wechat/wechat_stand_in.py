"""A server that answers as told and remembers what it heard; and a clock moved by hand."""

import json
import socket
import threading
import time
from collections import deque
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any
from urllib.parse import parse_qs

from werkzeug.serving import WSGIRequestHandler, make_server

TOKEN_CALL = "cgi-bin/stable_token"


@dataclass
class Reply:
    """One answer; `drop` hangs up instead, `delay` waits first."""

    body: bytes = b""
    status: int = 200
    headers: dict[str, str] = field(default_factory=dict)
    drop: bool = False
    delay: float = 0.0


@dataclass
class Heard:
    method: str
    path: str
    query: dict[str, str]
    headers: dict[str, str]
    body: bytes

    @property
    def json(self) -> Any:
        return json.loads(self.body)


class HandClock:
    def __init__(self) -> None:
        self.moment = datetime(2026, 11, 24, 4, 0, tzinfo=UTC)

    def now(self) -> datetime:
        return self.moment

    def advance(self, seconds: float) -> None:
        self.moment += timedelta(seconds=seconds)


class StandIn:
    """Plays the answers queued for a path, then the last of them for ever."""

    def __init__(self) -> None:
        self.heard: list[Heard] = []
        self._answers: dict[str, deque[Any]] = {}
        self._guard = threading.Lock()
        self._server = make_server("127.0.0.1", 0, self, threaded=True, request_handler=_Quiet)
        self.base = f"http://127.0.0.1:{self._server.server_port}"
        self._thread = threading.Thread(target=self._server.serve_forever, args=(0.02,), daemon=True)
        self._thread.start()

    def play(self, path: str, *answers: Any) -> None:
        self._answers[path] = deque(answers)

    def calls(self, path: str) -> list[Heard]:
        return [heard for heard in self.heard if path in heard.path]

    def stop(self) -> None:
        self._server.shutdown()
        self._server.server_close()

    def __call__(self, environ: dict[str, Any], start_response: Any) -> list[bytes]:
        heard = _heard(environ)
        reply = self._next(heard)
        time.sleep(reply.delay)
        if reply.drop:
            environ["werkzeug.socket"].shutdown(socket.SHUT_RDWR)
        headers = {"Content-Type": "application/json; charset=utf-8"} | reply.headers
        start_response(f"{reply.status} X", list(headers.items()))
        return [reply.body]

    def _next(self, heard: Heard) -> Reply:
        with self._guard:
            self.heard.append(heard)
            queue = next((queue for path, queue in self._answers.items() if path in heard.path), None)
            answer = (
                {"errcode": 0, "errmsg": "ok"} if queue is None else queue.popleft() if len(queue) > 1 else queue[0]
            )
        answer = answer(heard) if callable(answer) else answer
        return answer if isinstance(answer, Reply) else Reply(json.dumps(answer).encode())


class _Quiet(WSGIRequestHandler):
    def log(self, *_: Any) -> None: ...


def token(value: str, life: int = 7200) -> dict[str, Any]:
    return {"access_token": value, "expires_in": life}


def refused(code: int, message: str = "no") -> dict[str, Any]:
    return {"errcode": code, "errmsg": f"{message} rid: 6564bb2c-0a1b2c3d-4e5f6a7b"}


def _heard(environ: dict[str, Any]) -> Heard:
    body = environ["wsgi.input"].read(int(environ.get("CONTENT_LENGTH") or 0))
    query = {name: values[0] for name, values in parse_qs(environ["QUERY_STRING"]).items()}
    headers = {name[5:].replace("_", "-").title(): value for name, value in environ.items() if name.startswith("HTTP_")}
    return Heard(environ["REQUEST_METHOD"], environ["PATH_INFO"], query, headers, body)
