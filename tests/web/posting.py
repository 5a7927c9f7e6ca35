"""A service of a test: a crowd posts orders to it, each told when it is answered, until all are or it is killed."""

import datetime as dt
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from threading import local

sys.path.insert(0, str(Path(__file__).parent.parent.parent))

from web_shop import ORDER, SECRET, Mall, built

from bot import wording
from distribution.links import Links
from models.database import Database
from web.intake import api
from web.parts import WebParts


class Standing:
    """A clock that stands still."""

    def __init__(self, at):
        self.now = lambda: at


def main() -> None:
    url, moment, code, number = sys.argv[1:]
    clock, database, lanes = Standing(dt.datetime.fromisoformat(moment)), Database(url), local()
    links = Links("http://localhost", "0123456789abcdef0123456789abcdef", clock)
    app = built(WebParts(database, clock, links, wording.headline, "wx", api_secrets=(SECRET,)), api)

    def post(at):
        if not hasattr(lanes, "mall"):
            lanes.mall = Mall(app.test_client(), clock.now)
        order = ORDER | {"order_no": f"E{at}", "distributor_code": code, "buyer": {"openid": f"o{at}"}}
        answer = lanes.mall.send("POST", "/orders", order, webhook_id=f"id-E{at}")
        sys.stdout.write(f"E{at} {answer.status_code} {answer.json.get('applied')}\n")
        sys.stdout.flush()

    with ThreadPoolExecutor(16) as pool:
        list(pool.map(post, range(int(number))))


if __name__ == "__main__":
    main()
