"""The worker put together from a container: what the clock and the senders work with."""

import os
import socket

from app.container import Container
from posters import fonts, render
from scheduler.fetching import Pictures
from scheduler.parts import Pace, Parts
from scheduler.runner import Runner

#: In the demo one worker does everything, and nobody likes to wait.
_DEMO_PACE = Pace(every_seconds=0.3, alone=True)


def runner(container: Container) -> Runner:
    """A worker over this container's parts; its name tells the machine and the process."""
    return Runner(parts(container), f"{socket.gethostname()}:{os.getpid()}")


def parts(container: Container) -> Parts:
    """What the clock and the senders are given."""
    settings = container.settings
    fonts.configure(settings.posters.font or None)
    return Parts(
        database=container.database,
        clock=container.clock,
        official=container.official,
        pay=container.pay,
        draw=render,
        fetch=Pictures(settings.posters.picture_hosts),
        links=container.links,
        templates=settings.wechat.templates,
        pace=_DEMO_PACE if settings.demo.enabled else Pace(),
    )
