"""A poster on one core, beside the way tutorials draw it, in the same run: the same picture, new facts every time."""

import os
import statistics
import sys
import tempfile
import time
from collections.abc import Callable
from dataclasses import replace
from io import BytesIO
from pathlib import Path

from PIL import Image
from poster_tutorial import Tutorial

from posters import PosterFacts, fonts, prepare, render
from posters.cabinet import Cabinet

ROUNDS = int(os.environ.get("BENCH_ROUNDS", "3")) * 20
SUPERB = 5.5


def main() -> None:
    """Print milliseconds of processor for each way, and how many times faster than the tutorial's it is."""
    if hasattr(os, "sched_setaffinity"):
        os.sched_setaffinity(0, {0})
    with tempfile.TemporaryDirectory(prefix="bench-") as folder:
        times = measured(Path(folder))
    middle = {name: statistics.median(each) for name, each in times.items()}
    say(f"{'1080×1920 JPEG q85, one core':<52}{'ms':>8}{'× tutorial':>12}")
    for name, seconds in middle.items():
        rival = middle[TUTORIAL_NEW] if name in (TUTORIAL_NEW, NEW, READY) else middle[TUTORIAL]
        say(f"{name:<52}{seconds * 1000:>8.2f}{rival / seconds:>12.1f}")
    if middle[TUTORIAL] / middle[NEXT] < SUPERB:
        say(f"  less than the {SUPERB} × that are promised")


TUTORIAL, NEXT = "tutorial: ready background, name, avatar, code", "ours: the next distributor of a product"
TUTORIAL_NEW, NEW = "tutorial: with a product picture to fit in", "ours: the first poster of a product"
READY = "ours: the same, prepared when the product changed"
AGAIN, AGAIN_ELSEWHERE = "ours: asked for again", "ours: asked for again, from the shared folder"


def measured(folder: Path) -> dict[str, list[float]]:
    """Seconds of processor of every poster, the ways taking turns."""
    facts = PosterFacts(
        product="即食阿胶糕 250g 礼盒装",
        price_fen=8900,
        struck_fen=12800,
        name="小雅",
        slogan="每天两片，温润好滋味",
        url="http://weixin.qq.com/q/02AbCdEfGhIjKlMnOpQr",
        shop="云岭好物",
        picture=photograph(0),
        avatar=portrait(0),
    )
    tutorial, cabinet = (
        Tutorial(folder, fonts.sans().path, render(replace(facts, name="", avatar=None))),
        Cabinet(folder),
    )
    times: dict[str, list[float]] = {}
    for number in range(-3, ROUNDS):
        person = replace(facts, name=f"第{number}位", url=f"{facts.url}{number}", avatar=portrait(number))
        product = replace(person, product=f"好物{number}号 250g 礼盒装", picture=photograph(number))
        ways: dict[str, Callable[[], object]] = {
            TUTORIAL: lambda: tutorial.draw(person),  # noqa: B023
            NEXT: lambda: render(person),  # noqa: B023
            TUTORIAL_NEW: lambda: tutorial.draw_new(product),  # noqa: B023
            NEW: lambda: render(product),  # noqa: B023
        }
        run(ways, times, counted=number >= 0)
        ready = replace(product, product=f"好物{number}号 500g 礼盒装", picture=photograph(number))
        prepare(ready)
        ready = replace(ready, name=f"新{number}位", url=f"{facts.url}new{number}", avatar=portrait(number + ROUNDS))
        run({READY: lambda: render(ready)}, times, counted=number >= 0)  # noqa: B023
        cabinet.draw(person)
        again = replace(person, slogan="每天两片，" + "温润好滋味")
        run({AGAIN: lambda: render(again), AGAIN_ELSEWHERE: lambda: cabinet.draw(again)}, times, counted=number >= 0)  # noqa: B023
    return times


def run(ways: dict[str, Callable[[], object]], times: dict[str, list[float]], *, counted: bool) -> None:
    """Each way once, its processor time noted."""
    for name, way in ways.items():
        began = time.process_time()
        way()
        if counted:
            times.setdefault(name, []).append(time.process_time() - began)


def photograph(number: int) -> bytes:
    image = Image.effect_noise((800, 800), 24).convert("RGB")
    tinted = Image.blend(image, Image.new("RGB", image.size, (200, 150 + number % 60, 110)), 0.7)
    return saved(tinted, "JPEG", quality=88)


def portrait(number: int) -> bytes:
    return saved(Image.radial_gradient("L").convert("RGB").rotate(number).resize((132, 132)), "PNG")


def saved(image: Image.Image, image_format: str, **options: object) -> bytes:
    out = BytesIO()
    image.save(out, image_format, **options)
    return out.getvalue()


def say(line: str) -> None:
    sys.stdout.write(line + "\n")
    sys.stdout.flush()


if __name__ == "__main__":
    main()
