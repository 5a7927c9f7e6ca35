"""`fenxiao demo` as a process of its own."""

import os
import signal
import socket
import subprocess
import sys
from dataclasses import dataclass, field
from pathlib import Path

from world import World, wait_for


@dataclass
class Demo:
    """`fenxiao demo` as a process that can be killed and started again on the same folder."""

    folder: Path
    port: int
    process: subprocess.Popen[bytes] | None = field(default=None)

    def start(self, *more: str) -> World:
        command = [sys.executable, "-m", "app", "demo", "--port", str(self.port), "--data", str(self.folder)]
        log = (self.folder.parent / "demo.log").open("ab")
        self.process = subprocess.Popen(
            [*command, "--no-browser", *more], stdout=log, stderr=log, start_new_session=True
        )
        wait_for(f"http://127.0.0.1:{self.port}/readyz")
        return World(f"http://127.0.0.1:{self.port}")

    def kill(self) -> None:
        assert self.process is not None
        os.kill(self.process.pid, signal.SIGKILL)
        self.process.wait(10)

    def stop(self) -> None:
        if self.process is not None and self.process.poll() is None:
            os.killpg(self.process.pid, signal.SIGTERM)
            self.process.wait(20)

    def prove(self) -> str:
        """`fenxiao ledger prove` on the demo's database; fails unless every invariant holds."""
        environment = {**os.environ, "FENXIAO_CONFIG": str(self.folder / "config.toml")}
        done = subprocess.run(
            [sys.executable, "-m", "app", "ledger", "prove"], env=environment, capture_output=True, timeout=60
        )
        assert done.returncode == 0, done.stdout.decode() + done.stderr.decode()
        return done.stdout.decode()


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])
