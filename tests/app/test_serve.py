"""`fenxiao serve` and `fenxiao worker` as operations run them."""

import os
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
import requests
from app_settings import VARIABLES

ROOT = Path(__file__).parent.parent.parent


class Service:
    """A service over a migrated database, in a folder of its own."""

    def __init__(self, folder: Path, **variables: str) -> None:
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            port = probe.getsockname()[1]
        self.folder, self.address = folder, f"http://127.0.0.1:{port}"
        own = {name: value for name, value in os.environ.items() if not name.startswith("FENXIAO_")}
        here = f"{ROOT}:{own.get('PYTHONPATH', '')}"
        self.environment = {**own, **VARIABLES, "FENXIAO_SERVER__PORT": str(port), "PYTHONPATH": here, **variables}
        self.processes: list[subprocess.Popen[bytes]] = []

    def run(self, *words: str) -> int:
        line = [sys.executable, "-m", "app", *words]
        return subprocess.run(line, cwd=self.folder, env=self.environment, timeout=60, check=False).returncode

    def start(self, *words: str) -> "subprocess.Popen[bytes]":
        line = [sys.executable, "-m", "app", *words]
        log = (self.folder / "log.txt").open("ab")
        process = subprocess.Popen(line, cwd=self.folder, env=self.environment, stdout=log, stderr=log)
        self.processes.append(process)
        return process

    def log(self) -> str:
        return (self.folder / "log.txt").read_text()

    def ready(self) -> requests.Response:
        until = time.monotonic() + 30
        while time.monotonic() < until:
            try:
                return requests.get(f"{self.address}/readyz", timeout=5)
            except requests.ConnectionError:
                time.sleep(0.05)
        pytest.fail(self.log())


@pytest.fixture
def service(tmp_path) -> Iterator[Service]:
    running = Service(tmp_path)
    assert running.run("db", "upgrade") == 0
    yield running
    for process in running.processes:
        if process.poll() is None:
            process.kill()
            process.wait()


def children(pid: int) -> set[int]:
    found = Path(f"/proc/{pid}/task/{pid}/children").read_text().split()
    return {int(each) for each in found}


def gone(pids: set[int]) -> bool:
    until = time.monotonic() + 10
    while any(Path(f"/proc/{pid}").exists() for pid in pids) and time.monotonic() < until:
        time.sleep(0.05)
    return not any(Path(f"/proc/{pid}").exists() for pid in pids)


def test_serve_with_worker_runs_both_and_ends_both(service) -> None:
    process = service.start("serve", "--with-worker")
    assert service.ready().status_code == 200
    started = children(process.pid)
    assert len(started) >= 2

    process.send_signal(signal.SIGTERM)

    assert process.wait(40) == 0
    assert gone(started)


def test_a_second_service_on_the_port_ends_at_once_and_says_why(service) -> None:
    first = service.start("serve")
    service.ready()

    second = service.start("serve", "--with-worker")

    assert second.wait(40) == 1
    said = service.log().splitlines()
    assert len(said) == 1
    assert "已经被别的程序占用" in said[0]
    assert first.poll() is None
    assert service.ready().status_code == 200


def test_a_killed_service_is_started_anew_at_once(service) -> None:
    killed = service.start("serve")
    with requests.Session() as caller:
        service.ready()
        caller.get(f"{service.address}/healthz", timeout=5)
        killed.kill()
        killed.wait()

    service.start("serve")
    assert service.ready().status_code == 200


def test_sigterm_lets_a_request_in_hand_finish(service) -> None:
    process = service.start("serve")
    service.ready()
    answers: list[int] = []

    def send_slowly() -> None:
        with socket.create_connection(("127.0.0.1", int(service.address.rsplit(":", 1)[1]))) as line:
            line.sendall(b"POST /wechat HTTP/1.1\r\nHost: x\r\nContent-Length: 8\r\n\r\n<xml>")
            time.sleep(1.0)
            line.sendall(b"xml")
            answers.append(int(line.recv(100).split()[1]))

    sender = threading.Thread(target=send_slowly)
    sender.start()
    time.sleep(0.4)
    process.send_signal(signal.SIGTERM)
    sender.join()

    assert answers == [403]
    assert process.wait(40) == 0


def test_a_worker_alone_ends_on_sigterm(tmp_path) -> None:
    service = Service(tmp_path, FENXIAO_LOG__LEVEL="info")
    assert service.run("db", "upgrade") == 0
    process = service.start("worker")
    until = time.monotonic() + 30
    while "worker.started" not in service.log() and time.monotonic() < until:
        time.sleep(0.1)
    assert process.poll() is None

    process.send_signal(signal.SIGTERM)

    assert process.wait(40) == 0


@pytest.mark.redis
def test_two_web_processes_share_redis_and_add_up_their_figures(tmp_path, redis_url) -> None:
    service = Service(tmp_path, FENXIAO_REDIS__URL=redis_url, FENXIAO_SERVER__WEB_WORKERS="2")
    assert service.run("db", "upgrade") == 0
    process = service.start("serve")
    try:
        assert service.ready().json()["redis"] == "ok"
        for _ in range(20):
            requests.post(f"{service.address}/wechat", data=b"x", timeout=5)

        text = requests.get(f"{service.address}/metrics", timeout=5).text
        assert 'fenxiao_messages_total{outcome="refused"} 20.0' in text
    finally:
        process.send_signal(signal.SIGTERM)
        assert process.wait(40) == 0


def test_many_slow_senders_keep_nobody_waiting(service) -> None:
    service.start("serve")
    service.ready()
    port = int(service.address.rsplit(":", 1)[1])
    lines = [socket.create_connection(("127.0.0.1", port)) for _ in range(200)]
    for line in lines:
        line.sendall(b"POST /wechat HTTP/1.1\r\nHost: x\r\nContent-Length: 1000\r\n\r\n<xml>")

    began = time.monotonic()
    answer = requests.get(f"{service.address}/healthz", timeout=10)

    assert answer.status_code == 200
    assert time.monotonic() - began < 2
    for line in lines:
        line.close()
