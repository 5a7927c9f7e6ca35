"""The tables an inspection asks for say what the rows say, without anybody's full name."""

from distribution import evidence


def test_the_tables_tell_the_tree_the_money_and_the_consent(shop):
    alice = shop.distributor("爱丽丝")
    bob = shop.distributor("鲍勃", invited_by=alice.code)
    shop.order("E1", "received", distributor_code=bob.code)
    shop.refund("R1", "E1", 5_000)

    sheets = {each.name: each for each in shop.ask(lambda s: list(evidence.sheets(s)))}

    assert sheets["trees"].rows == [(alice.code, "爱*", "2", "2")]
    assert [row[1:] for row in sheets["commissions"].rows] == [("l1", "500", "66.66%"), ("l2", "250", "33.33%")]
    assert sheets["consents"].rows[0][:4] == (alice.code, "爱*", "active", "1")
    assert [row[0] for row in sheets["refunds"].rows] == ["R1"]
    assert {row[1] for row in sheets["proof"].rows} == {"相符"}
    assert all(len(row) == len(each.header) for each in sheets.values() for row in each.rows)
