"""Lists from another system: good rows land once, bad ones are named and kept, a dry run leaves nothing."""

import datetime as dt

import openpyxl
import pytest
from importing import CHEN, LI, ORDER, PEOPLE, counted, order
from typer.testing import CliRunner

from app.cli import cli
from app.failure import Failure
from distribution import merchants
from models import Order, Product

HEAD = "sku,name,price_yuan,stock\n"
TEN = dt.datetime(2026, 1, 2, 10)  # noqa: DTZ001


def test_products_land_once_and_change_only_where_told(desk) -> None:
    told = "sku,name,price_yuan,stock,category,image_url,link,merchant\nA1,阿胶糕,89.90,5,滋补,,,\n"

    assert desk.take("products", told) == counted(new=1)
    before = desk.everything()
    desk.clock.advance(days=1)
    assert desk.take("products", told) == counted(held=1)
    assert desk.everything() == before
    assert desk.take("products", "sku,name,price_yuan,stock\nA1,阿胶糕,¥90,5\n") == counted(changed=1)
    (row,) = desk.rows(Product)
    assert (row.price_fen, row.category) == (9_000, "滋补")
    desk.prove()


def test_each_bad_product_is_named_by_line_column_and_reason(light_desk) -> None:
    told = "sku,name,price_yuan,stock\nA1,好,1,1\nA2,坏,-5,1\nA3,坏,1.999,1\n,坏,1,1\nA5,坏,1,x\nA1,又,1,1\nA7,,1,1\n"

    assert light_desk.take("products", told) == counted(new=1, rejected=6)
    columns = [(each["rejected_line"], each["rejected_column"]) for each in light_desk.rejected()]
    assert sorted(columns) == [
        ("3", "price_yuan"), ("4", "price_yuan"), ("5", "sku"), ("6", "stock"), ("7", "sku"), ("8", "name"),
    ]  # fmt: skip
    assert "第 3 行 price_yuan：“-5”不是金额，要写成 89 或 89.90 这样" in light_desk.said
    assert "第 7 行 sku：与第 2 行重复" in light_desk.said


def test_a_product_goes_to_the_merchant_it_names(light_desk) -> None:
    with light_desk.database.transaction() as session:
        second = merchants.create(session, name="二店", by="test", now=light_desk.clock.now()).id

    told = "sku,name,price_yuan,stock,merchant\nA1,好,1,1,二店\nA1,好,1,1,\nA2,好,1,1,三店\n"
    assert light_desk.take("products", told) == counted(new=2, rejected=1)
    assert {row.merchant_id for row in light_desk.rows(Product)} == {light_desk.merchant_id, second}
    assert light_desk.said == ["第 4 行 merchant：没有叫“三店”的商家"]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030", "utf-16"])
def test_a_file_is_read_in_whatever_encoding_it_was_saved(light_desk, encoding) -> None:
    (light_desk.folder / "list.csv").write_bytes("sku,name,price_yuan,stock\r\nA1,阿胶糕礼盒,1,1\r\n".encode(encoding))

    assert light_desk.take_file("products", "list.csv") == counted(new=1)
    assert light_desk.rows(Product)[0].name == "阿胶糕礼盒"


def test_a_workbook_is_read_with_its_numbers_and_times(light_desk) -> None:
    book = openpyxl.Workbook()
    book.active.append(ORDER.strip().split(",")[:-2])
    book.active.append(["E1", "paid", 1, TEN, 1, "AJ", "阿胶糕", 2.0, 8900])
    book.active.append([None, None])
    book.active.append([20260102.0, "paid", 1, TEN, 1, "AJ", "阿胶糕", 1, "89.5"])
    book.save(light_desk.folder / "list.xlsx")

    assert light_desk.take_file("orders", "list.xlsx") == counted(new=1, rejected=1)
    assert light_desk.rows(Order)[0].paid_at == dt.datetime(2026, 1, 2, 2, tzinfo=dt.UTC)
    assert light_desk.said == ["第 4 行 unit_fen：“89.5”要是整数"]


