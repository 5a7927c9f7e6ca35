"""Withdrawals: money on its way from a purse to a WeChat wallet."""

import datetime as dt

from sqlalchemy import CheckConstraint, Index, text
from sqlmodel import Field, SQLModel

from models.columns import amount, instant, key, link

_TO_AN_ACCOUNT = text("payee_account is not null")


class Withdrawal(SQLModel, table=True):
    """A request to be paid; ``no`` is also the transfer's out_bill_no and never changes (R41)."""

    __tablename__ = "withdrawal"
    __table_args__ = (
        CheckConstraint("fen > 0 and net_fen > 0 and fen = net_fen + fee_fen + tax_fen", name="withdrawal_adds_up"),
        CheckConstraint("state in ('requested','approved','paying','paid','released')", name="withdrawal_state"),
        CheckConstraint("channel in ('wechat','bank','balance')", name="withdrawal_channel"),
        Index("withdrawal_state_id", "state", "id"),
        Index("withdrawal_distributor", "distributor_id", "id"),
        Index("withdrawal_payee", "payee_account", sqlite_where=_TO_AN_ACCOUNT, postgresql_where=_TO_AN_ACCOUNT),
    )

    id: int = key()
    no: str = Field(unique=True)
    distributor_id: int = link("distributor.id")
    request_key: str = Field(unique=True)
    fen: int = amount()
    fee_fen: int = amount(default=0)
    tax_fen: int = amount(default=0)
    net_fen: int = amount()
    state: str
    #: How it is paid: a WeChat transfer by us, a bank transfer or a top-up of the shop balance by the merchant's hand.
    channel: str = "wechat"
    #: The payee, frozen at the request.
    openid: str
    payee_name: str
    payee_account: str | None = None
    version: int = 1
    requested_at: dt.datetime = instant()
    decided_at: dt.datetime | None = instant(default=None)
    decided_by: str | None = None
    #: Above the limit of its moment a second operator must agree with the first.
    needs_second: bool = False
    first_by: str | None = None
    first_at: dt.datetime | None = instant(default=None)
    reason: str | None = None
    #: The transfer as WeChat Pay last told: its state, number, the package the confirm page needs, the deadline.
    transfer_state: str | None = None
    transfer_bill_no: str | None = None
    package: str | None = None
    confirm_by: dt.datetime | None = instant(default=None)
    next_query_at: dt.datetime | None = instant(default=None, index=True)
    ended_at: dt.datetime | None = instant(default=None)


class PayNotice(SQLModel, table=True):
    """A notice of WeChat Pay that was verified and dealt with; its id is taken once."""

    __tablename__ = "pay_notice"

    id: int = key()
    event_id: str = Field(unique=True)
    withdrawal_no: str
    state: str
    at: dt.datetime = instant()


class PaymentAlarm(SQLModel, table=True):
    """Something about a payout that a person must look at; payouts of that withdrawal stand still."""

    __tablename__ = "payment_alarm"

    id: int = key()
    withdrawal_no: str = Field(index=True)
    what: str
    at: dt.datetime = instant()
    cleared_at: dt.datetime | None = instant(default=None)
