"""Every export leaves an entry in the journal."""

from distribution import audit
from web.console.visit import Visit


def noted(visit: Visit, what: str, rows: int) -> None:
    """Write down who exported how many rows of what."""
    audit.write(
        visit.session,
        actor=visit.seat.name,
        action="list.exported",
        subject=f"list:{what}",
        merchant_id=visit.seat.merchant_id,
        facts={"rows": rows},
        now=visit.now,
    )
