"""The cabinet of drawn posters: what was drawn is not drawn again, by no process, and never beyond its bound."""

import subprocess
import sys
from dataclasses import replace
from io import BytesIO
from pathlib import Path

import pytest
from PIL import Image
from poster_samples import facts_for, saved

from posters import PosterError, render
from posters.cabinet import Cabinet, key
from posters.documents import read

FACTS = facts_for("clean", long=False)
ROOT = Path(__file__).parent.parent.parent


def files(folder: Path, ending: str = "jpg") -> list[Path]:
    return sorted(folder.glob(f"??/*.{ending}"))


def test_what_comes_again_is_read_not_drawn(tmp_path):
    cabinet = Cabinet(tmp_path)
    assert not cabinet.holds(FACTS)
    first = cabinet.draw(FACTS)
    assert cabinet.holds(FACTS)
    (one,) = files(tmp_path)
    one.write_bytes(b"kept\xff\xd9")
    assert (first, cabinet.draw(FACTS)) == (render(FACTS), b"kept\xff\xd9")


def test_another_process_finds_what_this_one_drew(tmp_path):
    Cabinet(tmp_path).draw(FACTS)
    program = (
        "import sys; sys.path[:0] = sys.argv[1:3]\n"
        "from pathlib import Path\n"
        "from poster_samples import facts_for\n"
        "from posters.cabinet import Cabinet\n"
        "sys.exit(0 if Cabinet(Path(sys.argv[3])).holds(facts_for('clean', long=False)) else 1)\n"
    )
    line = [sys.executable, "-c", program, str(ROOT), str(Path(__file__).parent), str(tmp_path)]
    assert subprocess.run(line, check=False, timeout=60).returncode == 0


def test_a_sheet_that_was_kept_is_not_drawn_again_and_changes_nothing(tmp_path):
    Cabinet(tmp_path).prepare(replace(FACTS, name="别人"))
    (sheet,) = files(tmp_path, "sheet")
    other = Cabinet(tmp_path)
    assert other.draw(FACTS) == render(FACTS)
    assert files(tmp_path, "sheet") == [sheet]
    assert not other.holds(replace(FACTS, name="老王"))


def test_a_sheet_that_was_cut_off_is_drawn_again(tmp_path):
    Cabinet(tmp_path).prepare(FACTS)
    (sheet,) = files(tmp_path, "sheet")
    whole = sheet.read_bytes()
    sheet.write_bytes(whole[:1000])
    assert Cabinet(tmp_path).draw(FACTS) == render(FACTS)
    assert sheet.read_bytes() == whole


def test_a_sheet_is_never_given_out_as_a_poster(tmp_path):
    cabinet = Cabinet(tmp_path)
    cabinet.prepare(FACTS)
    with pytest.raises(PosterError, match="url"):
        cabinet.draw(replace(FACTS, name="", url=""))


@pytest.mark.parametrize(
    "change",
    [
        {"price_fen": 8901},
        {"name": "老王"},
        {"slogan": "明前"},
        {"url": FACTS.url + "x"},
        {"template": "spring"},
        {"sold_out": True},
        {"shop": "别家"},
        {"struck_fen": 9900},
        {"avatar": saved(Image.new("RGB", (9, 9)))},
        {"picture": saved(Image.new("RGB", (9, 9)))},
        {"design": read("own", {"size": [1080, 1920], "area": []}, None)},
    ],
    ids=lambda change: next(iter(change)),
)
def test_any_other_fact_is_another_poster(change):
    assert key(replace(FACTS, **change)) != key(FACTS)


def test_a_file_that_was_cut_off_is_drawn_again(tmp_path):
    cabinet = Cabinet(tmp_path)
    whole = cabinet.draw(FACTS)
    (one,) = files(tmp_path)
    one.write_bytes(whole[:1000])
    assert cabinet.draw(FACTS) == whole == one.read_bytes()


def test_the_oldest_go_when_there_is_no_more_room(tmp_path):
    cabinet = Cabinet(tmp_path, most_bytes=400_000)
    for number in range(8):
        cabinet.draw(replace(FACTS, name=f"第{number}位"))
    assert cabinet.sweep() > 0
    assert sum(path.stat().st_size for path in files(tmp_path, "*")) <= 400_000
    assert cabinet.holds(replace(FACTS, name="第7位"))
    assert not cabinet.holds(replace(FACTS, name="第0位"))


def test_a_folder_that_cannot_be_written_costs_no_poster(tmp_path):
    cabinet = Cabinet(tmp_path / "folder")
    (tmp_path / "folder").rmdir()
    (tmp_path / "folder").write_text("in the way")
    assert Image.open(BytesIO(cabinet.draw(FACTS))).size == (1080, 1920)


def test_a_folder_that_others_may_write_in_is_not_trusted(tmp_path):
    (tmp_path / "open").mkdir()
    (tmp_path / "open").chmod(0o777)
    cabinet = Cabinet(tmp_path / "open")
    cabinet.draw(FACTS)
    assert files(tmp_path / "open") == []


def test_facts_that_cannot_be_drawn_are_refused_and_not_kept(tmp_path):
    with pytest.raises(PosterError, match="template"):
        Cabinet(tmp_path).draw(replace(FACTS, template="gone"))
    with pytest.raises(PosterError, match="url"):
        Cabinet(tmp_path).draw(replace(FACTS, url=""))
    assert files(tmp_path) == []
