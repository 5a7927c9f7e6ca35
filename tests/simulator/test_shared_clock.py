"""The shared clock."""

import subprocess
import sys
import threading
import time
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from simulator.clock import SharedClock


def test_a_new_clock_shows_real_time(tmp_path: Path) -> None:
    seconds = SharedClock(tmp_path / "clock").now().timestamp() - time.time()
    assert abs(seconds) < 1


def test_it_runs_on_from_where_it_was_set(tmp_path: Path, noon: datetime) -> None:
    clock = SharedClock(tmp_path / "clock")
    clock.set(noon)
    assert timedelta(0) <= clock.now() - noon < timedelta(seconds=1)


def test_a_frozen_clock_stands_still_for_every_reader(tmp_path: Path, noon: datetime) -> None:
    SharedClock(tmp_path / "clock").freeze(noon)
    other = SharedClock(tmp_path / "clock")
    assert (other.now(), other.frozen) == (noon, True)
    other.resume()
    assert other.now() > noon


def test_another_process_sees_the_same_moment(tmp_path: Path, noon: datetime) -> None:
    SharedClock(tmp_path / "clock").freeze(noon)
    program = (
        "import sys, pathlib; from simulator.clock import SharedClock; "
        "sys.stdout.write(str(SharedClock(pathlib.Path(sys.argv[1])).now()))"
    )
    seen = subprocess.run([sys.executable, "-c", program, str(tmp_path / "clock")], capture_output=True, text=True)
    assert seen.stdout == str(noon)


def test_a_half_written_cell_leaves_the_moment_before(tmp_path: Path, noon: datetime) -> None:
    clock = SharedClock(tmp_path / "clock")
    clock.freeze(noon)
    clock.freeze(noon + timedelta(days=1))
    raw = bytearray((tmp_path / "clock").read_bytes())
    raw[10] ^= 255
    (tmp_path / "clock").write_bytes(raw)
    assert SharedClock(tmp_path / "clock").now() == noon


def test_a_reader_never_sees_a_mixture(tmp_path: Path) -> None:
    clock = SharedClock(tmp_path / "clock")
    moments = [datetime(2026, 1, 1, tzinfo=UTC), datetime(2199, 12, 31, tzinfo=UTC)]
    clock.freeze(moments[0])
    ending = threading.Event()

    def flip() -> None:
        while not ending.is_set():
            for moment in moments:
                clock.freeze(moment)

    writer = threading.Thread(target=flip)
    writer.start()
    seen = {clock.now() for _ in range(20_000)}
    ending.set()
    writer.join()
    assert seen <= set(moments)


def test_reading_costs_microseconds(tmp_path: Path) -> None:
    clock = SharedClock(tmp_path / "clock")
    begun = time.perf_counter()
    for _ in range(10_000):
        clock.now()
    assert (time.perf_counter() - begun) / 10_000 < 50e-6


def test_a_naive_moment_is_refused(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="aware"):
        SharedClock(tmp_path / "clock").set(datetime(2026, 1, 1))  # noqa: DTZ001
