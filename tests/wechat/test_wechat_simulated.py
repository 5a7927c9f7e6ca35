"""Our calls against the simulated WeChat and WeChat Pay, over HTTP, with the phone and the bank as witnesses."""

import threading
from collections.abc import Iterator
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
from PIL import Image
from wechat_pay_bank import Bank
from wechat_stand_in import Reply, StandIn
from wechat_world import NOTICE, World, clients, desk_settings
from werkzeug.middleware.dispatcher import DispatcherMiddleware
from werkzeug.serving import WSGIRequestHandler, make_server

from simulator.clock import SharedClock
from simulator.factory import create_simulator
from wechat.errors import Action, BadNotice, Outside
from wechat.pay import State, Transfer


class _Quiet(WSGIRequestHandler):
    def log(self, *_: Any) -> None: ...


@pytest.fixture
def world(tmp_path: Path, bank: Bank, server: StandIn) -> Iterator[World]:
    server.play("/wechat", Reply(b"success"))
    server.play("/pay/notify", {"code": "SUCCESS"})
    server.play("/demo/run", {"next_due": None})
    clock = SharedClock(tmp_path / "clock")
    rooms: dict[str, Any] = {"/sim": server}
    house = DispatcherMiddleware(server, rooms)
    listener = make_server("127.0.0.1", 0, house, threaded=True, request_handler=_Quiet)
    base = f"http://127.0.0.1:{listener.server_port}"
    rooms["/sim"] = create_simulator(desk_settings(tmp_path, bank, base), clock)
    threading.Thread(target=listener.serve_forever, args=(0.02,), daemon=True).start()
    yield World(base, clock, server, *clients(base, bank, clock))
    listener.shutdown()
    listener.server_close()


def picture() -> bytes:
    file = BytesIO()
    Image.new("RGB", (40, 60), "white").save(file, "JPEG")
    return file.getvalue()


def test_messages_of_each_kind_reach_the_phone(world: World) -> None:
    openid = world.follower(saying="你好")
    official = world.official

    official.send_text(openid, "可提现 ¥60.00 😀")
    official.send_image(openid, official.upload_image(picture()))
    official.send_template(
        openid, NOTICE[0], {"thing1": "十一月\n佣金🎉", "amount2": "¥1,060.00"}, url=None, client_msg_id="n1"
    )

    assert world.received(openid)[-3:] == ["text", "image", "template"]
    assert world.phone(openid)[-3]["text"] == "可提现 ¥60.00 😀"


def test_a_closed_window_and_a_lost_follower_are_told_apart(world: World) -> None:
    openid = world.follower(saying="你好")
    for _ in range(5):
        world.official.send_text(openid, "x")
    world.clock.set(world.clock.now().replace(year=2027))

    with pytest.raises(Outside) as closed:
        world.official.send_text(openid, "x")
    assert closed.value.action is Action.ELSEWHERE
    world.post(f"/people/{openid}/unfollow")
    assert not world.official.user_follows(openid)
    with pytest.raises(Outside) as gone:
        world.official.send_template(openid, NOTICE[0], {"thing1": "x", "amount2": "1元"}, url=None, client_msg_id="n")
    assert gone.value.action is Action.GONE


def test_a_year_later_the_token_is_simply_a_new_one(world: World) -> None:
    openid = world.follower()
    assert world.official.user_follows(openid)

    world.clock.set(world.clock.now().replace(year=2028))
    assert world.official.user_follows(openid)


def test_a_token_refused_once_is_not_noticed(world: World) -> None:
    openid = world.follower(saying="你好")
    world.post("/faults", call="custom/send", errcode=42001)

    world.official.send_text(openid, "到账")

    assert world.received(openid) == ["text"]


@pytest.mark.parametrize(("lost", "arrived"), [("before", []), ("after", ["text"])])
def test_a_lost_answer_is_unknown_whether_or_not_it_arrived(world: World, lost: str, arrived: list[str]) -> None:
    openid = world.follower(saying="你好")
    world.post("/faults", call="custom/send", lost=lost)

    with pytest.raises(Outside) as caught:
        world.official.send_text(openid, "到账")

    assert caught.value.action is Action.UNKNOWN
    assert world.received(openid) == arrived


def test_a_scene_lives_for_a_while_or_for_ever(world: World) -> None:
    code = world.official.create_scene("C8F3Q", seconds=3600)
    forever = world.official.create_scene("C8F3Q", seconds=None)

    assert code.url.startswith("http")
    assert (code.expires_in, forever.expires_in) == (3600, None)


