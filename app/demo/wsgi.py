"""What granian serves in the demo: the service, its worker and the simulated WeChat at one address."""

import threading
import time
from pathlib import Path
from typing import Any

from werkzeug.middleware.dispatcher import DispatcherMiddleware

from app import garbage
from app.assembly import web_application
from app.commands.start import start
from app.container import Container
from app.custom_menu import BUTTONS
from app.demo.answering import answers
from app.demo.doors import doors
from app.demo.folder import Folder, prepare, simulator_settings
from app.demo.trace import Trace
from app.lifeline import die_with_parent
from app.worker import runner
from bot.dispatcher import Observation
from scheduler.runner import Runner
from simulator.clock import SharedClock
from simulator.factory import create_simulator
from wechat.errors import Outside
from wechat.official import Official


def build() -> Any:
    """The WSGI application: ours, with the simulated WeChat under /sim; the worker is running."""
    container = start()
    folder = Folder(Path(container.settings.demo.folder))
    simulator = create_simulator(
        simulator_settings(folder, prepare(folder), base=container.settings.public_url), SharedClock(folder.clock)
    )
    trace, worker = Trace(), runner(container, alone=True)
    with container.database.reading() as session:
        trace.begin(session)
    own = [doors(container.database, worker, trace)]
    service = web_application(container, observer=lambda seen: _note(trace, seen), more=own)
    threading.Thread(target=_begin, args=(container, worker), daemon=True).start()
    return DispatcherMiddleware(service, {"/sim": simulator})


def _begin(container: Container, worker: Runner) -> None:
    # The simulated WeChat is served by this very process; a call before it answers would hold back those that follow.
    while not answers(f"{container.settings.public_url}/healthz"):
        time.sleep(0.05)
    worker.start()
    _hang_menu(container.official)


def _hang_menu(official: Official) -> None:
    for _ in range(100):
        try:
            official.create_menu(BUTTONS)
            return
        except Outside:
            time.sleep(0.1)


def _note(trace: Trace, seen: Observation) -> None:
    what = seen.handler if seen.intent is None else f"{seen.handler}（{seen.intent}）"
    trace.message(at=seen.at, openid=seen.openid, xml=seen.xml, intent=what, reply=seen.reply)


die_with_parent()
application = build()
garbage.settle()
