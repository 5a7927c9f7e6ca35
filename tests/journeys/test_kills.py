"""kill -9 at random under load: what was acknowledged is there, and there once."""

import random
import threading
import time

import pytest
import requests
from chapters import PRODUCT, joins

pytestmark = [pytest.mark.slow, pytest.mark.timeout(240)]

KILLS = 6


def order(number, code, at):
    return {
        "order_no": f"E{number}",
        "state": "paid",
        "version": 1,
        "occurred_at": at,
        "buyer": {"external_id": f"u{number}"},
        "distributor_code": code,
        "lines": [{"line_no": 1, "sku": "AJ250", "name": "阿胶糕", "quantity": 1, "unit_fen": 1000}],
    }


class Mall:
    """Posts one order after another, each until it is acknowledged."""

    def __init__(self, world, code):
        self.world, self.code, self.acknowledged, self.enough = world, code, [], threading.Event()
        self.at = world.now().isoformat()
        self.threads = [threading.Thread(target=self._post, args=(lane,)) for lane in range(4)]

    def _post(self, lane):
        number = lane
        while not self.enough.is_set():
            number += 4
            while not self._acknowledged(number):
                time.sleep(0.05)

    def _acknowledged(self, number):
        try:
            answer = self.world.api("POST", "orders", order(number, self.code, self.at), key=f"order-{number}")
        except (requests.RequestException, AssertionError):
            return False
        if answer.status_code == 200:
            self.acknowledged.append(number)
        return answer.status_code == 200


def test_nothing_acknowledged_is_lost_or_doubled(demo):
    world = demo.start("--empty")
    world.log_in()
    world.api("PUT", "products/AJ250", PRODUCT)
    alice = world.person("陈晓燕")
    code = joins(world, alice, "陈晓燕", "13800138000")
    mall = Mall(world, code)
    dice = random.Random(20261124)
    for thread in mall.threads:
        thread.start()
    for _ in range(KILLS):
        time.sleep(dice.uniform(0.5, 2))
        demo.kill()
        demo.start()
    mall.enough.set()
    for thread in mall.threads:
        thread.join(60)

    world.settled_down()
    pending = world.api("GET", f"distributors/{code}").json()["pending_fen"]
    assert len(mall.acknowledged) > KILLS
    assert pending == 100 * len(set(mall.acknowledged))
    told = [each for each in alice.messages() if each["from"] == "account" and "佣金" in str(each)]
    assert told
    demo.prove()
