"""Who a campaign is for and when, as a form offers and reads it."""

import datetime as dt
from collections.abc import Callable
from typing import Any

from distribution import campaigns, levels, poster_templates
from distribution.rules.calendar import local
from models import Campaign
from models.database import Session
from posters import TEMPLATES
from web.console.forms import Form
from web.console.poster_editor import problems_of
from web.console.visit import Visit

EVERYBODY = "全部分销员"


def audiences(session: Session) -> dict[str, str]:
    """Every audience by the value its option has."""
    by_level = {f"level:{each.id}": f"等级：{each.name}" for each in levels.all_levels(session)}
    by_tag = {f"tag:{each.id}": f"标签：{each.name}" for each in levels.all_tags(session)}
    return {"all": EVERYBODY, **by_level, **by_tag}


def named(session: Session, audience: dict[str, Any]) -> str:
    """An audience in words."""
    kind, chosen = audience.get("kind"), audience.get("id")
    return audiences(session).get(str(kind) if kind == "all" else f"{kind}:{chosen}", "已不存在的等级或标签")


def poster_choices(session: Session, merchant_id: int) -> dict[str, str]:
    """The templates that a campaign's own poster may be drawn in; the first is none."""
    house = {name: design.title for name, design in TEMPLATES.items() if "campaign" in design.kinds}
    own = poster_templates.of_merchant(session, merchant_id)
    fit = [row for row in own if row.document["kinds"] == ["campaign"] and not problems_of(session, row)]
    mine = {poster_templates.name_of(row): row.title for row in fit}
    return {"": "不做海报", **mine, **house}


def plan(visit: Visit, form: Form) -> Callable[[int], Campaign]:
    """Reads audience, time and poster; what comes back drafts the campaign of a material."""
    value = form.choice("audience", audiences(visit.session))
    send_at = form.moment("send_at") or visit.now
    poster = ""
    if "poster" in visit.given:
        poster = form.choice("poster", poster_choices(visit.session, visit.seat.merchant_id))
    kind, _, chosen = value.partition(":")
    audience = {"kind": kind} | ({"id": int(chosen)} if chosen else {})

    def draft(material_id: int) -> Campaign:
        return campaigns.plan(
            visit.session,
            visit.seat.merchant_id,
            material_id=material_id,
            audience=audience,
            send_at=send_at,
            by=visit.seat.name,
            now=visit.now,
            poster_template=poster or None,
        )

    return draft


def suggested_time(now: dt.datetime) -> str:
    """Now, to the minute, as a datetime-local field writes it."""
    return f"{local(now):%Y-%m-%dT%H:%M}"
