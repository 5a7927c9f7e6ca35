"""`fenxiao demo` as its users start it: one address, kept or thrown away, alive again after kill -9."""

import os
import re
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
import requests

ROOT = Path(__file__).parent.parent.parent
PATIENCE = 60


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


class Demo:
    """A running demo; its address is known once it said that it is ready."""

    def __init__(self, folder: Path, *words: str, temporary: Path | None = None) -> None:
        own = {name: value for name, value in os.environ.items() if not name.startswith("FENXIAO_")}
        own |= {"TMPDIR": str(temporary)} if temporary else {}
        line = [sys.executable, "-m", "app", "demo", "--no-browser", *words]
        self.out = folder / "out.txt"
        self.process = subprocess.Popen(
            line, cwd=folder, env={**own, "PYTHONPATH": f"{ROOT}:{own.get('PYTHONPATH', '')}"},
            stdout=self.out.open("w"), stderr=subprocess.STDOUT,
        )  # fmt: skip
        self.address = self._ready()

    def _ready(self) -> str:
        until = time.monotonic() + PATIENCE
        while time.monotonic() < until and self.process.poll() is None:
            found = re.search(r"^ready (http://127\.0\.0\.1:\d+)/$", self.out.read_text(), re.MULTILINE)
            if found:
                return found[1]
            time.sleep(0.05)
        pytest.fail(f"the demo did not become ready: {self.out.read_text()}")

    def get(self, path: str) -> requests.Response:
        return requests.get(self.address + path, timeout=10)

    def post(self, path: str, **body: object) -> dict[str, Any]:
        answer = requests.post(self.address + path, json=body, timeout=60)
        answer.raise_for_status()
        return dict(answer.json())

    def end(self, number: int) -> int:
        self.process.send_signal(number)
        return self.process.wait(30)


@pytest.fixture(scope="module")
def folder(tmp_path_factory) -> Path:
    return Path(tmp_path_factory.mktemp("demo"))


@pytest.fixture(scope="module")
def demo(folder) -> Iterator[Demo]:
    running = Demo(folder, "--empty", "--data", str(folder / "kept"), "--port", str(free_port()))
    yield running
    running.end(signal.SIGTERM)


def test_one_address_carries_phones_service_and_console(demo) -> None:
    assert demo.get("/").url.endswith("/sim/")
    config = demo.get("/sim/config").json()
    assert config["api"]["base"] == f"{demo.address}/api/v1"
    assert demo.get("/readyz").json()["status"] == "ok"
    assert requests.get(config["console"]["url"], timeout=10).status_code == 200
    assert demo.get("/metrics").status_code == 200
    assert demo.get("/demo/products").json() == []


def test_a_newcomer_talks_and_the_trace_tells_how(demo) -> None:
    openid = demo.post("/sim/people", name="李娜")["openid"]
    demo.post(f"/sim/people/{openid}/follow")
    said = demo.post(f"/sim/people/{openid}/say", text="菜单")

    events = demo.get(f"/demo/trace?since=0&openid={openid}").json()["events"]
    assert "菜单" in events[-1]["xml"]
    assert events[-1]["reply"] == said["passive"]["text"]


def test_time_jumps_for_service_and_simulator_together(demo) -> None:
    before = datetime.fromisoformat(str(demo.get("/sim/clock").json()["now"]))
    after = datetime.fromisoformat(str(demo.post("/sim/clock", advance_seconds=7 * 86400)["now"]))

    assert timedelta(days=7) <= after - before < timedelta(days=7, minutes=5)


def test_after_kill_9_nothing_is_left_running_and_a_second_start_goes_on(tmp_path) -> None:
    demo = Demo(tmp_path, "--empty", "--data", str(tmp_path / "kept"), "--port", str(free_port()))
    openid = demo.post("/sim/people", name="陈晓燕")["openid"]
    demo.post(f"/sim/people/{openid}/follow")
    now = datetime.fromisoformat(str(demo.post("/sim/clock", advance_seconds=3 * 86400)["now"]))
    config, port = demo.get("/sim/config").json(), demo.address.rsplit(":", 1)[1]

    demo.end(signal.SIGKILL)
    again = Demo(tmp_path, "--data", str(tmp_path / "kept"), "--port", port)

    try:
        assert again.get("/sim/config").json() == config
        assert openid in {person["openid"] for person in again.get("/sim/people").json()}
        later = datetime.fromisoformat(str(again.get("/sim/clock").json()["now"]))
        assert timedelta(0) < later - now < timedelta(minutes=5)
        assert again.post(f"/sim/people/{openid}/say", text="菜单")["passive"]
    finally:
        assert again.end(signal.SIGTERM) == 0


def test_its_configuration_serves_the_other_commands(demo, folder) -> None:
    own = {**os.environ, "FENXIAO_CONFIG": str(folder / "kept" / "config.toml"), "PYTHONPATH": str(ROOT)}

    for words in (("check",), ("ledger", "prove"), ("db", "current")):
        line = [sys.executable, "-m", "app", *words]
        done = subprocess.run(line, cwd=folder, env=own, capture_output=True, text=True, timeout=60, check=False)
        assert done.returncode == 0, done.stdout + done.stderr


def test_without_a_folder_it_leaves_nothing_behind(tmp_path) -> None:
    (tmp_path / "temporary").mkdir()
    running = Demo(tmp_path, "--empty", "--port", str(free_port()), temporary=tmp_path / "temporary")
    assert list((tmp_path / "temporary").iterdir())

    assert running.end(signal.SIGTERM) == 0
    assert [path.name for path in (tmp_path / "temporary").iterdir() if path.name.startswith("fenxiao-demo")] == []
    with pytest.raises(requests.ConnectionError):
        running.get("/healthz")


def test_the_sample_shop_is_furnished_and_peopled(tmp_path) -> None:
    running = Demo(tmp_path, "--data", str(tmp_path / "kept"), "--port", str(free_port()))

    try:
        assert len(running.get("/demo/products").json()) > 5
        assert len(running.get("/sim/people").json()) > 10
    finally:
        running.end(signal.SIGTERM)
