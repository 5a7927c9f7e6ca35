"""Films at the console: uploaded with material, MP4 and small enough; the day on which goods come again."""

from sqlalchemy import select

from models import tables as t

MP4 = b"\0\0\0\x18ftypmp42" + b"\0" * 1000


def kept(shop):
    with shop.database.reading() as session:
        rows = select(t.material.c.title, t.picture.c.content_type, t.picture.c.content)
        return session.execute(rows.outerjoin(t.picture, t.picture.c.id == t.material.c.video_id)).all()


def test_a_film_is_kept_with_its_material(shop, desk) -> None:
    desk.send("/materials/new", "只存素材，先不发", title="开箱", text="一天一包", video=MP4, then="keep")

    assert kept(shop) == [("开箱", "video/mp4", MP4)]
    assert "有短视频" in desk.open("/materials/").text


def test_a_film_larger_than_the_service_takes_elsewhere_is_taken_here(shop, desk) -> None:
    film = MP4 + b"\0" * (9 * 1024 * 1024)
    desk.send("/materials/new", "只存素材，先不发", title="开箱", text="一天一包", video=film, then="keep")

    assert [len(row.content) for row in kept(shop)] == [len(film)]


def test_what_is_no_film_or_too_large_is_refused(shop, desk) -> None:
    told = {"title": "开箱", "text": "一天一包", "then": "keep"}
    assert "视频要 MP4 格式" in desk.send("/materials/new", "只存素材，先不发", video=b"GIF89a" * 9, **told).text
    large = MP4 + b"\0" * (10 * 1024 * 1024)
    assert "视频最大 10 MB" in desk.send("/materials/new", "只存素材，先不发", video=large, **told).text
    assert kept(shop) == []


def test_the_day_of_arrival_is_told_and_taken_back(shop, desk) -> None:
    desk.send("/products/new", "保存", sku="DW", name="羽绒服 白色", price="299", stock="0", restock_on="2026-11-27")
    assert 'value="2026-11-27"' in desk.open("/products/1").text
    desk.send("/products/1", "保存", restock_on="")
    with shop.database.reading() as session:
        assert session.scalars(select(t.product.c.restock_on)).all() == [None]
    assert "请选一个日期" in desk.send("/products/1", "保存", restock_on="明天").text
