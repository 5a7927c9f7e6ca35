"""The console by hand: every page opens from the first one, every form does what it says."""

import re
from collections import deque
from io import BytesIO

from PIL import Image
from web_desk import forms_of, links_of

from distribution import campaigns, members, products, transfers, withdrawals


def picture() -> bytes:
    """A small PNG."""
    drawn = BytesIO()
    Image.new("RGBA", (40, 30), (200, 80, 60, 128)).save(drawn, "PNG")
    return drawn.getvalue()


def distributor(shop, distributor_id: int):
    """The row as it stands."""
    with shop.database.reading() as session:
        return members.get_distributor(session, distributor_id)


def withdrawal(shop, no: str):
    """The row as it stands."""
    with shop.database.reading() as session:
        return withdrawals.find(session, no)


def crawl(desk) -> dict[str, int]:
    """Every console page that can be reached by links from the first one."""
    seen, waiting = {}, deque(["/console/"])
    while waiting:
        path = waiting.popleft()
        if path in seen:
            continue
        page = desk.browser.get(path)
        seen[path] = page.status_code
        assert not re.search(r"<p[ >](?:(?!</p>).)*<form", page.text, re.DOTALL), f"{path}: browsers move this form"
        waiting.extend(link for link in links_of(page) if link.startswith("/console/"))
    return seen


def test_links_from_the_first_page_reach_everything(shop, desk, mall) -> None:
    seller = shop.distributor("李娜", inviter=shop.distributor("王芳").code)
    shop.distributor("赵敏", active=False)
    shop.sent(seller)
    mall.order(distributor_code=seller.code)
    shop.product()

    desk.login("老板")

    seen = crawl(desk)

    assert set(seen.values()) == {200}
    views = {rule.rule for rule in desk.app.url_map.iter_rules() if "GET" in rule.methods}
    plain = {rule for rule in views if rule.startswith("/console/") and "<" not in rule}
    assert plain - {path.split("?")[0] for path in seen} == {
        "/console/login",
        "/console/campaigns/new",
        "/console/posters/preview",
    }


# People


def test_an_application_is_passed_in_the_row_that_names_the_person(shop, desk) -> None:
    person = shop.distributor("赵敏", active=False)

    answer = desk.send("/applications/", "通过", about="赵敏")

    assert answer.status_code == 303
    assert f"已通过 赵敏 的申请，邀请码 {person.code}" in desk.open("/applications/").text
    assert distributor(shop, person.id).state == "active"


def test_an_application_is_rejected_with_a_reason(shop, desk) -> None:
    person = shop.distributor("赵敏", active=False)

    desk.send("/applications/", "驳回", reason="姓名不是本人")

    row = distributor(shop, person.id)
    assert (row.state, row.reason) == ("rejected", "姓名不是本人")


def test_a_rejection_without_a_reason_is_not_made(shop, desk) -> None:
    person = shop.distributor("赵敏", active=False)

    assert desk.send("/applications/", "驳回", reason=" ").status_code == 422
    assert distributor(shop, person.id).state == "pending"


def test_a_second_decision_is_a_conflict(shop, desk) -> None:
    shop.distributor("赵敏", active=False)
    [passing, _] = forms_of(desk.open("/applications/"))[1:]
    desk.press(passing)

    answer = desk.press(passing)

    assert answer.status_code == 409
    assert "已经被处理过了" in answer.text


def test_a_distributor_is_frozen_resumed_and_ended(shop, desk) -> None:
    person = shop.distributor("李娜")
    page = f"/distributors/{person.id}"

    desk.send(page, "冻结", reason="核实订单")
    assert distributor(shop, person.id).state == "frozen"
    desk.send(page, "恢复")
    assert distributor(shop, person.id).state == "active"
    assert desk.send(page, "清退", reason="刷单").status_code == 422
    desk.send(page, "清退", reason="刷单", sure="1")
    assert distributor(shop, person.id).state == "terminated"


def test_levels_and_tags_sort_people(shop, desk) -> None:
    person, _ = shop.distributor("李娜"), shop.distributor("王芳")
    desk.send("/levels/", "新增等级", name="金牌", rank="1")
    page = f"/distributors/{person.id}"
    desk.send(page, "加标签", tag="宝妈")
    desk.send(page, "保存等级", level="1")

    for query in ("level=1", "tag=1", "q=李娜", f"q={person.code}"):
        found = desk.open(f"/distributors/?{query}").text
        assert "李娜" in found
        assert "王芳" not in found
    desk.send(page, "×")
    assert "王芳" not in desk.open("/distributors/?tag=1").text


# Money


def test_a_withdrawal_is_passed_in_its_row(shop, desk) -> None:
    no = shop.withdrawal(shop.distributor("李娜"))
    desk.login("老板")

    desk.send("/withdrawals/", "通过", about=no)

    assert withdrawal(shop, no).state == "approved"


def test_a_withdrawal_is_rejected_and_the_money_goes_back(shop, desk) -> None:
    person = shop.distributor("李娜")
    no = shop.withdrawal(person)
    desk.login("老板")

    desk.send(f"/withdrawals/{no}", "驳回", reason="请先实名")

    assert (withdrawal(shop, no).state, withdrawal(shop, no).reason) == ("released", "请先实名")
    assert "¥100.00" in desk.open(f"/distributors/{person.id}").text


