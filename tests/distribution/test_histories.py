"""Long random histories of the shop against a small model; after every step the purses agree, at the end the proof.

HISTORIES=5000 plays as many instead of the few hundred of every run (``make histories``).
"""

import os
import shutil
import tempfile
from pathlib import Path

import pytest
from histories import Histories
from hypothesis import HealthCheck, Phase, seed, settings
from hypothesis.stateful import run_state_machine_as_test as run

from models.database import Database

_EACH, _STEPS = 25, 50
#: Fixed seeds: a red run is a change of ours, not of the dice. More histories take further seeds.
_ON_SQLITE = range(int(os.environ.get("HISTORIES", "300")) // _EACH)
_ON_POSTGRES = range(int(os.environ.get("HISTORIES", "100")) // _EACH)


def play(number: int, fresh) -> None:
    """One portion of histories."""
    some = seed(number)(type("Some", (Histories,), {"open_database": staticmethod(fresh)}))
    shown = settings(
        max_examples=_EACH, stateful_step_count=_STEPS, deadline=None, database=None,
        suppress_health_check=list(HealthCheck), phases=(Phase.generate, Phase.shrink),
    )  # fmt: skip
    run(some, settings=shown)


@pytest.mark.slow
@pytest.mark.timeout(900)
@pytest.mark.parametrize("number", _ON_SQLITE)
def test_every_history_ends_as_the_small_model_says(sqlite_template, number):
    def fresh():
        folder = Path(tempfile.mkdtemp(prefix="fx-history-"))
        shutil.copy(sqlite_template, folder / "shop.sqlite3")
        return Database(f"sqlite:///{folder / 'shop.sqlite3'}"), lambda: shutil.rmtree(folder)

    play(number, fresh)


@pytest.mark.slow
@pytest.mark.postgres
@pytest.mark.timeout(900)
@pytest.mark.parametrize("number", _ON_POSTGRES)
def test_every_history_ends_so_on_postgresql_too(fresh_postgres, number):
    def fresh():
        place = fresh_postgres()
        return Database(place.__enter__()), lambda: place.__exit__(None, None, None)

    play(1000 + number, fresh)
