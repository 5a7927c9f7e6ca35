"""Tables as plain records: columns, constraints, indexes; no behaviour."""

from models.campaigns import Campaign, MassJob, Material, Recipient
from models.commissions import Commission
from models.inbox import InboxMessage
from models.incentives import Bonus
from models.ledger import Account, Journal, Posting
from models.members import (
    Binding,
    BindingEvent,
    Distributor,
    DistributorTag,
    Level,
    Member,
    RegistrationDraft,
    Tag,
    TeamPath,
)
from models.orders import ApiAnswer, ApiSecret, Merchant, Order, OrderLine, PolicyVersion, Product, Refund
from models.outbox import Heartbeat, OutboxRow
from models.posters import Picture, Poster, Scene, Visit
from models.staff import AuditEntry, ConsoleSession, Operator
from models.withdrawals import PaymentAlarm, PayNotice, Withdrawal

__all__ = [
    "Account",
    "ApiAnswer",
    "ApiSecret",
    "AuditEntry",
    "Binding",
    "BindingEvent",
    "Bonus",
    "Campaign",
    "Commission",
    "ConsoleSession",
    "Distributor",
    "DistributorTag",
    "Heartbeat",
    "InboxMessage",
    "Journal",
    "Level",
    "MassJob",
    "Material",
    "Member",
    "Merchant",
    "Operator",
    "Order",
    "OrderLine",
    "OutboxRow",
    "PayNotice",
    "PaymentAlarm",
    "Picture",
    "PolicyVersion",
    "Poster",
    "Posting",
    "Product",
    "Recipient",
    "Refund",
    "RegistrationDraft",
    "Scene",
    "Tag",
    "TeamPath",
    "Visit",
    "Withdrawal",
]
