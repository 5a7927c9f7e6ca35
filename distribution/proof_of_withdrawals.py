"""What must hold of withdrawals: their rows, their postings and their approvals tell the same story."""


def _journal(what: str) -> str:
    return f"select 1 from journal j where j.reference = 'withdrawal:' || w.no || ':{what}'"


def _differs(what: str, state: str, moves: str, moment: str) -> str:
    """Withdrawals whose journal ``what`` is missing, at another moment, or other than ``moves`` (source>to=fen)."""
    legs = [leg.replace("=", ">").split(">") for leg in moves.split(" ")]
    sums = " or ".join(
        f"coalesce(sum(case when s.name = {_name(source)} and d.name = {_name(to)} then p.fen end), 0) <> w.{fen}"
        for source, to, fen in legs
    )
    total = " + ".join(f"w.{fen}" for _, _, fen in legs)
    return (
        "select w.no, w.fen from withdrawal w"
        f" left join journal j on j.reference = 'withdrawal:' || w.no || ':{what}'"
        " left join posting p on p.journal_id = j.id"
        " left join account s on s.id = p.source_id left join account d on d.id = p.destination_id"
        f" where {state} group by w.id, w.no, w.fen, w.net_fen, w.fee_fen, w.tax_fen, w.distributor_id, w.channel,"
        f" w.{moment}"
        f" having {sums} or coalesce(sum(p.fen), 0) <> {total} or min(j.at) is null or min(j.at) <> w.{moment}"
    )


#: The account that a withdrawal's money leaves the books through.
_LEAVES = """
    case w.channel when 'wechat' then 'bank:wechatpay' when 'bank' then 'bank:transfer' else 'shop:balance' end
""".strip()
#: The accounts that paid withdrawals fill, and what each of them should hold.
_PAID = """
    select 'bank:wechatpay' as name, coalesce(sum(case when channel = 'wechat' then net_fen end), 0) as fen
      from withdrawal where state = 'paid'
    union all select 'bank:transfer', coalesce(sum(case when channel = 'bank' then net_fen end), 0)
      from withdrawal where state = 'paid'
    union all select 'shop:balance', coalesce(sum(case when channel = 'balance' then net_fen end), 0)
      from withdrawal where state = 'paid'
    union all select 'fees:withdrawal', coalesce(sum(fee_fen), 0) from withdrawal where state = 'paid'
    union all select 'tax:withheld', coalesce(sum(tax_fen), 0) from withdrawal where state = 'paid'
"""


def _approved_by(action: str, actor: str) -> str:
    return (
        "select 1 from audit a where a.subject = 'withdrawal:' || w.no"
        f" and a.action = 'withdrawal.{action}' and a.actor = w.{actor}"
    )


def _name(account: str) -> str:
    if account == "@leaves":
        return _LEAVES
    return f"'{account}'" if ":" in account else f"'distributor:' || w.distributor_id || ':{account}'"


OF_WITHDRAWALS: dict[str, str] = {
    "a withdrawal is paid or returned, never both": (
        f"select w.no from withdrawal w where exists ({_journal('paid')}) and exists ({_journal('returned')})"
    ),
    "an open withdrawal is neither paid nor returned": (
        "select w.no from withdrawal w where w.state in ('requested','approved','paying')"
        f" and (exists ({_journal('paid')}) or exists ({_journal('returned')}))"
    ),
    "every withdrawal was reserved": _differs(
        "requested", "w.state is not null", "available>withdrawing=fen", "requested_at"
    ),
    "every reservation is of a withdrawal": (
        "select j.reference from journal j where j.reference like 'withdrawal:%:requested' and not exists (select 1"
        " from withdrawal w where w.no = substr(j.reference, 12, length(j.reference) - 21))"
    ),
    "every paid withdrawal left through the bank": _differs(
        "paid",
        "w.state = 'paid'",
        "withdrawing>@leaves=net_fen withdrawing>fees:withdrawal=fee_fen withdrawing>tax:withheld=tax_fen",
        "ended_at",
    ),
    "every returned withdrawal went back to its purse": _differs(
        "returned", "w.state = 'released'", "withdrawing>available=fen", "ended_at"
    ),
    "no two withdrawals have one number": "select no, count(*) as n from withdrawal group by no having count(*) > 1",
    "a withdrawal has ended when it is paid or returned": (
        "select no, state from withdrawal where (state in ('paid','released')) <> (ended_at is not null)"
    ),
    "every withdrawal agrees with its transfer": (
        "select no, state, transfer_state from withdrawal where"
        " (state in ('requested','approved') and transfer_state is not null)"
        " or (state = 'paying' and (transfer_state is null or transfer_state in ('SUCCESS','FAIL','CANCELLED')))"
        " or (state = 'paid' and (transfer_state is null or transfer_state <> 'SUCCESS'))"
        " or (state = 'released' and transfer_state is not null and transfer_state not in ('FAIL','CANCELLED'))"
    ),
    "nothing is sent without an approval": (
        "select w.no, w.state, w.decided_by from withdrawal w where w.state in ('approved','paying','paid')"
        f" and not exists ({_approved_by('approved', 'decided_by')})"
    ),
    "large sums were agreed by two": (
        "select w.no, w.first_by, w.decided_by from withdrawal w where w.needs_second"
        " and w.state in ('approved','paying','paid') and (w.first_by is null or w.first_by = w.decided_by"
        f" or not exists ({_approved_by('first_approved', 'first_by')}))"
    ),
    "what the bank paid equals the paid withdrawals": (
        f"select s.name, s.fen, coalesce(a.balance_fen, 0) as balance_fen from ({_PAID}) s"
        " left join account a on a.name = s.name where s.fen <> coalesce(a.balance_fen, 0)"
    ),
    "every debt given up is in the books": (
        "select o.id, o.fen from debt_write_off o"
        " left join journal j on j.reference = 'debt:' || o.id || ':written_off'"
        " left join posting p on p.journal_id = j.id left join account s on s.id = p.source_id"
        " left join account d on d.id = p.destination_id group by o.id, o.fen, o.state, o.merchant_id,"
        " o.distributor_id having coalesce(sum(case when s.name = 'merchant:' || o.merchant_id || ':written_off'"
        " and d.name = 'distributor:' || o.distributor_id || ':owed' then p.fen end), 0)"
        " <> case when o.state = 'done' then o.fen else 0 end"
    ),
    "large debts were given up by two": (
        "select id, asked_by, decided_by from debt_write_off where state = 'done' and needs_second"
        " and asked_by = decided_by"
    ),
    "nothing is settled past what a merchant confirmed": (
        "select id, merchant_id, due_until from settlement_batch where due_until > confirmed_at"
    ),
    "a withdrawal goes to whoever asked for it": (
        "select w.no, w.distributor_id from withdrawal w join distributor d on d.id = w.distributor_id"
        # An account that was found again belonged to another WeChat before: the trail says to which, and until when.
        " join member m on m.id = d.member_id where w.openid <> coalesce(("
        "select h.openid from audit a join member h on h.id = cast(a.facts ->> 'before' as bigint)"
        " where a.subject = 'distributor:' || d.id and a.action = 'distributor.wechat' and a.at > w.requested_at"
        " order by a.id limit 1), m.openid)"
    ),
}
