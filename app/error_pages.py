"""What a caller sees when something is wrong: a problem document for machines, one sentence for people."""

import json

import structlog
from flask import Flask, Response, request
from werkzeug.exceptions import HTTPException, InternalServerError, ServiceUnavailable

from models.database import DatabaseDown

log = structlog.get_logger()

_SENTENCES = {
    400: "请求看不懂，请返回重试",
    401: "请先登录",
    403: "没有权限打开这一页",
    404: "没有这一页，可能链接已经失效",
    405: "这一页不能这样打开",
    409: "这条记录刚刚被别人改过，请刷新后再看",
    413: "内容太大了",
    429: "操作太频繁，请稍后再试",
    500: "出了点问题，我们已经记下，请稍后再试",
    503: "系统正忙，请稍后再试",
}
_PAGE = """<!doctype html><html lang="zh-CN"><meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1"><title>{sentence}</title>
<main><h1>{sentence}</h1><p>{status}</p></main></html>
"""


def add_error_pages(app: Flask) -> None:
    """Answer every error in the caller's form; nothing of the inside is shown, the traceback goes to the log."""
    app.register_error_handler(HTTPException, _known)
    app.register_error_handler(DatabaseDown, _down)
    app.register_error_handler(Exception, _unknown)


def _known(error: HTTPException) -> Response:
    if isinstance(error.response, Response):
        return error.response
    answer = answer_for(error.code or 500, error.name)
    for name, value in error.get_headers():
        if name.lower() not in ("content-type", "content-length"):
            answer.headers[name] = value
    return answer


def _down(error: DatabaseDown) -> Response:
    log.warning("database.down", reason=str(error))
    answer = answer_for(503, ServiceUnavailable().name)
    answer.headers["Retry-After"] = "5"
    return answer


def _unknown(_: Exception) -> Response:
    log.exception("request.failed", method=request.method, path=request.path)
    return answer_for(500, InternalServerError().name)


def answer_for(status: int, name: str) -> Response:
    """RFC 9457 for /api and whoever asks for JSON, a small page for browsers, plain text for everybody else."""
    accepted = request.accept_mimetypes
    if request.path.startswith("/api/") or (accepted.accept_json and not accepted.accept_html):
        problem = {"type": "about:blank", "title": name, "status": status}
        return Response(json.dumps(problem), status, content_type="application/problem+json")
    sentence = _SENTENCES.get(status, name)
    if "text/html" in request.headers.get("Accept", ""):
        return Response(_PAGE.format(sentence=sentence, status=status), status, content_type="text/html; charset=utf-8")
    return Response(sentence + "\n", status, content_type="text/plain; charset=utf-8")
