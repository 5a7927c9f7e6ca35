"""The two ends of a term as a form gives them; an empty end is open."""

import datetime as dt

from web.console.forms import Form
from web.console.visit import Visit


def ends(visit: Visit, form: Form) -> tuple[dt.datetime | None, dt.datetime | None]:
    """(since, until) of the fields ``since`` and ``until``."""
    since, until = (form.moment(name) if visit.given.get(name, "").strip() else None for name in ("since", "until"))
    if since is not None and until is not None and since >= until:
        form.wrong("until", "要晚于开始时间")
    return since, until
