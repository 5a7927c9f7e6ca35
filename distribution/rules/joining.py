"""Who may join where joining asks for purchases first (R1): completed ones, less what was refunded."""

from dataclasses import dataclass

from distribution.policy_parts import JoinTerms
from distribution.refusals import Code, Refusal


@dataclass(frozen=True, slots=True)
class Bought:
    """What somebody bought and kept: fen, orders with anything left, and the skus of it."""

    spend_fen: int = 0
    orders: int = 0
    skus: frozenset[str] = frozenset()


def check(terms: JoinTerms, bought: Bought) -> None:
    """Refusal condition_not_met, with what is asked for and what is there; no condition at all is never met."""
    asked = _asked(terms, bought)
    met = bool(asked) and (all(asked) if terms.match == "all" else any(asked))
    if not met:
        raise Refusal(
            Code.CONDITION_NOT_MET,
            match=terms.match,
            spend_fen=terms.spend_fen,
            orders=terms.orders,
            skus=terms.skus,
            spent_fen=bought.spend_fen,
            ordered=bought.orders,
        )


def _asked(terms: JoinTerms, bought: Bought) -> list[bool]:
    asked = [sku in bought.skus for sku in terms.skus]
    if terms.spend_fen is not None:
        asked.append(bought.spend_fen >= terms.spend_fen)
    if terms.orders is not None:
        asked.append(bought.orders >= terms.orders)
    return asked
