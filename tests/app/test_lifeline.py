"""A child that is tied to its parent does not outlive it."""

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

ROOT = Path(__file__).parent.parent.parent

CHILD = "from app.lifeline import die_with_parent; die_with_parent(); import time; time.sleep(60)"
PARENT = f"""
import subprocess, sys, time
from app.lifeline import tie_children
tie_children()
child = subprocess.Popen([sys.executable, "-c", {CHILD!r}])
sys.stdout.write(str(child.pid) + "\\n"); sys.stdout.flush()
time.sleep(60)
"""


def alive(pid: int) -> bool:
    try:
        return "Z" not in Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()[0]
    except (FileNotFoundError, ProcessLookupError):
        return False


def test_a_tied_child_dies_when_its_parent_is_killed() -> None:
    parent = subprocess.Popen([sys.executable, "-c", PARENT], cwd=ROOT, stdout=subprocess.PIPE, text=True)
    assert parent.stdout is not None
    child = int(parent.stdout.readline())
    time.sleep(0.5)
    assert alive(child)

    os.kill(parent.pid, signal.SIGKILL)
    parent.wait()

    until = time.monotonic() + 5
    while alive(child) and time.monotonic() < until:
        time.sleep(0.05)
    assert not alive(child)
    parent.stdout.close()


def test_a_process_that_is_not_tied_lives_on() -> None:
    own = {name: value for name, value in os.environ.items() if name != "FENXIAO_TIED_TO"}
    line = "from app.lifeline import die_with_parent; die_with_parent(); import sys; sys.stdout.write('alive')"

    answer = subprocess.run([sys.executable, "-c", line], cwd=ROOT, env=own, capture_output=True, text=True, check=True)

    assert answer.stdout == "alive"
