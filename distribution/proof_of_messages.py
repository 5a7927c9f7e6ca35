"""What must hold of messages and of what goes out: one effect a key, an end that is written down, one copy a person."""

OF_MESSAGES: dict[str, str] = {
    "no key of a message, an answer, a notice or an outgoing thing is taken twice": (
        "select 'inbox' as taken, key from inbox group by key having count(*) > 1"
        " union all select 'pay_notice', event_id from pay_notice group by event_id having count(*) > 1"
        " union all select 'outbox', once from outbox group by once having count(*) > 1"
        " union all select 'api_answer', min(webhook_id) from api_answer group by merchant_id, webhook_id"
        " having count(*) > 1"
    ),
    "what goes out has ended when the row says so": (
        "select id, kind, state, done_at from outbox where (state in ('done','given_up')) <> (done_at is not null)"
        " or (state = 'given_up' and result is null)"
    ),
    "only who is at work holds a lease": (
        "select id, kind, state from outbox where state = 'claimed' and (lease_until is null or claimed_by is null)"
    ),
    "a campaign that is over waits for nobody": (
        "select c.id, r.distributor_id, r.state from campaign c join recipient r on r.campaign_id = c.id"
        " where (c.state = 'done' and r.state in ('waiting','queued')) or (c.state = 'stopped' and r.state = 'waiting')"
    ),
    "whoever was reached or passed over has a moment": (
        "select id, state from recipient where state in ('sent','skipped','failed','unknown') and at is null"
    ),
    "every journal transaction names its cause and its actor": (
        "select id, reference from journal where cause = '' or actor = ''"
    ),
}
