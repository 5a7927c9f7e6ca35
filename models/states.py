"""Every state a row can be in."""

from enum import StrEnum


class DistributorState(StrEnum):
    """Where somebody stands who wants to earn."""

    PENDING = "pending"
    ACTIVE = "active"
    REJECTED = "rejected"
    FROZEN = "frozen"
    TERMINATED = "terminated"


class OrderState(StrEnum):
    """An order as the mall last reported it."""

    UNPAID = "unpaid"
    PAID = "paid"
    SHIPPED = "shipped"
    RECEIVED = "received"
    CLOSED = "closed"


class RefundState(StrEnum):
    """A case of the mall about goods or money that go back."""

    OPENED = "opened"
    CLOSED = "closed"
    REFUNDED = "refunded"


class CommissionState(StrEnum):
    """Whether an amount is earned, may be withdrawn, or has ended."""

    PENDING = "pending"
    AVAILABLE = "available"
    VOID = "void"


class WithdrawalState(StrEnum):
    """How far a withdrawal has come; the last two are final."""

    REQUESTED = "requested"
    APPROVED = "approved"
    PAYING = "paying"
    PAID = "paid"
    RELEASED = "released"


class CampaignState(StrEnum):
    """How far a sending has come; the last two are final."""

    DRAFT = "draft"
    APPROVED = "approved"
    SENDING = "sending"
    DONE = "done"
    STOPPED = "stopped"


class RecipientState(StrEnum):
    """What became of one person's copy."""

    WAITING = "waiting"
    QUEUED = "queued"
    SENT = "sent"
    SKIPPED = "skipped"
    FAILED = "failed"
    UNKNOWN = "unknown"


class InboxState(StrEnum):
    """What became of a message that may change something."""

    DONE = "done"
    QUARANTINED = "quarantined"


class OutboxState(StrEnum):
    """What became of something to be done outside."""

    WAITING = "waiting"
    CLAIMED = "claimed"
    DONE = "done"
    GIVEN_UP = "given_up"


class Role(StrEnum):
    """What an operator may do."""

    OWNER = "owner"
    FINANCE = "finance"
    OPERATIONS = "operations"
    SERVICE = "service"
