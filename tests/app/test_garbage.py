"""What is loaded is set aside; a ring made later is still found."""

import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parent.parent.parent

# In a process of its own: what is set aside stays so.
STORY = """
import gc, weakref
from app import garbage

class Ring:
    def __init__(self):
        self.itself = self

garbage.settle()
assert gc.isenabled() and gc.get_freeze_count()
gone = weakref.ref(Ring())
kept = [[at] for at in range(100_000)]
assert gone() is not None, "looked too soon"
kept += [[at] for at in range(200_000)]
assert gone() is None, "never looked"
"""


def test_a_ring_is_found_after_many_orders_and_not_after_few() -> None:
    done = subprocess.run([sys.executable, "-c", STORY], cwd=ROOT, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
