"""The browser inside a phone: the service's pages in a frame, with the person's own cookies and WeChat's bridge."""

import re
from html import escape
from urllib.parse import urljoin, urlsplit

from flask import Blueprint, Response, redirect, request, url_for
from flask.typing import ResponseReturnValue

from simulator import browsing, people
from simulator.desk import Desk, current_desk

blueprint = Blueprint("window", __name__)
_LINKS = re.compile(r"""(?P<head>\b(?:href|src|action|formaction)\s*=\s*["'])(?P<link>[^"'<>]*)""", re.IGNORECASE)
_FRAME_RULES = "frame-ancestors 'self'; object-src 'none'"


@blueprint.route("/browser/<openid>/", defaults={"path": ""}, methods=["GET", "POST"])
@blueprint.route("/browser/<openid>/<path:path>", methods=["GET", "POST"])
def show(openid: str, path: str) -> ResponseReturnValue:
    """A page of the service as this person sees it; links and redirects stay inside the frame."""
    desk = current_desk()
    people.get(desk, openid)
    query = request.query_string.decode("ascii", "replace")
    url = f"{desk.settings.service_url}/{path}" + (f"?{query}" if query else "")
    visit = browsing.Visit(request.method, request.get_data(), request.content_type or "")
    found = browsing.fetch(desk, openid, url, visit, hops=0)
    if found.is_redirect:
        target = urljoin(found.url, found.headers["Location"])
        return redirect(_inside(desk, openid, target), 307 if found.status_code in (307, 308) else 303)
    kind = found.headers.get("Content-Type", "application/octet-stream")
    body: str | bytes = found.content
    if kind.startswith("text/html"):
        found.encoding = "utf-8"
        body, kind = _dressed(desk, openid, found.text), "text/html; charset=utf-8"
    headers = {"Content-Security-Policy": _FRAME_RULES, "Cache-Control": "no-store"}
    return Response(body, status=found.status_code, content_type=kind, headers=headers)


def _inside(desk: Desk, openid: str, url: str) -> str:
    """The address in the frame of a page of the service; any other address as it is."""
    if not browsing.is_ours(desk, url):
        return url
    parts = urlsplit(url)
    own = parts.path.startswith(f"{request.script_root}/")
    path = parts.path if own else url_for("window.show", openid=openid, path=parts.path.lstrip("/"))
    return path + (f"?{parts.query}" if parts.query else "") + (f"#{parts.fragment}" if parts.fragment else "")


def _dressed(desk: Desk, openid: str, html: str) -> str:
    own = desk.settings.service_url

    def turned(found: re.Match[str]) -> str:
        link = found["link"]
        rooted = link.startswith("/") and not link.startswith("//")
        if not rooted and not link.startswith(f"{own}/"):
            return found[0]
        return found["head"] + _inside(desk, openid, urljoin(own, link))

    bridge = (
        f'<link rel="stylesheet" href="{url_for("static", filename="bridge.css")}">'
        f'<script src="{url_for("static", filename="bridge.js")}" data-prefix="{escape(request.script_root)}" '
        f'data-openid="{escape(openid)}"></script>'
    )
    html = _LINKS.sub(turned, html)
    dressed, count = re.subn(r"<head[^>]*>", lambda found: found[0] + bridge, html, count=1, flags=re.IGNORECASE)
    return dressed if count else bridge + html
