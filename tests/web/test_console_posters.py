"""Posters on the console: templates are made without a script, bad ones told why, choices hold for the next poster."""

import json
from io import BytesIO

import pytest
from PIL import Image
from web_desk import forms_of

from distribution import poster_batches, poster_templates, posters


def background(colour: tuple[int, int, int] = (250, 246, 240)) -> bytes:
    out = BytesIO()
    Image.new("RGB", (1080, 1440), colour).save(out, "PNG")
    return out.getvalue()


def editor(desk, path="/posters/templates/new"):
    [form] = [form for form in forms_of(desk.open(path)) if "检查并保存" in form.buttons]
    return form


def mine(shop):
    with shop.database.reading() as session:
        return poster_templates.of_merchant(session, shop.merchant_id)


@pytest.fixture
def made(shop, desk):
    answer = desk.press(editor(desk), title="春天的", background=background())
    assert answer.status_code == 303
    [row] = mine(shop)
    return row


def test_a_template_is_made_with_a_background_and_previewed_with_a_real_product(shop, desk, made) -> None:
    shop.product("AJ250", price_fen=10_000)
    assert (made.title, made.version) == ("春天的", 1)
    answer = desk.open(f"/posters/preview?template=own:{made.id}")
    assert Image.open(BytesIO(answer.data)).size == (1080, 1440)
    assert "春天的" in desk.open("/posters/").text


def test_a_change_is_a_new_version_and_keeps_the_background(shop, desk, made) -> None:
    path = f"/posters/templates/{made.id}"
    assert desk.press(editor(desk, path), **{"title.left": "80"}).status_code == 303
    [row] = mine(shop)
    assert (row.version, row.background_id) == (2, made.background_id)
    assert editor(desk, path).values["title.left"] == "80"


@pytest.mark.parametrize(
    ("said", "changes"),
    [
        ("压住了二维码", {"title.width": "900"}),
        ("二维码太小", {"qr.width": "150", "qr.height": "150"}),
        ("和底色太接近", {"small.colour": "#f0ece6"}),
        ("超出了版面", {"picture.left": "400"}),
        ("没有放二维码", {"qr.on": None}),
        ("没有放小字", {"small.on": None}),
        ("字太小", {"small.size": "14"}),
    ],
)
def test_what_would_not_work_is_kept_as_a_draft_that_nobody_can_choose(shop, desk, said, changes) -> None:
    answer = desk.press(editor(desk), title="不行的", background=background(), **changes)
    [row] = mine(shop)
    assert (answer.status_code, row.background_id is None) == (303, False)
    assert said in desk.open(f"/posters/templates/{row.id}").text
    assert desk.send("/posters/", "换成这个", about="商品海报", template=f"own:{row.id}").status_code == 422
    assert "草稿" in desk.open("/posters/").text


@pytest.mark.parametrize(("said", "changes"), [("#RRGGBB", {"title.colour": "red"}), ("整数", {"title.left": "x"})])
def test_what_cannot_be_read_is_said_and_nothing_is_kept(shop, desk, said, changes) -> None:
    answer = desk.press(editor(desk), title="不行的", **changes)
    assert (answer.status_code, mine(shop)) == (422, [])
    assert said in answer.text


def test_a_template_that_posters_are_drawn_in_cannot_be_spoilt(shop, desk, made) -> None:
    desk.send("/posters/", "换成这个", about="商品海报", template=f"own:{made.id}")
    answer = desk.press(editor(desk, f"/posters/templates/{made.id}"), **{"title.width": "900"})
    assert answer.status_code == 422
    assert "“标题”压住了二维码" in answer.text
    assert [row.version for row in mine(shop)] == [1]


def test_a_background_that_is_no_picture_is_refused(shop, desk) -> None:
    answer = desk.press(editor(desk), title="不行的", background=b"<svg/>")
    assert (answer.status_code, mine(shop)) == (422, [])
    assert "图片" in answer.text


def test_the_chosen_template_is_what_the_next_poster_is_drawn_in(shop, desk, made) -> None:
    desk.send("/posters/", "换成这个", about="商品海报", template=f"own:{made.id}")
    with shop.database.reading() as session:
        assert poster_templates.choices(session, shop.merchant_id) == {"product": f"own:{made.id}"}


def test_a_template_for_another_kind_is_refused(shop, desk, made) -> None:
    answer = desk.send("/posters/", "换成这个", about="全店海报", template=f"own:{made.id}")
    assert answer.status_code == 422


def test_a_document_that_is_not_saved_is_previewed_too(desk) -> None:
    document = {"size": [1080, 1080], "kinds": ["shop"], "area": [{"part": "qr", "box": [100, 100, 500, 500]}]}
    answer = desk.browser.get("/console/posters/preview", query_string={"document": json.dumps(document)})
    assert Image.open(BytesIO(answer.data)).size == (1080, 1080)


@pytest.mark.parametrize("document", ["{", "[]", '{"size": 1}', '{"size": [1080, 1080], "area": [{"part": "wibble"}]}'])
def test_a_preview_of_nonsense_is_not_found(desk, document) -> None:
    answer = desk.browser.get("/console/posters/preview", query_string={"document": document})
    assert answer.status_code == 404


def test_posters_drawn_ahead_show_how_far_they_are(shop, desk) -> None:
    shop.distributor("李娜")
    desk.send("/posters/", "给所有分销员画好", purpose="shop")
    with shop.database.reading() as session:
        [batch] = poster_batches.of_merchant(session, shop.merchant_id)
    assert (batch.total, batch.purpose) == (1, "shop")
    assert "0 / 1" in desk.open("/posters/").text


def test_a_logo_stands_in_the_next_posters_code_and_can_be_taken_away(shop, desk) -> None:
    [form] = [form for form in forms_of(desk.open("/posters/")) if "保存标志" in form.buttons]
    assert desk.press(form, logo=background((0, 90, 60))).status_code == 303
    with shop.database.reading() as session:
        assert posters.shop_logo(session, shop.merchant_id)
    [form] = [form for form in forms_of(desk.open("/posters/")) if "保存标志" in form.buttons]
    assert desk.press(form, none="1").status_code == 303
    with shop.database.reading() as session:
        assert posters.shop_logo(session, shop.merchant_id) is None


def test_a_logo_that_is_no_picture_is_refused(desk) -> None:
    [form] = [form for form in forms_of(desk.open("/posters/")) if "保存标志" in form.buttons]
    assert desk.press(form, logo=b"<svg/>").status_code == 422
    assert desk.press(form).status_code == 422


def test_a_struck_price_is_shown_only_above_the_price(shop, desk) -> None:
    path = f"/products/{shop.product('AJ250', price_fen=8900)}"
    [form] = [form for form in forms_of(desk.open(path)) if "保存" in form.buttons]
    assert desk.press(form, struck="80.00").status_code == 422
    assert desk.press(form, struck="129.00").status_code == 303
    [form] = [form for form in forms_of(desk.open(path)) if "保存" in form.buttons]
    assert form.values["struck"] == "129.00"
