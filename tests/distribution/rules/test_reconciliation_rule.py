"""A bill beside our books, line by line (R46)."""

import pytest

from distribution.rules import reconciliation
from distribution.rules.reconciliation import Difference, Line, NotABill

BILL = """\ufeff业务凭证号,收支类型,收支金额(元)
`W1,`支出,`12.34
W2,收入,1.00
 W3 , 支出 ,"1,000.00"
X4,支出,1.00

资金流水总笔数,收入笔数
3,1
"""


def test_outgoing_transfers_are_read():
    assert reconciliation.read(BILL) == [Line("W1", 1234), Line("W3", 100_000)]


@pytest.mark.parametrize("number", ["业务凭证号", "商户单号", "商户转账单号"])
@pytest.mark.parametrize("amount", ["收支金额(元)", "转账金额(元)"])
def test_columns_may_have_any_of_their_names_in_any_order(number, amount):
    assert reconciliation.read(f"{amount},备注,{number}\n0.10,x,W9\n") == [Line("W9", 10)]


def test_the_first_name_counts_where_several_are_there():
    assert reconciliation.read("商户单号,业务凭证号,收支金额(元)\nW8,W9,1\n") == [Line("W9", 100)]


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("", "账单是空的"),
        ("\ufeff\n\n", "账单是空的"),
        ("业务凭证号,金额\nW1,1\n", "第一行要有“业务凭证号”和“收支金额(元)”两列"),
        ("号,收支金额(元)\nW1,1\n", "第一行要有“业务凭证号”和“收支金额(元)”两列"),
        ("业务凭证号,收支金额(元)\nW1,many\n", "金额“many”不是数字"),
        ("业务凭证号,收支金额(元)\nW1,0.001\n", "金额“0.001”不是整分"),
    ],
)
def test_what_is_no_bill_says_why(text, why):
    with pytest.raises(NotABill) as refused:
        reconciliation.read(text)
    assert str(refused.value) == why


def test_every_difference_is_named():
    ours = {"A": 1, "B": 2, "C": 3, "E": 5, "D": 4}
    bill = [Line("A", 1), Line("B", 9), Line("Z", 7), Line("A", 1), Line("Z", 7)]

    assert reconciliation.compare(ours, bill, may_be_elsewhere=["C"]) == [
        Difference("B", "amount", 2, 9),
        Difference("Z", "extra", None, 7),
        Difference("A", "twice", 1, 1),
        Difference("Z", "twice", None, 7),
        Difference("D", "missing", 4, None),
        Difference("E", "missing", 5, None),
    ]
