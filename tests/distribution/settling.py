"""One worker of a test: settles in small chunks, over and over, until nothing is left or it is killed."""

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
    sys.stdin.readline()
    while database.write(lambda session: settlement.settle_due(session, now=now, limit=int(limit))):
        pass


if __name__ == "__main__":
    main()