def test_an_article_is_drafted_and_sent_to_many_once(world: World) -> None:
    people = [world.follower() for _ in range(2)]
    official = world.official
    html = f'<img src="{official.upload_article_image(picture())}">'
    draft = official.add_draft(
        "新品", "小店", html, thumb_media_id=official.add_permanent_image(picture()), digest="摘要"
    )

    first = official.mass_send(people, draft, client_id="campaign-1")

    assert official.mass_send(people, draft, client_id="campaign-1") == first


def test_a_page_opened_on_the_phone_knows_whose_it_is(world: World) -> None:
    openid = world.follower()
    world.doors.play("/h5", Reply(b"<p>hello</p>", headers={"Content-Type": "text/html"}))

    world.post(f"/people/{openid}/open", url=world.official.oauth_url(world.base + "/h5", "s1"))

    query = world.doors.calls("/h5")[0].query
    assert query["state"] == "s1"
    assert world.official.oauth_openid(query["code"]) == openid
    with pytest.raises(Outside) as used:
        world.official.oauth_openid(query["code"])
    assert used.value.action is Action.PERMANENT


def test_a_menu_is_accepted(world: World) -> None:
    world.official.create_menu([{"type": "click", "name": "我的海报", "key": "poster"}])


def test_a_transfer_is_created_confirmed_noticed_and_queried(world: World) -> None:
    openid = world.follower()
    transfer = Transfer("W202611240001", openid, 250_000, "佣金", name="王小明")

    asked = world.pay.create_transfer(transfer)
    again = world.pay.create_transfer(transfer)
    world.post("/transfers/W202611240001/confirm")
    world.post("/clock", advance_seconds=60)

    assert (asked.state, asked.bill_no) == (State.WAIT_USER_CONFIRM, again.bill_no)
    assert asked.package
    heard = world.doors.calls("/pay/notify")[0]
    notice = world.pay.parse_notice(heard.headers, heard.body, now=world.clock.now())
    assert (notice.no, notice.state, notice.fen, notice.openid) == ("W202611240001", State.SUCCESS, 250_000, openid)
    with pytest.raises(BadNotice):
        world.pay.parse_notice(heard.headers, heard.body + b" ", now=world.clock.now())
    found = world.pay.query_transfer("W202611240001")
    assert found is not None
    assert (found.state, found.fen, found.openid) == (State.SUCCESS, 250_000, openid)


def test_a_number_never_used_is_unknown_to_the_bank(world: World) -> None:
    assert world.pay.query_transfer("W202611249999") is None


def test_the_same_number_with_other_facts_has_to_be_looked_into(world: World) -> None:
    openid = world.follower()
    world.pay.create_transfer(Transfer("W202611240002", openid, 1000))

    with pytest.raises(Outside) as caught:
        world.pay.create_transfer(Transfer("W202611240002", openid, 1001))
    assert (caught.value.action, caught.value.code) == (Action.UNKNOWN, "INVALID_REQUEST")


def test_a_transfer_can_be_taken_back_before_it_is_confirmed(world: World) -> None:
    openid = world.follower()
    world.pay.create_transfer(Transfer("W202611240003", openid, 1000))

    world.pay.cancel_transfer("W202611240003")
    world.post("/clock", advance_seconds=60)

    found = world.pay.query_transfer("W202611240003")
    assert found is not None
    assert found.state is State.CANCELLED


def test_nobody_confirming_for_a_day_makes_it_fail(world: World) -> None:
    openid = world.follower()
    world.pay.create_transfer(Transfer("W202611240004", openid, 1000))

    world.post("/clock", advance_seconds=2 * 86400)

    found = world.pay.query_transfer("W202611240004")
    assert found is not None
    assert (found.state, found.fail_reason) == (State.FAIL, "OVERDUE_CLOSE")


def test_a_create_whose_answer_is_lost_is_unknown_and_the_query_decides(world: World) -> None:
    openid = world.follower()
    world.post("/faults", call="transfer-bills", lost="after")

    with pytest.raises(Outside) as caught:
        world.pay.create_transfer(Transfer("W202611240005", openid, 1000))

    assert caught.value.action is Action.UNKNOWN
    found = world.pay.query_transfer("W202611240005")
    assert found is not None
    assert found.state is State.WAIT_USER_CONFIRM
