"""What must hold of bonuses: rows, postings and their reasons tell the same story."""

OF_INCENTIVES: dict[str, str] = {
    "every bonus was paid once from its merchant's cost": (
        "select b.id, b.reference from bonus b left join journal j on j.reference = b.reference"
        " left join posting p on p.journal_id = j.id"
        " left join account s on s.id = p.source_id left join account d on d.id = p.destination_id"
        " group by b.id, b.reference, b.fen, b.merchant_id, b.distributor_id, b.at"
        " having coalesce(sum(case when s.name = 'merchant:' || b.merchant_id || ':bonus'"
        " and d.name = 'distributor:' || b.distributor_id || ':available' then p.fen end), 0) <> b.fen"
        " or coalesce(sum(p.fen), 0) <> b.fen or min(j.at) is null or min(j.at) <> b.at"
    ),
    "every posting of a bonus has its row": (
        "select j.reference from journal j where j.reference like 'bonus:%' and j.reference not like '%:netting'"
        " and not exists (select 1 from bonus b where b.reference = j.reference)"
    ),
    "what bonuses cost is what was given": (
        "select a.name, a.balance_fen from account a where a.name like 'merchant:%:bonus'"
        " and a.balance_fen + coalesce((select sum(b.fen) from bonus b"
        " where 'merchant:' || b.merchant_id || ':bonus' = a.name), 0) <> 0"
    ),
}
