"""What must hold of bonuses, tasks, prizes and points: rows, postings and reasons tell the same story."""

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
    "every task bonus is of its result": (
        "select b.reference, b.fen from bonus b where b.kind = 'task' and not exists (select 1 from task_result r"
        " where b.reference = 'bonus:task:' || r.task_id || ':' || r.distributor_id || ':' || r.about_id"
        " and r.bonus_fen = b.fen and r.distributor_id = b.distributor_id"
        " and r.net_fen = cast(b.why ->> 'net_fen' as bigint))"
        " union all select 'task_result ' || r.id, r.bonus_fen from task_result r where r.bonus_fen > 0"
        " and not exists (select 1 from bonus b where b.reference"
        " = 'bonus:task:' || r.task_id || ':' || r.distributor_id || ':' || r.about_id)"
    ),
    "every prize is of its place": (
        "select b.reference, b.fen from bonus b where b.kind = 'prize' and not exists (select 1 from contest_place p"
        " where b.reference = 'bonus:contest:' || p.contest_id || ':' || p.distributor_id"
        " and p.prize_fen = b.fen and p.place = cast(b.why ->> 'place' as bigint))"
        " union all select 'contest_place ' || p.contest_id || ' ' || p.place, p.prize_fen from contest_place p"
        " where p.prize_fen > 0 and not exists (select 1 from bonus b where b.reference"
        " = 'bonus:contest:' || p.contest_id || ':' || p.distributor_id)"
    ),
    "a better place has no smaller net sales": (
        "select p.contest_id, p.place from contest_place p join contest_place q on q.contest_id = p.contest_id"
        " and q.place = p.place + 1 where q.net_fen > p.net_fen or (q.net_fen = p.net_fen and q.reached_at"
        " < p.reached_at)"
    ),
    "every balance of points is the sum so far": (
        "select id, distributor_id, balance from (select id, distributor_id, balance, sum(points) over"
        " (partition by distributor_id order by id) as added from point_entry) s where balance <> added"
    ),
}
