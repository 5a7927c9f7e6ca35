"""Two hundred hostile pictures: no crash, no long wait, no memory to speak of."""

import json
import subprocess
import sys
from pathlib import Path

import pytest
from hostile_pictures import all_of_them

HERE = Path(__file__).parent
SECONDS, MEGABYTES = 3.0, 150


@pytest.fixture(scope="module")
def told(tmp_path_factory) -> dict:
    """What decoding all of them in a process of its own cost."""
    if not Path("/proc/self/status").exists():
        pytest.skip("memory is measured by what Linux tells of a process")
    folder = tmp_path_factory.mktemp("hostile")
    for name, content in all_of_them().items():
        (folder / name).write_bytes(content)
    line = [sys.executable, str(HERE / "hostile_pictures.py"), str(HERE.parent.parent), str(folder)]
    ended = subprocess.run(line, capture_output=True, text=True, timeout=110, check=False)
    assert ended.returncode == 0, ended.stderr[-2000:]
    return json.loads(ended.stdout)


def test_there_are_two_hundred_and_none_ends_the_process(told):
    assert len(told["costs"]) >= 200


def test_none_takes_more_than_three_seconds(told):
    assert {name: cost for name, (cost, _) in told["costs"].items() if cost > SECONDS} == {}


def test_together_they_take_less_than_150_megabytes_more(told):
    assert told["more"] <= MEGABYTES


def test_what_is_no_picture_is_shown_as_none(told):
    refused = {name for name, (_, none) in told["costs"].items() if none}
    assert {"text", "svg", "pdf", "TIFF", "png of 20000", "jpeg of thousands of scans", "zeros"} <= refused
    assert {"png, whole", "cmyk, whole", "deep, whole", "gif, whole", "palette, whole", "orientation 9"}.isdisjoint(
        refused
    )
