"""Pages for one person alone: no cache keeps them, and their signed address is told to nobody."""

from flask import Response, make_response


def private(html: str, status: int = 200) -> Response:
    """The answer that shows such a page."""
    page = make_response(html, status)
    page.headers["Cache-Control"] = "no-store"
    page.headers["Referrer-Policy"] = "no-referrer"
    return page
