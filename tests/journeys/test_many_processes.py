"""Two web processes and two workers on PostgreSQL and Redis run the same story as the demo's one process."""

import datetime as dt
import os
import re
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from balancer import Balancer
from chapters import PRODUCT, amounts, is_paid, joins, scans_poster
from demo_process import free_port
from werkzeug.middleware.dispatcher import DispatcherMiddleware
from werkzeug.serving import make_server
from world import World, wait_for

from app.demo.folder import Folder, prepare, simulator_settings, write_config
from models.database import Database
from simulator.clock import SharedClock
from simulator.factory import close_simulator, create_simulator

pytestmark = [pytest.mark.slow, pytest.mark.postgres, pytest.mark.redis, pytest.mark.timeout(240)]


class Fleet(World):
    """A world whose workers work at their own pace: waiting is waiting until nothing is left to do."""

    database: Database
    clock: SharedClock

    def now(self) -> dt.datetime:
        return self.clock.now()

    def passes(self, **units: float) -> dt.datetime:
        self.settled_down()
        self.clock.set(self.clock.now() + dt.timedelta(**units))
        self.settled_down()
        return self.clock.now()

    def settled_down(self) -> None:
        from distribution import outbox, settlement

        until = time.monotonic() + 60
        quiet = 0
        while quiet < 3:
            assert time.monotonic() < until, "the workers did not come to rest"
            time.sleep(0.3)
            with self.database.reading() as session:
                due = settlement.next_due(session, now=self.clock.now())
                busy = bool(outbox.waiting(session)) or (due is not None and due <= self.clock.now())
            quiet = 0 if busy else quiet + 1


@pytest.fixture
def fleet(tmp_path: Path, postgres_url: str, redis_url: str) -> Iterator[Fleet]:
    ports = [free_port(), free_port()]
    balancer = Balancer(ports)
    base, desk_port = f"http://127.0.0.1:{balancer.port}", free_port()
    folder = Folder(tmp_path / "fleet")
    folder.path.mkdir()
    known = prepare(folder)
    configs = [_config(folder, known, base, desk_port, port, postgres_url, redis_url) for port in ports]
    clock = SharedClock(folder.clock)
    desk = create_simulator(simulator_settings(folder, known, base=base), clock)
    server = make_server("127.0.0.1", desk_port, DispatcherMiddleware(desk, {"/sim": desk}), threaded=True)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    database = Database(postgres_url)
    _open_shop(configs[0], known["password"])
    processes = [_run(config, command) for config in configs for command in ("serve", "worker")]
    try:
        for port in ports:
            wait_for(f"http://127.0.0.1:{port}/readyz")
        world = Fleet(f"http://127.0.0.1:{desk_port}")
        world.database, world.clock = database, clock
        yield world
    finally:
        for process in processes:
            process.terminate()
        for process in processes:
            process.wait(20)
        server.shutdown()
        close_simulator(desk)
        balancer.close()
        database.close()


def test_the_same_story_on_several_processes(fleet):
    fleet.log_in()
    assert fleet.api("PUT", "products/AJ250", PRODUCT).status_code == 200
    inviter, seller, customer = fleet.person("陈晓燕"), fleet.person("李娜"), fleet.person("李敏")
    code = joins(fleet, inviter, "陈晓燕", "13800138000")
    joins(fleet, seller, "李娜", "13900139000", invite_code=code)
    scans_poster(fleet, seller, customer)
    assert posts(fleet, customer, "paid", 1) == posts(fleet, customer, "paid", 1)
    posts(fleet, customer, "received", 2)
    fleet.passes(days=7, seconds=5)
    assert amounts(seller.says("我的收益")) == {"可提现": 26700, "待结算": 0, "已提现": 0, "累计": 26700}
    is_paid(fleet, seller)
    assert amounts(seller.says("我的收益"))["已提现"] == 20000
    back = {"refund_no": "R1", "order_no": "E1", "state": "refunded", "occurred_at": fleet.now().isoformat()}
    back["lines"] = [{"line_no": 1, "quantity": 30, "fen": 267000}]
    assert fleet.api("POST", "refunds", back).json()["applied"]
    fleet.settled_down()
    assert amounts(seller.says("我的收益"))["待抵扣"] == 20000

    from distribution import proof

    with fleet.database.reading() as session:
        assert [finding for finding in proof.prove(session) if not finding.ok] == []


def posts(fleet, customer, state, version):
    """The mall posts the order's state; what the people earn."""
    order = {"order_no": "E1", "state": state, "version": version, "occurred_at": fleet.now().isoformat()}
    line = {"line_no": 1, "sku": "AJ250", "name": "阿胶糕", "quantity": 30, "unit_fen": 8900}
    answer = fleet.api("POST", "orders", order | {"buyer": {"openid": customer.openid}, "lines": [line]})
    assert answer.status_code == 200, answer.text
    return answer.json()["commissions"]


def _config(folder, known, base, desk_port, port, postgres_url, redis_url) -> Path:
    write_config(folder, known, port=port)
    text = folder.config.read_text()
    text = text.replace(f"http://127.0.0.1:{port}/sim", f"http://127.0.0.1:{desk_port}/sim")
    text = text.replace(f"http://127.0.0.1:{port}", base)
    kept = f'[database]\nurl = "{postgres_url}"\n[redis]\nurl = "{redis_url}"'
    text = re.sub(r'\[database\]\nurl = ".*"', kept, text)
    path = folder.path / f"config-{port}.toml"
    path.write_text(text)
    return path


def _environment(config: Path) -> dict[str, str]:
    return {**os.environ, "FENXIAO_CONFIG": str(config)}


def _run(config: Path, command: str) -> "subprocess.Popen[bytes]":
    log = config.with_suffix(f".{command}.log").open("wb")
    return subprocess.Popen([sys.executable, "-m", "app", command], env=_environment(config), stdout=log, stderr=log)


def _open_shop(config: Path, password: str) -> None:
    command = [sys.executable, "-m", "app"]
    subprocess.run([*command, "db", "upgrade"], env=_environment(config), check=True, timeout=60)
    add = [*command, "staff", "add", "demo", "--role", "owner", "--password-stdin"]
    subprocess.run(add, env=_environment(config), check=True, timeout=60, input=password.encode())
