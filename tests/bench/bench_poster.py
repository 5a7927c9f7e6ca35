"""A poster on one core, beside the way tutorials draw it, in the same run: the same picture, new facts every time."""

import itertools
import os
import statistics
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from dataclasses import replace
from io import BytesIO
from pathlib import Path

from PIL import Image
from poster_tutorial import Tutorial

from posters import PosterFacts, fonts, prepare, render
from posters.cabinet import Cabinet

Way = Callable[[], object]
ROUNDS = int(os.environ.get("BENCH_ROUNDS", "3")) * 20
SUPERB = 5.5
NUMBERS = itertools.count()


def main() -> None:
    """Print milliseconds of processor for each way, and how many times faster than the tutorial's it is."""
    if hasattr(os, "sched_setaffinity"):
        os.sched_setaffinity(0, {0})
    with tempfile.TemporaryDirectory(prefix="bench-") as folder:
        times = measured(Path(folder))
    middle = {name: statistics.median(each) for name, each in times.items()}
    say(f"{'1080×1920 JPEG q85, one core':<52}{'ms':>8}{'× tutorial':>12}")
    for name, seconds in middle.items():
        times_faster = middle[TUTORIAL_NEW if name in FIRST else TUTORIAL] / seconds
        say(f"{name:<52}{seconds * 1000:>8.2f}{times_faster:>12.1f}")
        if name in PROMISED and times_faster < SUPERB:
            say(f"  less than the {SUPERB} × that are promised")


TUTORIAL, NEXT = "tutorial: ready background, name, avatar, code", "ours: the next distributor of a product"
TUTORIAL_NEW, NEW = "tutorial: with a product picture to fit in", "ours: the first poster, nothing prepared"
CHANGED = "ours: the first with new words, its picture known"
READY = "ours: the first, prepared when the product changed"
KEPT = "ours: the same after a restart, sheet from the folder"
FIRST = (TUTORIAL_NEW, NEW, CHANGED, READY, KEPT)
PROMISED = (NEXT, CHANGED, READY, KEPT)
AGAIN, AGAIN_ELSEWHERE = "ours: asked for again", "ours: asked for again, from the shared folder"


FACTS = PosterFacts(
    product="即食阿胶糕 250g 礼盒装",
    price_fen=8900,
    struck_fen=12800,
    name="小雅",
    slogan="每天两片，温润好滋味",
    url="http://weixin.qq.com/q/02AbCdEfGhIjKlMnOpQr",
    shop="云岭好物",
)


def measured(folder: Path) -> dict[str, list[float]]:
    """Seconds of processor of every poster, the ways taking turns."""
    facts = replace(FACTS, picture=photograph(0))
    tutorial = Tutorial(folder, fonts.sans().path, render(replace(facts, name="")))
    times: dict[str, list[float]] = {}
    for number in range(-3, ROUNDS):
        for name, way in ways(tutorial, folder, facts, number):
            began = time.process_time()
            way()
            if number >= 0:
                times.setdefault(name, []).append(time.process_time() - began)
    return times


def ways(tutorial: Tutorial, folder: Path, facts: PosterFacts, number: int) -> Iterator[tuple[str, Way]]:
    """Each way of this round; what is prepared for it is made before and not counted."""
    person = another(facts)
    product = replace(person, product=f"好物{number}号 250g 礼盒装", picture=photograph(number))
    yield TUTORIAL, lambda: tutorial.draw(person)
    yield NEXT, lambda: render(person)
    yield TUTORIAL_NEW, lambda: tutorial.draw_new(product)
    yield NEW, lambda: render(product)
    changed = replace(another(product), product=f"好物{number}号 300g 礼盒装", price_fen=number + 9000)
    yield CHANGED, lambda: render(changed)
    ready = replace(another(product), product=f"好物{number}号 500g 礼盒装", picture=photograph(number))
    prepare(another(ready))
    yield READY, lambda: render(ready)
    kept = another(ready)
    Cabinet(folder).prepare(kept)
    restarted = Cabinet(folder)
    yield KEPT, lambda: restarted.draw(kept)
    yield AGAIN, lambda: render(replace(ready))
    yield AGAIN_ELSEWHERE, lambda: restarted.draw(replace(kept))


def another(facts: PosterFacts) -> PosterFacts:
    """The facts with a person nobody drew a poster for yet."""
    number = next(NUMBERS)
    return replace(facts, name=f"第{number}位", url=f"{FACTS.url}{number}", avatar=portrait(number))


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