def test_an_alarm_stands_until_somebody_has_looked(shop, desk) -> None:
    no = shop.sent(shop.distributor("李娜"))
    with shop.database.transaction() as session:
        transfers.alarm(session, no, "微信支付查不到这笔转账", now=shop.clock.now())
    desk.login("老板")
    assert "微信支付查不到这笔转账" in desk.open(f"/withdrawals/{no}").text

    desk.send(f"/withdrawals/{no}", "已在商户平台核对")

    page = desk.open(f"/withdrawals/{no}").text
    assert "微信支付查不到这笔转账" not in page
    assert "核对打款异常" in page


def test_an_approval_of_a_page_that_is_out_of_date_is_a_conflict(shop, desk) -> None:
    no = shop.withdrawal(shop.distributor())
    desk.login("老板")

    answer = desk.send(f"/withdrawals/{no}", "通过", version="0")

    assert answer.status_code == 409
    assert withdrawal(shop, no).state == "requested"


def test_the_books_are_proved_on_their_page(shop, desk) -> None:
    shop.sent(shop.distributor())
    desk.login("老板")

    page = desk.open("/books/").text

    assert "账是平的" in page
    assert "¥100.00" in page


# Products, material, campaigns


def test_a_product_is_made_and_changed(shop, desk) -> None:
    desk.send("/products/new", "保存", sku="AJ250", name="阿胶糕", price="89", stock="3", picture=picture())
    with shop.database.reading() as session:
        row = products.find_by_sku(session, shop.merchant_id, "AJ250")
    assert (row.name, row.price_fen, row.stock, row.rule) == ("阿胶糕", 8900, 3, None)
    assert desk.browser.get(row.image_url).content_type == "image/jpeg"

    desk.send(f"/products/{row.id}", "保存", price="99.50", way="own", l1="12.5", l2="0", on_sale=None)

    with shop.database.reading() as session:
        row = products.find(session, row.id)
    assert (row.price_fen, row.rule, row.on_sale, row.stock) == (
        9950,
        {"rate_bp": {"l1": 1250, "l2": 0, "l3": 0}},
        False,
        3,
    )
    assert row.image_url


def test_what_is_wrong_with_a_product_is_said_beside_the_field(desk) -> None:
    answer = desk.send("/products/new", "保存", sku="A B", name="糕", price="abc", stock="-1", picture=b"<svg>")

    assert answer.status_code == 422
    for said in ("不能有空格", "请填金额", "之间的整数", "不是能用的图片"):
        assert said in answer.text
    assert 'value="糕"' in answer.text


def test_a_campaign_goes_from_words_to_named_people(shop, desk) -> None:
    shop.distributor("李娜")
    shop.distributor("赵敏", active=False)

    planned = desk.send(
        "/materials/new",
        "下一步：核对发给谁",
        title="周末上新",
        text="燕窝到货",
        picture=picture(),
        send_at="2026-11-23T09:00",
    )
    path = planned.location.removeprefix("/console")
    page = desk.open(path).text
    assert "会发给 1 位分销员" in page
    assert "李娜" in page
    desk.send(path, "批准")

    with shop.database.transaction() as session:
        assert campaigns.feed(session, now=shop.clock.now()) == 1
    page = desk.open(path).text
    assert "李娜" in page
    assert "发送中" in page
    desk.send(path, "停止")
    assert "已停止" in desk.open(path).text


def test_a_campaign_to_everybody_says_which_levels_get_none_of_it(shop, desk) -> None:
    desk.send("/levels/", "新增等级", name="新人", rank="1")
    assert "不在其中的等级" not in desk.send("/materials/new", "下一步：核对发给谁", title="上新", text="到货").text
    desk.send("/levels/1", "保存", daily_broadcast=None)
    assert "不在其中的等级" in desk.open("/campaigns/1").text


def test_a_campaign_is_not_approved_for_a_list_that_was_not_seen(shop, desk) -> None:
    shop.distributor("李娜")
    planned = desk.send("/materials/new", "下一步：核对发给谁", title="上新", text="到货")
    path = planned.location.removeprefix("/console")
    [passing] = [form for form in forms_of(desk.open(path)) if "批准" in form.buttons]
    shop.distributor("王芳")

    answer = desk.press(passing)

    assert answer.status_code == 422
    assert "名单刚刚有变化" in answer.text


def test_material_can_be_kept_without_sending_and_sent_later(shop, desk) -> None:
    shop.distributor("李娜")
    desk.send("/materials/new", "只存素材，先不发", title="上新", text="到货", then="keep")
    assert "还没有群发过" in desk.open("/materials/").text

    planned = desk.send("/campaigns/new?material=1", "下一步：核对发给谁")

    assert "会发给 1 位分销员" in desk.open(planned.location.removeprefix("/console")).text


def test_an_alarm_about_a_number_we_never_made_can_be_put_out(shop, desk) -> None:
    with shop.database.transaction() as session:
        transfers.alarm(session, "W0", "微信支付通知了一个我们没有的单号", now=shop.clock.now())
    assert "我们没有的单号" in desk.open("/withdrawals/").text

    desk.send("/withdrawals/", "已在商户平台核对")

    assert "我们没有的单号" not in desk.open("/withdrawals/").text
