"""A shop to import into, on both databases or on the light one alone, and the command in a folder of its own."""

import os
import subprocess
import sys
from pathlib import Path

import pytest
from app_settings import VARIABLES
from importing import Desk

ROOT = Path(__file__).parent.parent.parent


@pytest.fixture
def desk(database, clock, tmp_path) -> Desk:
    return Desk(database, clock, tmp_path)


@pytest.fixture
def light_desk(sqlite_database, clock, tmp_path) -> Desk:
    return Desk(sqlite_database, clock, tmp_path)


@pytest.fixture
def shop_command(tmp_path):
    own = {name: value for name, value in os.environ.items() if not name.startswith("FENXIAO_")}
    environment = {**own, "PYTHONPATH": str(ROOT), **VARIABLES}

    def start(*words: str) -> "subprocess.Popen[str]":
        line = [sys.executable, "-m", "app", *words]
        pipes = {"stdout": subprocess.PIPE, "stderr": subprocess.PIPE}
        return subprocess.Popen(line, cwd=tmp_path, env=environment, text=True, **pipes)

    def run(*words: str) -> tuple[int, str, str]:
        running = start(*words)
        told, complained = running.communicate(timeout=60)
        return running.returncode, told, complained

    run.start = start
    assert run("db", "upgrade")[0] == 0
    return run
