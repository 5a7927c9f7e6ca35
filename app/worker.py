"""The worker put together from a container: what the clock and the senders work with."""

import os
import socket
import tempfile
from pathlib import Path

from app.container import Container
from app.settings import PosterSettings
from posters import fonts
from posters.cabinet import Cabinet
from scheduler.fetching import Pictures
from scheduler.parts import Pace, Parts
from scheduler.runner import Runner

#: Nobody likes to wait in a demo.
_DEMO_SECONDS = 0.3


def runner(container: Container, *, alone: bool = False) -> Runner:
    """A worker over this container's parts; ``alone`` says that no other worker exists."""
    return Runner(parts(container, alone=alone), f"{socket.gethostname()}:{os.getpid()}")


def parts(container: Container, *, alone: bool = False) -> Parts:
    """What the clock and the senders are given."""
    settings, cabinet = container.settings, _cabinet(container.settings.posters)
    fonts.configure(settings.posters.font or None)
    return Parts(
        database=container.database,
        clock=container.clock,
        official=container.official,
        pay=container.pay,
        draw=cabinet.draw,
        prepare=cabinet.prepare,
        fetch=Pictures(settings.posters.picture_hosts),
        links=container.links,
        templates=settings.wechat.templates,
        pace=Pace(every_seconds=_DEMO_SECONDS, alone=alone) if settings.demo.enabled else Pace(alone=alone),
    )


def _cabinet(settings: PosterSettings) -> Cabinet:
    mine = f"fenxiao-posters-{os.getuid() if hasattr(os, 'getuid') else 0}"
    folder = Path(settings.folder) if settings.folder else Path(tempfile.gettempdir()) / mine
    return Cabinet(folder, most_bytes=settings.folder_mb * 1024 * 1024)
