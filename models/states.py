"""Every state a row can be in."""

from enum import StrEnum


class DistributorState(StrEnum):
    PENDING = "pending"
    ACTIVE = "active"
    REJECTED = "rejected"
    FROZEN = "frozen"
    TERMINATED = "terminated"


class OrderState(StrEnum):
    UNPAID = "unpaid"
    PAID = "paid"
    SHIPPED = "shipped"
    RECEIVED = "received"
    CLOSED = "closed"


class RefundState(StrEnum):
    OPENED = "opened"
    CLOSED = "closed"
    REFUNDED = "refunded"


class CommissionState(StrEnum):
    PENDING = "pending"
    AVAILABLE = "available"
    VOID = "void"


class WithdrawalState(StrEnum):
    REQUESTED = "requested"
    APPROVED = "approved"
    PAYING = "paying"
    PAID = "paid"
    RELEASED = "released"


class CampaignState(StrEnum):
    DRAFT = "draft"
    APPROVED = "approved"
    SENDING = "sending"
    DONE = "done"
    STOPPED = "stopped"


class RecipientState(StrEnum):
    WAITING = "waiting"
    QUEUED = "queued"
    SENT = "sent"
    SKIPPED = "skipped"
    FAILED = "failed"
    UNKNOWN = "unknown"


class InboxState(StrEnum):
    DONE = "done"
    QUARANTINED = "quarantined"


class OutboxState(StrEnum):
    WAITING = "waiting"
    CLAIMED = "claimed"
    DONE = "done"
    GIVEN_UP = "given_up"


class Role(StrEnum):
    OWNER = "owner"
    FINANCE = "finance"
    OPERATIONS = "operations"
    SERVICE = "service"
