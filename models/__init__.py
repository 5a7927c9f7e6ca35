"""Tables as plain records: columns, constraints, indexes; no behaviour."""

from models.campaigns import Campaign, MassJob, Material, Recipient
from models.commissions import Commission
from models.compliance import ComplianceAlarm, Review, WordingRelease
from models.conversations import DecisionCard, OperatorBinding, Ticket, TicketNote
from models.evidence import Fingerprint, Touched
from models.inbox import InboxMessage
from models.incentives import (
    Badge,
    Bonus,
    Contest,
    ContestPlace,
    LevelWarning,
    PointEntry,
    Task,
    TaskResult,
)
from models.ledger import Account, Journal, Posting, Seal
from models.members import (
    Binding,
    BindingEvent,
    CustomerInvitation,
    Dispute,
    Distributor,
    DistributorEvent,
    DistributorTag,
    Level,
    Member,
    RealName,
    RegistrationDraft,
    Tag,
    TeamPath,
)
from models.orders import ApiAnswer, ApiSecret, Merchant, Order, OrderLine, PolicyDraft, PolicyVersion, Product, Refund
from models.outbox import Heartbeat, OutboxRow
from models.partners import Agreement, Dealer, DealerCultivation, DealerDeposit, DealerOrder, RegionAgent
from models.posters import Picture, Poster, PosterBatch, PosterChoice, PosterTemplate, Scene, Visit
from models.settlement import BillCheck, BillDifference, DebtWriteOff, PayoutStop, SettlementBatch, SettlementHold
from models.staff import AuditEntry, ConsoleSession, Operator
from models.tallies import DistributorDay, DistributorSpan, SalesChange
from models.teaching import FaqAnswer, Keyword, Nickname, UnknownSentence, VocabularyVersion
from models.wishes import ArrivalWish, SumReminder
from models.withdrawals import PaymentAlarm, PayNotice, Withdrawal

__all__ = [
    "Account",
    "Agreement",
    "ApiAnswer",
    "ApiSecret",
    "ArrivalWish",
    "AuditEntry",
    "Badge",
    "BillCheck",
    "BillDifference",
    "Binding",
    "BindingEvent",
    "Bonus",
    "Campaign",
    "Commission",
    "ComplianceAlarm",
    "ConsoleSession",
    "Contest",
    "ContestPlace",
    "CustomerInvitation",
    "Dealer",
    "DealerCultivation",
    "DealerDeposit",
    "DealerOrder",
    "DebtWriteOff",
    "DecisionCard",
    "Dispute",
    "Distributor",
    "DistributorDay",
    "DistributorEvent",
    "DistributorSpan",
    "DistributorTag",
    "FaqAnswer",
    "Fingerprint",
    "Heartbeat",
    "InboxMessage",
    "Journal",
    "Keyword",
    "Level",
    "LevelWarning",
    "MassJob",
    "Material",
    "Member",
    "Merchant",
    "Nickname",
    "Operator",
    "OperatorBinding",
    "Order",
    "OrderLine",
    "OutboxRow",
    "PayNotice",
    "PaymentAlarm",
    "PayoutStop",
    "Picture",
    "PointEntry",
    "PolicyDraft",
    "PolicyVersion",
    "Poster",
    "PosterBatch",
    "PosterChoice",
    "PosterTemplate",
    "Posting",
    "Product",
    "RealName",
    "Recipient",
    "Refund",
    "RegionAgent",
    "RegistrationDraft",
    "Review",
    "SalesChange",
    "Scene",
    "Seal",
    "SettlementBatch",
    "SettlementHold",
    "SumReminder",
    "Tag",
    "Task",
    "TaskResult",
    "TeamPath",
    "Ticket",
    "TicketNote",
    "Touched",
    "UnknownSentence",
    "Visit",
    "VocabularyVersion",
    "Withdrawal",
    "WordingRelease",
]
