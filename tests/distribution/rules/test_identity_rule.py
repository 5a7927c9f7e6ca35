"""What a name and a number look like, and what only looks like one (R5)."""

import pytest

from distribution.rules import identity, masking


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("13800138000", "13800138000"),
        ("138 0013 8000", "13800138000"),
        ("138-0013-8000", "13800138000"),
        ("１３８００１３８０００", "13800138000"),
        ("+8613800138000", "13800138000"),
        ("8613800138000", "13800138000"),
        ("我的手机13800138000谢谢", "13800138000"),
        ("13800138000，13800138000", "13800138000"),
        ("13800138000，13900139000", None),
        ("19900000000", "19900000000"),
        ("12800138000", None),
        ("1380013800", None),
        ("138001380001", None),
        ("23800138000", None),
        ("没有", None),
    ],
)
def test_one_number_is_a_number(text, number):
    assert identity.parse_phone(text) == number


def test_digits_tell_how_many_are_missing():
    assert identity.digits_in("1３8-a") == "138"


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("李娜", "李娜"),
        ("我叫李娜。", "李娜"),
        ("我的名字是李娜", "李娜"),
        ("姓名：李娜", "李娜"),
        ("真实姓名为 李娜", "李娜"),
        ("李娜,，。", "李娜"),
        ("李娜 .,", "李娜"),
        ("李娜。\n。", "李娜"),
        ("欧阳娜娜", "欧阳娜娜"),
        ("李小娜娜娜", None),
        ("阿依古丽·买买提", "阿依古丽·买买提"),
        ("阿卜杜拉阿卜杜拉·买买提买买提买", "阿卜杜拉阿卜杜拉·买买提买买提买"),
        ("阿卜杜拉阿卜杜拉·买买提买买提买买", None),
        ("李", None),
        ("李·", None),
        ("Li Na", "Li Na"),
        ("Jean-Luc O'Neil Jr.", "Jean-Luc O'Neil Jr"),
        ("L", None),
        ("小仙女", None),
        ("老板", None),
        ("怎么提现", None),
        ("不要", None),
        ("李娜!", "李娜"),
        ("李娜1", None),
        ("", None),
    ],
)
def test_a_real_name_is_told_from_a_nickname_and_a_sentence(text, name):
    assert identity.parse_name(text) == name


@pytest.mark.parametrize(
    ("text", "both"),
    [
        ("李娜 13800138000", ("李娜", "13800138000")),
        ("13800138000李娜", ("李娜", "13800138000")),
        ("李娜，手机号是138 0013 8000", ("李娜", "13800138000")),
        ("电话：+86 13800138000；李娜", ("李娜", "13800138000")),
        ("怎么 李娜 13800138000", ("李娜", "13800138000")),
        ("13800138000", (None, "13800138000")),
        ("我叫李娜", ("李娜", None)),
        ("怎么", (None, None)),
        ("138 0013 8000李娜", ("李娜", "13800138000")),
        ("电话13800138000，李娜", ("李娜", "13800138000")),
        ("１３８００１３８０００/李娜", ("李娜", "13800138000")),
    ],
)
def test_name_and_number_come_in_either_order(text, both):
    assert identity.split_name_and_phone(text) == both


def test_what_is_shown_of_a_person():
    assert [masking.phone(number) for number in ("13800138000", "12345678", "1234567")] == [
        "138****8000", "123****5678", "****",
    ]  # fmt: skip
    assert [masking.name(name) for name in ("李娜", "")] == ["李*", "*"]
    assert [masking.middle(name) for name in ("陈晓燕", "李娜", "欧阳娜娜", "")] == ["陈*燕", "李*", "欧*娜", "*"]
    assert [masking.openid(value) for value in ("o123456", "o12345", "")] == ["o12345…", "…", "…"]
