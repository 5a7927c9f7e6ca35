"""One worker of a test: settles in small chunks, as far as it is let, until nothing is left or it is killed."""

import datetime as dt
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent.parent.parent))

from distribution import settlement
from models.database import Database


def main() -> None:
    url, moment, limit = sys.argv[1:]
    database, now = Database(url), dt.datetime.fromisoformat(moment)
    sys.stdout.write("ready\n")
    sys.stdout.flush()
    while True:
        # Each line lets it settle one chunk; after the last one it goes on alone.
        sys.stdin.readline()
        if not database.write(lambda session: settlement.settle_due(session, now=now, limit=int(limit))):
            return
        sys.stdout.write("settled\n")
        sys.stdout.flush()


if __name__ == "__main__":
    main()
