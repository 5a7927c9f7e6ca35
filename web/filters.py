"""How templates show money, time and people."""

from flask import Blueprint
from flask.blueprints import BlueprintSetupState

from distribution.rules.calendar import local, shown_day, shown_full, shown_time
from distribution.rules.masking import phone
from distribution.rules.money import percent, plain_yuan, yuan

FILTERS = {
    "yuan": yuan,
    "plain_yuan": plain_yuan,
    "percent": percent,
    "shown_day": shown_day,
    "shown_time": shown_time,
    "shown_full": shown_full,
    "masked_phone": phone,
    "local": local,
}


def add_filters(pages: Blueprint) -> None:
    """Give the templates of these pages our filters."""

    def give(state: BlueprintSetupState) -> None:
        state.app.jinja_env.filters.update(FILTERS)

    pages.record(give)
