"""The Chinese typeface of the posters, for browsers on machines that have none."""

from pathlib import Path

from flask import Response, abort, send_file

from posters import fonts
from posters.facts import PosterError

_KINDS = {".otf": "font/otf", ".ttf": "font/ttf"}
_YEAR = 365 * 86400


def typeface() -> Response:
    """The file, to be kept for a year; 404 when what is installed is of a kind browsers do not read."""
    try:
        path = Path(fonts.sans().path)
    except PosterError:
        abort(404)
    kind = _KINDS.get(path.suffix.lower())
    if kind is None:
        abort(404)
    return send_file(path, mimetype=kind, max_age=_YEAR)
