"""Merchants, staff, exports: what the owner does by hand."""

import re

from web_desk import PASSWORD, forms_of
from web_shop import Mall, built

from distribution import campaign_sends, staff
from web.console import filters
from web.intake import api


def test_a_further_merchant_gets_a_secret_that_is_shown_once(shop, desk) -> None:
    desk.send("/merchants/", "新增商家", name="隔壁老王")

    secret = re.search(r"whsec_[A-Za-z0-9+/=]+", desk.open("/merchants/").text).group()

    app = built(shop.parts, api)
    assert Mall(app.test_client(), shop.clock.now, secret).order().status_code == 200
    assert secret not in desk.open("/merchants/").text


def test_a_password_is_changed_by_who_knows_the_old_one(shop, desk) -> None:
    assert desk.send("/password", "修改密码", current="wrong", fresh="another long one").status_code == 422

    desk.send("/password", "修改密码", current=PASSWORD, fresh="another long one")

    assert desk.open("/").status_code == 303
    assert desk.login("老板", "another long one").status_code == 303


def test_an_operator_who_is_switched_off_is_out_at_once(shop, desk) -> None:
    desk.send("/staff/", "新增员工", name="小李", password=PASSWORD, role="finance")
    other = desk.as_other("小李")
    assert other.open("/withdrawals/").status_code == 200

    desk.send("/staff/", "停用")

    assert other.open("/withdrawals/").status_code == 303
    assert other.login("小李").status_code == 401


def test_the_last_owner_cannot_be_switched_off(shop, desk) -> None:
    desk.hire("二老板", "owner")
    second = desk.as_other("二老板")
    second.send("/staff/", "停用")

    with shop.database.reading() as session:
        assert [row.active for row in staff.everyone(session, shop.merchant_id)] == [False, True]
        own = staff.find_operator(session, "二老板").id
    [token] = [form.values["csrf_token"] for form in forms_of(second.open("/staff/")) if "新增员工" in form.buttons]
    assert second.browser.post(f"/console/staff/{own}/disable", data={"csrf_token": token}).status_code == 409


def test_markup_in_names_stays_text_on_every_page(shop, desk, mall) -> None:
    shop.product(name="<script>alert(1)</script>", category="<img src=x>")
    name = "<script>alert(2)</script>"
    mall.order(lines=[{"line_no": 1, "sku": "A", "name": name, "quantity": 1, "unit_fen": 1}])
    desk.send("/materials/new", "只存素材，先不发", title="<b>x</b>", text="{{ 7*7 }}<script>", then="keep")

    for path in ("/products/", "/products/1", "/orders/E20261123001", "/materials/", "/journal/"):
        page = desk.open(path).text
        assert "<script>alert" not in page
        assert "<img src=x>" not in page
        assert "<b>x</b>" not in page
    assert "{{ 7*7 }}" in desk.open("/materials/").text


def test_a_list_is_exported_as_it_is_filtered_and_noted(shop, desk) -> None:
    shop.distributor("李娜")
    shop.distributor("王芳")

    sheet = desk.send("/distributors/?q=李娜", "导出表格")

    assert sheet.content_type == "text/csv; charset=utf-8"
    lines = sheet.data.decode("utf-8-sig").splitlines()
    assert lines[0].startswith("邀请码,姓名,手机号")
    assert len(lines) == 2
    assert ",李娜,13800000001," in lines[1]
    assert "导出列表" in desk.open("/journal/").text


def test_a_cell_that_a_spreadsheet_would_run_is_made_harmless(shop, desk, mall) -> None:
    mall.order(order_no="=1+2")
    mall.order(order_no="E1")

    sheet = desk.send("/orders/", "导出表格").data.decode("utf-8-sig")

    assert "\n'=1+2," in sheet
    assert "\nE1," in sheet
    assert "178.00" in sheet


def test_every_way_a_copy_can_go_has_its_word() -> None:
    assert set(filters.WAYS) == {campaign_sends.CHAT, campaign_sends.MASS}
