"""What is given beside commissions: bonuses, tasks, prizes, points, badges; and the sums that rankings read."""

import datetime as dt

from sqlalchemy import CheckConstraint, Index, UniqueConstraint
from sqlmodel import Field, SQLModel

from models.columns import amount, instant, key, link, structured


class Bonus(SQLModel, table=True):
    """Money a merchant gives a distributor beside commissions; its reference can never be used twice."""

    __tablename__ = "bonus"
    __table_args__ = (
        CheckConstraint("fen > 0", name="bonus_fen"),
        CheckConstraint("kind in ('task','prize','manual')", name="bonus_kind"),
        Index("bonus_distributor", "distributor_id", "at"),
    )

    id: int = key()
    merchant_id: int = link("merchant.id", index=True)
    distributor_id: int = link("distributor.id")
    kind: str
    fen: int = amount()
    #: ``bonus:…``, the reference of its journal transaction.
    reference: str = Field(unique=True)
    why: dict[str, object] = structured()
    by: str
    at: dt.datetime = instant()


class LevelWarning(SQLModel, table=True):
    """A level that was not kept in a quarter: told to the person, and lost at ``due_at`` unless made good."""

    __tablename__ = "level_warning"
    __table_args__ = (
        UniqueConstraint("distributor_id", "level_id", "quarter_on"),
        CheckConstraint("outcome in ('kept','lost','moved')", name="level_warning_outcome"),
        Index("level_warning_due", "ended_at", "due_at"),
    )

    id: int = key()
    distributor_id: int = link("distributor.id")
    level_id: int = link("level.id")
    #: The first day of the quarter that was looked at.
    quarter_on: dt.date
    warned_at: dt.datetime = instant()
    due_at: dt.datetime = instant()
    ended_at: dt.datetime | None = instant(default=None)
    outcome: str | None = None


class Task(SQLModel, table=True):
    """A goal of net sales in ``[from_at, until_at)`` with bonuses ([{reach_fen, bonus_fen}]) for an audience (R52).

    Kind ``sales``: one's own sales; ``invited``: the sales of each person one invited in that time (R4).
    """

    __tablename__ = "task"
    __table_args__ = (
        CheckConstraint("kind in ('sales','invited')", name="task_kind"),
        CheckConstraint("mode in ('highest','cumulative')", name="task_mode"),
        CheckConstraint("state in ('open','done','stopped')", name="task_state"),
        CheckConstraint("until_at > from_at", name="task_period"),
        Index("task_state_until", "state", "until_at"),
    )

    id: int = key()
    merchant_id: int = link("merchant.id", index=True)
    name: str
    kind: str
    mode: str
    tiers: list[dict[str, int]] = structured()
    audience: dict[str, object] = structured()
    from_at: dt.datetime = instant()
    until_at: dt.datetime = instant()
    state: str
    created_by: str
    created_at: dt.datetime = instant()
    ended_at: dt.datetime | None = instant(default=None)


class TaskResult(SQLModel, table=True):
    """What a task came to for one person, by the sales of ``about_id`` (himself, or whom he invited); final."""

    __tablename__ = "task_result"
    __table_args__ = (
        UniqueConstraint("task_id", "distributor_id", "about_id"),
        CheckConstraint("bonus_fen >= 0", name="task_result_bonus"),
        Index("task_result_distributor", "distributor_id"),
    )

    id: int = key()
    task_id: int = link("task.id")
    distributor_id: int = link("distributor.id")
    about_id: int = link("distributor.id")
    net_fen: int = amount()
    bonus_fen: int = amount()
    at: dt.datetime = instant()


class PointEntry(SQLModel, table=True):
    """Points given or used up, with the balance after it; never money, never changed."""

    __tablename__ = "point_entry"
    __table_args__ = (
        UniqueConstraint("distributor_id", "cause"),
        CheckConstraint("points <> 0", name="point_entry_points"),
        CheckConstraint("balance >= 0", name="point_entry_balance"),
        Index("point_entry_expires", "expires_at"),
    )

    id: int = key()
    distributor_id: int = link("distributor.id")
    #: ``check_in:2026-11-24``, ``poster:2026-11-24``, ``expiry:2026-11-24`` …: each once a person.
    cause: str
    points: int
    balance: int
    expires_at: dt.datetime | None = instant(default=None)
    at: dt.datetime = instant()


class Badge(SQLModel, table=True):
    """An honour somebody has earned; it stays."""

    __tablename__ = "badge"

    distributor_id: int = link("distributor.id", primary_key=True)
    name: str = Field(primary_key=True)
    at: dt.datetime = instant()


class Contest(SQLModel, table=True):
    """Prizes for the best net sales of ``[from_at, until_at)`` (R53)."""

    __tablename__ = "contest"
    __table_args__ = (
        CheckConstraint("state in ('open','done','stopped')", name="contest_state"),
        CheckConstraint("until_at > from_at", name="contest_period"),
        Index("contest_state_until", "state", "until_at"),
    )

    id: int = key()
    merchant_id: int = link("merchant.id", index=True)
    name: str
    prizes_fen: list[int] = structured()
    from_at: dt.datetime = instant()
    until_at: dt.datetime = instant()
    state: str
    created_by: str
    created_at: dt.datetime = instant()
    ended_at: dt.datetime | None = instant(default=None)


class ContestPlace(SQLModel, table=True):
    """Who came where in a contest, and the prize; final."""

    __tablename__ = "contest_place"
    __table_args__ = (
        UniqueConstraint("contest_id", "place"),
        CheckConstraint("net_fen > 0 and prize_fen >= 0 and place > 0", name="contest_place_sane"),
        Index("contest_place_distributor", "distributor_id"),
    )

    contest_id: int = link("contest.id", primary_key=True)
    distributor_id: int = link("distributor.id", primary_key=True)
    place: int
    net_fen: int = amount()
    reached_at: dt.datetime = instant()
    prize_fen: int = amount()
