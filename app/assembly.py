"""The web service put together from a container: every door and page, its probes and its figures."""

from collections.abc import Callable, Iterable

import structlog
from flask import Blueprint, Flask

from app.chat import Observer, codec, dispatcher
from app.container import Container
from app.factory import create_app
from app.health import Probe
from app.metrics import Measures
from bot.webhook import Door, fast_lane, webhook
from bot.wording import headline
from distribution import outbox, payouts, settlement_holds, tickets
from web.console import console
from web.h5.pages import h5
from web.intake import api
from web.links import links
from web.parts import WebParts
from web.pay_notice import pay_notice

log = structlog.get_logger()


def web_application(container: Container, *, observer: Observer | None = None, more: Iterable[Blueprint] = ()) -> Flask:
    """The whole web service; ``observer`` is told of every message, ``more`` adds blueprints (the demo's doors)."""
    settings, parts, measures = container.settings, web_parts(container), Measures(_figures(container))
    talk, seal, path = dispatcher(container, observer), codec(container), settings.wechat.path
    pages = [api(parts), pay_notice(parts), links(parts), h5(parts), console(parts)]
    blueprints = [webhook(talk, seal, container.clock, path, refused=_note_refused), *pages, *more]
    app = create_app(settings, blueprints, probes=_probes(container), measures=measures)
    door = Door(talk, seal, container.clock, refused=_note_refused)
    app.wsgi_app = fast_lane(app.wsgi_app, door, path, measured=measures.message)  # type: ignore[assignment, method-assign]
    return app


def web_parts(container: Container) -> WebParts:
    """What the pages and doors are given."""
    settings, pay = container.settings, container.pay
    return WebParts(
        database=container.database,
        clock=container.clock,
        links=container.links,
        wording=headline,
        app_id=settings.wechat.app_id,
        mch_id=settings.pay.mch_id,
        api_secrets=tuple(secret.get_secret_value() for secret in settings.api.secrets),
        parse_notice=pay.parse_notice if pay else None,
        oauth=container.official,
        demo=settings.demo.enabled,
    )


def _note_refused(reason: str) -> None:
    log.info("push.refused", reason=reason)


def _probes(container: Container) -> dict[str, Probe]:
    probes: dict[str, Probe] = {"database": container.database.ping, "clock": container.clock.now}
    return {**probes, "redis": container.redis.ping} if container.redis else probes


def _figures(container: Container) -> Callable[[], dict[str, tuple[str, float]]]:
    def figures() -> dict[str, tuple[str, float]]:
        with container.database.reading() as session:
            waiting, oldest = outbox.waiting(session), outbox.oldest(session)
            tickets_waiting, tickets_since = tickets.waiting(session)
            stopped, held = payouts.stopped(session) is not None, settlement_holds.count(session)
        now = container.clock.now()
        ticket_age = max((now - tickets_since).total_seconds(), 0.0) if tickets_since else 0.0
        age = max((now - oldest).total_seconds(), 0.0) if oldest else 0.0
        return {
            "outbox_waiting": ("Things still to be done outside", float(sum(waiting.values()))),
            "outbox_oldest_seconds": ("How long the oldest of them has been due", age),
            "payouts_stopped": ("Whether payouts stand still: 1 until a person lets them go on", float(stopped)),
            "tickets_waiting": ("Tickets that wait for an operator", float(tickets_waiting)),
            "tickets_oldest_seconds": ("How long the oldest of them has waited", ticket_age),
            "settlement_held": ("Commission rows that could not be settled", float(held)),
        }

    return figures