def test_cells_that_a_spreadsheet_would_run_are_quoted_and_come_back_as_they_were(light_desk) -> None:
    head = "sku,name,price_yuan,stock\n"
    light_desk.take("products", f"{head}=A1,@name,?,1\n")

    (row,) = light_desk.rejected()
    assert (row["sku"], row["name"]) == ("'=A1", "'@name")
    kept = (light_desk.folder / "list.rejected.csv").read_text("utf-8-sig")
    assert light_desk.take("products", kept.replace("?", "5"), name="again.csv") == counted(new=1)
    assert (light_desk.rows(Product)[0].sku, light_desk.rows(Product)[0].name) == ("=A1", "@name")


def test_a_number_that_a_spreadsheet_shortened_is_not_taken_for_one(light_desk) -> None:
    assert light_desk.take("orders", ORDER + order("2.02601E+17")) == counted(rejected=1)
    assert "order_no" in light_desk.said[0]


@pytest.mark.parametrize("kind", ["products", "orders", "distributors"])
def test_a_dry_run_counts_the_same_and_writes_nothing(desk, kind) -> None:
    told = {
        "products": "sku,name,price_yuan,stock\nA1,好,1,1\nA2,坏,x,1\n",
        "orders": ORDER + order("E1", "unpaid") + order("E1", "paid", 2) + order("E2", fen=-1),
        "distributors": PEOPLE + LI + CHEN + "o3,A3,王静,13800000003,NOBODY,,,\n",
    }[kind]
    before = desk.everything()

    dry = desk.take(kind, told, dry=True)
    assert desk.everything() == before
    assert not (desk.folder / "list.rejected.csv").exists()
    assert desk.take(kind, told) == dry
    assert desk.rejected() != []


def test_a_clean_run_takes_an_old_file_of_rejected_rows_away(light_desk) -> None:
    head = "sku,name,price_yuan,stock\n"
    light_desk.take("products", f"{head}A1,好,x,1\n")
    light_desk.take("products", f"{head}A1,好,1,1\n")

    assert not (light_desk.folder / "list.rejected.csv").exists()


def test_the_command_says_in_one_line_that_rows_were_rejected(shop_command, tmp_path) -> None:
    (tmp_path / "good.csv").write_text(f"{HEAD}A1,好,1,1\n", "utf-8")
    (tmp_path / "bad.csv").write_text(f"{HEAD}A1,好,1,1\nA2,坏,x,1\n", "utf-8")

    assert shop_command("import", "products", "good.csv") == (0, "商品：新增 1，更新 0，已在 0，没有导入 0 行\n", "")
    status, told, complained = shop_command("import", "products", "bad.csv")
    assert status == 1
    assert "第 3 行 price_yuan：" in told
    assert complained == "1 行没有导入，原因逐行列在上面，原样放在 bad.rejected.csv\n"


@pytest.mark.parametrize(
    ("content", "part"),
    [(b"", "sku"), (b"sku,name\n", "price_yuan"), (b"sku,name,price_yuan,stock,pirce\n", "pirce"),
     (b"sku,name,price_yuan,stock\n\xff\xff\xff\n", "UTF-8"), (b'sku,name,price_yuan,stock\n"' + b"x" * 200_000, "2")],
)  # fmt: skip
def test_a_file_that_cannot_be_read_is_one_line(light_desk, content, part) -> None:

    with pytest.raises(Failure, match="nowhere"):
        light_desk.take_file("products", "nowhere.csv")
    (light_desk.folder / "list.csv").write_bytes(content)
    with pytest.raises(Failure, match=part):
        light_desk.take_file("products", "list.csv")
    (light_desk.folder / "list.xlsx").write_bytes(content)
    with pytest.raises(Failure, match="xlsx"):
        light_desk.take_file("products", "list.xlsx")


@pytest.mark.parametrize("words", [("wibble", "x.csv"), ("products", "x.txt"), ("products",), ()])
def test_wrong_usage_is_status_2(words) -> None:
    assert CliRunner().invoke(cli, ["import", *words]).exit_code == 2
