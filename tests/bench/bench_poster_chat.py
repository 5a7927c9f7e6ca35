"""A poster in the chat: people ask five times a second; seconds from the question to the picture on the phone."""

import hashlib
import os
import statistics
import sys
import tempfile
import threading
import time
import tomllib
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from io import BytesIO
from pathlib import Path

import requests
from PIL import Image

from distribution import members, people, pictures
from distribution.policy import Policy
from models import Product
from models.database import Database

sys.path.insert(0, str(Path(__file__).parent.parent / "journeys"))
from demo_process import Demo, free_port

PEOPLE = int(os.environ.get("BENCH_PEOPLE", "60"))
PER_SECOND = 5
LOOK_EVERY, GIVE_UP = 0.05, 20.0
SUPERB = {"first": 1.0, "again": 0.1}


def main() -> None:
    """Print p50 and p95 of first and repeated posters."""
    with tempfile.TemporaryDirectory(prefix="bench-") as folder:
        demo = Demo(Path(folder) / "data", free_port())
        world = demo.start("--empty")
        try:
            base = world.base.rstrip("/")
            phones = furnish(Path(folder) / "data", base)
            first = paced(lambda phone: wait_for_picture(base, phone), phones)
            again = paced(lambda phone: answered(base, phone), phones)
        finally:
            demo.stop()
    say(f"{'posters in the chat, 5 a second, two cores':<44}{'p50 ms':>8}{'p95 ms':>8}")
    for name, taken in (("first", first), ("again", again)):
        edge = statistics.quantiles(taken, n=20)[18]
        say(f"{name:<44}{statistics.median(taken) * 1000:>8.0f}{edge * 1000:>8.0f}")
        if edge > SUPERB[name]:
            say(f"  slower than the {SUPERB[name]} s that are promised: is the machine quiet?")


def furnish(data: Path, base: str) -> list[str]:
    """Distributors with phones, and a product with a picture."""
    database = Database(tomllib.loads((data / "config.toml").read_text("utf-8"))["database"]["url"])
    app_id = requests.get(f"{base}/sim/config", timeout=20).json()["app_id"]
    phones = [str(requests.post(f"{base}/sim/people", json={}, timeout=20).json()["openid"]) for _ in range(PEOPLE)]
    for phone in phones:
        requests.post(f"{base}/sim/people/{phone}/follow", json={}, timeout=20)
    now = datetime.now(UTC)
    with database.transaction() as session:
        for number, phone in enumerate(phones):
            member_id = people.meet(session, app_id, phone, now).member_id
            assert member_id is not None
            told = {"name": "李娜", "phone": f"138{number:08d}", "invite_code": None, "terms_version": "1"}
            row = members.apply(session, member_id, **told, policy=Policy(), now=now)
            members.approve(session, row.id, by="bench", now=now)
        content = BytesIO()
        Image.effect_noise((800, 800), 24).convert("RGB").save(content, "JPEG", quality=88)
        pictures.store(session, content.getvalue(), "image/jpeg", now=now)
        address = f"{base}/pictures/{hashlib.sha256(content.getvalue()).hexdigest()}"
        facts = {"sku": "AJ250", "name": "即食阿胶糕 250g", "price_fen": 8900, "stock": 99, "image_url": address}
        session.add(Product(merchant_id=1, updated_at=now, **facts))
    database.close()
    # what approving put into the outbox goes first
    requests.post(f"{base}/sim/clock", json={"advance_seconds": 0}, timeout=60)
    return phones


def paced(ask: Callable[[str], float], phones: list[str]) -> list[float]:
    """Seconds each took; they begin at an even pace whatever the earlier ones do."""
    began = time.monotonic()

    def at_its_time(number: int) -> float:
        time.sleep(max(0.0, began + number / PER_SECOND - time.monotonic()))
        return ask(phones[number])

    with ThreadPoolExecutor(40) as pool:
        return list(pool.map(at_its_time, range(len(phones))))


def wait_for_picture(base: str, phone: str) -> float:
    """Ask for a poster of the first product; the time until the picture is on the phone."""
    speak(base, phone, "生成海报")
    began = time.monotonic()
    speak(base, phone, "1")
    while time.monotonic() - began < GIVE_UP:
        messages = requests.get(f"{base}/sim/people/{phone}/phone?since=0", timeout=20).json()["messages"]
        if any(each["type"] == "image" for each in messages):
            return time.monotonic() - began
        threading.Event().wait(LOOK_EVERY)
    raise SystemExit("no picture came")


def answered(base: str, phone: str) -> float:
    """Ask once more; the time of the answer, which is the picture itself."""
    speak(base, phone, "生成海报")
    began = time.monotonic()
    passive = speak(base, phone, "1")
    if (passive or {}).get("type") != "image":
        raise SystemExit(f"not a picture: {passive}")
    return time.monotonic() - began


def speak(base: str, phone: str, text: str) -> dict[str, object] | None:
    answer = requests.post(f"{base}/sim/people/{phone}/say", json={"text": text}, timeout=20).json()
    passive: dict[str, object] | None = answer["passive"]
    return passive


def say(line: str) -> None:
    sys.stdout.write(line + "\n")
    sys.stdout.flush()


if __name__ == "__main__":
    main()
