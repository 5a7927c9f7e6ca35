"""`fenxiao demo`: makes or takes up the folder, then serves until it is told to stop."""

import contextlib
import fcntl
import os
import shutil
import socket
import tempfile
import threading
import time
import webbrowser
from collections.abc import Iterator
from pathlib import Path

import typer

from app.config import PREFIX, load
from app.container import Container
from app.demo.answering import answers
from app.demo.folder import Folder, prepare, simulator_settings, write_config
from app.failure import Failure
from app.lifeline import tie_children
from simulator.settings import SimulatorSettings

FIRST_PORT = 8000
_MORE_PORTS = 200
_PATIENCE = 10.0


def demo(*, port: int | None, folder: Path | None, empty: bool, browser: bool) -> None:
    """Run service, worker, simulated WeChat and WeChat Pay at one address until SIGTERM or Ctrl-C."""
    with _kept(folder) as kept:
        chosen = free_port(port)
        known = prepare(kept)
        write_config(kept, known, port=chosen)
        _use(kept.config)
        address = f"http://127.0.0.1:{chosen}/"
        _set_up(kept, simulator_settings(kept, known, base=address.rstrip("/")), empty=empty)
        threading.Thread(target=_announce, args=(address, browser), daemon=True).start()
        _serve()


def _serve() -> None:
    from app.commands.serve import run

    tie_children()
    run(load(), target="app.demo.wsgi:application")


def _set_up(folder: Folder, desk: SimulatorSettings, *, empty: bool) -> None:
    if folder.seeded.exists():
        return
    typer.echo("正在准备一家店 …" if empty else "正在准备一家营业了 90 天的店 …")
    from app.demo.shop import open_demo_shop

    container = Container(load())
    try:
        open_demo_shop(container, folder, desk, empty=empty)
    finally:
        container.close()
    folder.seeded.touch()


def _use(config: Path) -> None:
    """The demo is itself alone: nothing of a real shop's environment may reach it."""
    for name in [name for name in os.environ if name.startswith(PREFIX) and "__" in name]:
        del os.environ[name]
    os.environ[f"{PREFIX}CONFIG"] = str(config)


@contextlib.contextmanager
def _kept(folder: Path | None) -> Iterator[Folder]:
    if folder is None:
        made = Path(tempfile.mkdtemp(prefix="fenxiao-demo-"))
        try:
            yield Folder(made)
        finally:
            shutil.rmtree(made, ignore_errors=True)
        return
    with _locked(folder.resolve()) as path:
        yield Folder(path)


@contextlib.contextmanager
def _locked(path: Path) -> Iterator[Path]:
    try:
        path.mkdir(mode=0o700, parents=True, exist_ok=True)
        lock = (path / "lock").open("w")
    except OSError as error:
        raise Failure(f"用不了目录 {path}（{error.strerror}）") from error
    with lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            raise Failure(f"另一个 fenxiao demo 正在用目录 {path}") from None
        yield path


def free_port(wanted: int | None, *, first: int = FIRST_PORT, patience: float = _PATIENCE) -> int:
    """The port asked for, once it is free, else the first free one from ``first`` on; Failure if there is none."""
    if wanted is not None:
        # A demo that was just killed may hold its port a moment longer.
        until = time.monotonic() + patience
        while not _free(wanted):
            if time.monotonic() > until:
                raise Failure(f"端口 {wanted} 被别的程序占着，换一个：fenxiao demo --port N")
            time.sleep(0.1)
        return wanted
    candidates = range(first, min(first + _MORE_PORTS, 65536))
    found = next((each for each in candidates if _free(each)), None)
    if found is None:
        raise Failure(f"端口 {candidates[0]} 到 {candidates[-1]} 都被占着，指定一个：fenxiao demo --port N")
    return found


def _free(port: int) -> bool:
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", port))
        except OSError:
            return False
        return True


def _announce(address: str, browser: bool) -> None:
    while not answers(f"{address}readyz"):
        time.sleep(0.05)
    typer.echo(f"ready {address}")
    if browser and (os.environ.get("DISPLAY") or os.environ.get("WAYLAND_DISPLAY")):
        with contextlib.suppress(webbrowser.Error):
            webbrowser.open(address)
