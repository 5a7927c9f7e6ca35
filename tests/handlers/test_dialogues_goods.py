"""The model dialogues about parcels and about what can be shared: words, films, stock, what has run out."""

import datetime as dt

import pytest
from dialogue_shop import GOODS, says
from money_shop import told
from sqlalchemy import select

from distribution import levels, materials, pictures, products
from models import Product
from models import tables as t

NEWS = {
    "carrier": "顺丰",
    "tracking_no": "SF1234562233",
    "news": "到杭州转运中心",
    "news_at": "2026-11-23T00:40:00Z",
    "expected_on": "2026-11-24",
    "url": "https://mall.test/parcels/8866",
}


@pytest.fixture
def lina(shop):
    return shop.chat.distributor("李娜", "o-lina")


@pytest.fixture
def parcels(shop, lina):
    """Two orders that end in 8866, and two of today."""
    zhang, liu = shop.chat.distributor("张三丰", "o-zhang"), shop.chat.distributor("刘德", "o-liu")
    sent = {"shipment": NEWS, "buyer_openid": zhang.openid}
    shop.sold(lina, "11-20", 16_800, no="E202611208866", sku="CHERRY", state="shipped", **sent)
    shop.sold(lina, "11-03", 4_990, no="E202611038866", sku="SOAP", buyer_openid=liu.openid)
    for time in ("09:15", "10:02"):
        shop.sold(lina, f"11-23 {time}", 8_900)
    shop.now("11-23 10:30")


def test_15_two_orders_with_the_same_tail_the_parcel_and_the_orders_of_today(lina, parcels):
    said = says(
        lina,
        "尾号8866那单发货了吗",
        "有 2 单尾号 8866",
        "1 11月20日智利车厘子",
        "¥168.00 张*",
        "2 11月3日洗衣液 ¥49.90 刘*",
    )
    assert "三丰" not in said
    said = says(
        lina,
        "1",
        "已发货。顺丰 SF****2233，今天 08:40 到杭州转运中心，预计明天送达",
        '<a href="https://mall.test/parcels/8866">完整物流</a>',
        "收货地址和电话为保护客户隐私不显示",
    )
    assert "三丰" not in said
    said = says(
        lina,
        "今天有几单",
        "今天 2 单，佣金共 ¥17.80",
        "10:02 即食阿胶糕",
        "¥89.00，佣金 ¥8.90，待发货",
        "09:15 即食阿胶糕",
        "1 本周订单",
        "2 退款订单",
    )
    assert said.count("佣金 ¥8.90") == 2
    says(lina, "1", "本周到今天 2 单，佣金共 ¥17.80")
    says(lina, "0", "1 生成海报")


def test_15_a_parcel_without_news_says_since_when_it_is_under_way(shop, lina, parcels):
    shop.sold(lina, "11-22 08:00", 16_800, no="E202611229999", sku="CHERRY", state="shipped", shipment={})
    says(lina, "尾号9999到哪了", "已发货，11月22日 08:00 发出，签收前都在路上")


def stocked(shop, sku, pieces, **told):
    with shop.chat.database.transaction() as session:
        name, fen = told.pop("name", None), 29_900
        facts = products.ProductFacts(name or GOODS[sku][0], fen, pieces, **told)
        products.put(session, 1, sku, facts, now=shop.chat.clock.now())


def film(shop, sku):
    """A film about a product; the id of its material."""
    with shop.chat.database.transaction() as session:
        now = shop.chat.clock.now()
        video_id = pictures.store(session, b"\0\0\0\x18ftypmp42" + b"\0" * 64, "video/mp4", now=now)
        product = session.query(Product).filter_by(sku=sku).one()
        what = {"title": "坚果开箱", "text": "一天一小包", "picture_id": None, "video_id": video_id}
        return materials.create(session, 1, **what, product_id=product.id, by="老板", now=now).id


def words(shop, sku, text):
    with shop.chat.database.transaction() as session:
        product = session.query(Product).filter_by(sku=sku).one()
        what = {"title": "下午茶", "text": text, "picture_id": None}
        materials.create(session, 1, **what, product_id=product.id, by="老板", now=shop.chat.clock.now())


def films_put(shop):
    o = t.outbox_row.c
    with shop.chat.database.reading() as session:
        return [row.facts for row in session.execute(select(o.facts).where(o.kind == "film"))]


