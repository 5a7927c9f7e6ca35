"""The phones page, its own small questions, and the articles sent to many."""

from typing import Any
from urllib.parse import urlsplit

import requests
from flask import Blueprint, Response, redirect, render_template, request, send_file
from flask.typing import ResponseReturnValue
from pylopdf_fonts_zh_cn import sans_path

from simulator import mass, people, story, wire
from simulator.ask import ApiError
from simulator.desk import current_desk, outgoing
from simulator.instants import beijing_text
from simulator.problems import Problem

blueprint = Blueprint("page", __name__)
_MOST_SHOWN = 40
_TIMEOUT = 10.0
_PAGE_RULES = (
    "default-src 'self'; img-src 'self' data: http: https:; frame-src 'self' http://127.0.0.1:* http://localhost:*; "
    "object-src 'none'; base-uri 'none'; form-action 'self'"
)
_ARTICLE_RULES = "default-src 'none'; img-src * data:; style-src 'unsafe-inline'"


@blueprint.get("/")
def phones() -> ResponseReturnValue:
    """The phones beside the merchant's console, always at the service's own address so that frames and cookies fit."""
    settings = current_desk().settings
    if request.host == f"localhost:{urlsplit(settings.service_url).port}":
        return redirect(f"{settings.service_url}{request.script_root}/")
    text = render_template("phones.html", settings=settings, prefix=request.script_root)
    return Response(text, headers={"Content-Security-Policy": _PAGE_RULES})


@blueprint.get("/font")
def font() -> Response:
    """A Chinese font for machines that have none."""
    return send_file(sans_path(), mimetype="font/otf", max_age=86400)


@blueprint.get("/articles/<media_id>/<int:number>")
def article(media_id: str, number: int) -> Response:
    """An article that was sent to many."""
    try:
        found = mass.draft(current_desk(), media_id)[number]
    except (ApiError, IndexError) as error:
        raise Problem(404, "no such article") from error
    text = render_template("article.html", article=found)
    return Response(text, headers={"Content-Security-Policy": _ARTICLE_RULES})


@blueprint.get("/contacts")
def contacts() -> Response:
    """The people the page lists: those with the newest lines, or whose name holds `q`."""
    sql = (
        "SELECT p.*, (SELECT max(n) FROM phone WHERE openid = p.openid) AS last, "
        "(SELECT at FROM phone WHERE openid = p.openid ORDER BY n DESC LIMIT 1) AS seen "
        "FROM person p WHERE instr(p.name, ?) > 0 ORDER BY coalesce(seen, 0) DESC, p.rowid DESC LIMIT ?"
    )
    rows = current_desk().store.all(sql, request.args.get("q", ""), _MOST_SHOWN)
    shown = [
        {key: row[key] for key in ("openid", "name", "kind")}
        | {"follows": bool(row["follows"]), "last": row["last"] or 0}
        for row in rows
    ]
    return wire.answer(shown)


@blueprint.get("/story")
def show_story() -> Response:
    """The guided story and how far it has come."""
    return wire.answer(story.steps(current_desk()))


@blueprint.get("/people/<openid>/trace")
def trace(openid: str) -> Response:
    """What the service made of this person's messages after event `since`, as the service tells it."""
    desk = current_desk()
    people.get(desk, openid)
    query: dict[str, Any] = {"openid": openid, "since": wire.number("since")}
    try:
        with outgoing() as session:
            found = session.get(f"{desk.settings.service_url}/demo/trace", params=query, timeout=_TIMEOUT)
        events = found.json()["events"] if found.ok else []
    except (requests.RequestException, ValueError, KeyError, TypeError):
        events = []
    return wire.answer({"events": events})


@blueprint.get("/people/<openid>/deliveries")
def deliveries(openid: str) -> Response:
    """The pushes of this person after number `since`, at most 50, the newest last."""
    desk = current_desk()
    sql = "SELECT * FROM (SELECT * FROM delivery WHERE openid = ? AND n > ? ORDER BY n DESC LIMIT 50) ORDER BY n"
    rows = desk.store.all(sql, openid, wire.number("since"))
    return wire.answer([dict(row) | {"at": beijing_text(row["at"])} for row in rows])
