"""The rules of the second calculator as the product reads them."""

from distribution import policy
from distribution.policy import Policy


def terms_of(config: dict) -> dict:
    """A policy's document."""
    categories = {
        name: {"disabled": True} if table == "disabled" else table for name, table in config["categories"].items()
    }
    return {
        "jurisdiction": "SG", "depth": config["depth"], "rounding": config["rounding"], "base": config["base"],
        "store_rate_bp": {"l1": 0, "l2": 0, "l3": 0} | config["store"], "level_rate_bp": config["levels"],
        "category_rate_bp": categories, "line_cap_bp": config["line_cap"], "order_cap_fen": config["order_cap"],
        "amount_bands": [{"from_fen": edge, **table} for edge, table in config["bands"]],
        "region": {"mode": config["mode"], "stack": config["stack"], "rates_bp": config["region"]},
        "self_purchase": config.get("self_purchase", "upline"),
    }  # fmt: skip


def policy_of(config: dict) -> Policy:
    """The policy itself."""
    return policy.read(terms_of(config))


def rule_of(told: object) -> dict | None:
    """A product's own rule."""
    if told is None or told == "disabled":
        return told and {"disabled": True}
    kind, table = told
    return {{"own": "rate_bp", "fixed": "fixed_fen", "matrix": "level_rate_bp"}[kind]: table}