def test_19_two_wishes_in_a_breath_a_film_stock_by_colour_and_one_reminder(shop, lina):
    for sku, count in (("NUT", 3), ("MASK", 2), ("AJ", 1)):
        for time in range(count):
            shop.sold(lina, f"11-22 1{time}:00", GOODS[sku][1], sku=sku)
    shop.now("11-23 10:30")
    material_id = film(shop, "NUT")
    words(shop, "NUT", "办公室下午茶终于不用纠结了，7 种坚果一天一小包，送长辈也拿得出手。")
    stocked(shop, "DOWN", 12, name="轻薄羽绒服 黑色")
    stocked(shop, "DOWN-W", 0, name="轻薄羽绒服 白色", restock_on=dt.date(2026, 11, 27))

    says(
        lina, "爆款有哪些，顺便要个文案", "近 7 天卖得最好", "1 坚果礼盒 ¥128.00（赚 ¥12.80）",
        "2 玻尿酸面膜 ¥59.00（赚 ¥5.90）", "3 即食阿胶糕 250g ¥89.00（赚 ¥8.90）", "文案（坚果礼盒）",
        "办公室下午茶终于不用纠结了", "回复数字生成海报，发“视频”看短视频素材",
    )  # fmt: skip
    says(lina, "视频", "短视频素材", "1 坚果开箱", "回复数字就发给你")
    says(lina, "1", "【坚果开箱】马上发给你", "没有你的码", "1 生成海报")
    assert films_put(shop) == [{"material_id": material_id}]
    says(
        lina, "羽绒服还有货吗", "轻薄羽绒服 黑色 ¥299.00", "现在有货（12 件）", "轻薄羽绒服 白色 ¥299.00",
        "缺货，预计 11月27日到", "1 生成海报：轻薄羽绒服 黑色", "2 到货提醒我：轻薄羽绒服 白色",
    )  # fmt: skip
    says(lina, "2", "“轻薄羽绒服 白色”到货就提醒你一次")
    stocked(shop, "DOWN", 20)
    assert not any("到货啦" in text for text in told(shop, lina))
    for pieces in (7, 0, 7):
        stocked(shop, "DOWN-W", pieces, name="轻薄羽绒服 白色")
        shop.chat.clock.advance(minutes=1)
    said = [text for text in told(shop, lina) if "到货啦" in text]
    assert len(said) == 1
    assert "“轻薄羽绒服 白色” ¥299.00，现在有 7 件" in said[0]


def test_19_the_number_of_what_there_is_makes_its_poster(shop, lina):
    stocked(shop, "DOWN-W", 0, name="轻薄羽绒服 白色")
    lina.says("羽绒服还有货吗")
    assert "海报正在生成" in lina.says("1")


def test_19_a_customer_reads_of_stock_and_of_no_commission(shop):
    stocked(shop, "DOWN-W", 0, name="轻薄羽绒服 白色", restock_on=dt.date(2026, 12, 24))
    guest = shop.chat.person("o-guest")
    guest.follows()
    said = says(guest, "羽绒服还有货吗", "现在有货", "缺货，预计 12月24日到")
    assert "赚" not in said
    assert "到货提醒" not in said


def test_19_without_films_none_is_promised(shop, lina):
    words(shop, "NUT", "一天一小包。")
    assert "视频" not in says(lina, "爆款有哪些，顺便要个文案", "回复数字生成海报")
    says(lina, "视频", "还没有放短视频素材", "1 文案")


def test_a_film_of_something_sold_out_is_withdrawn_with_it(shop, lina):
    material_id = film(shop, "NUT")
    stocked(shop, "NUT", 0)
    says(lina, "视频", "还没有放短视频素材")
    lina.says(f"发视频 {material_id}")
    assert films_put(shop) == []


def test_a_reminder_by_name_waits_for_what_has_run_out(shop, lina):
    stocked(shop, "DOWN-W", 0, name="轻薄羽绒服 白色")
    says(lina, "到货提醒 羽绒服", "“轻薄羽绒服 白色”到货就提醒你一次")


def withholds(shop, lina, *names):
    """These levels give no material; the first is somebody's own."""
    now = shop.chat.clock.now()
    with shop.chat.database.transaction() as session:
        rows = {row.name: row.id for row in levels.all_levels(session)}
        told = {"mode": "any", "need": {}, "keep": {}, "permissions": {"material_packs": False}}
        for name in names:
            levels.shape_level(session, rows[name], **told, by="老板", now=now)
        levels.set_level(session, lina.distributor_id, rows[names[0]], by="老板", now=now)


def test_a_level_that_gives_no_material_says_which_one_does_and_what_can_be_posted_meanwhile(shop, lina):
    words(shop, "NUT", "一天一小包。")
    material_id = film(shop, "NUT")
    withholds(shop, lina, "银牌")
    for asked in ("文案", "视频", "坚果的文案", "产品图片", f"发视频 {material_id}"):
        said = says(lina, asked, "升到金牌就能用店铺的素材", "先用这句，复制就能发", "1 来张海报", "2 怎么升级")
        assert "一天一小包" not in said
    says(lina, "坚果的文案", "坚果礼盒，¥128.00")
    assert "一天一小包" not in says(lina, "爆款有哪些，顺便要个文案", "回复数字生成海报。")
    assert films_put(shop) == []

    with shop.chat.database.transaction() as session:
        levels.set_level(session, lina.distributor_id, 2, by="老板", now=shop.chat.clock.now())
    says(lina, "坚果的文案", "一天一小包")


def test_where_no_level_gives_material_none_is_promised(shop, lina):
    withholds(shop, lina, "银牌", "金牌")
    says(lina, "文案", "没有对你现在的等级开放", "1 来张海报")
