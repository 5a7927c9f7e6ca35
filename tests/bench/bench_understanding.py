"""How much processor one sentence takes to understand, the first one apart."""

import datetime as dt
import json
import statistics
import sys
import time
from pathlib import Path

ROOT = Path(__file__).parent.parent.parent
sys.path.insert(0, str(ROOT))
TODAY = dt.date(2026, 11, 23)


def main() -> None:
    began = time.process_time()
    from bot.understanding import understand

    understand("我要提现200", TODAY)
    first = time.process_time() - began
    lines = (ROOT / "tests/corpus/utterances.dev.jsonl").read_text("utf-8").splitlines()
    texts = [json.loads(line)["text"] for line in lines]
    for text in texts:
        understand(text, TODAY)
    took = sorted(seconds(understand, text) for _ in range(5) for text in texts)
    sys.stdout.write(
        f"understanding: first {first:.2f} s, median {statistics.median(took) * 1000:.2f} ms, "
        f"99 % {took[len(took) * 99 // 100] * 1000:.2f} ms\n"
    )


def seconds(understand, text: str) -> float:
    began = time.process_time()
    understand(text, TODAY)
    return time.process_time() - began


if __name__ == "__main__":
    main()
