"""A second calculator of commissions, written from the rules another way: exact fractions, dictionaries, one loop."""

from fractions import Fraction
from math import floor

LEVELS = ("l1", "l2", "l3")


def bases(config: dict, order: dict, lines: list[dict], back: dict) -> list[int]:
    """The base of every line; ``back`` is {line: (fen, pieces)} of what was refunded."""
    worth = []
    for number, line in enumerate(lines):
        paid = paid_of(config, order, lines, number)
        fen, pieces = back.get(number, (0, 0))
        left, there = max(0, paid - fen), line["qty"] - min(pieces, line["qty"])
        match config["base"]:
            case "list_price":
                share = Fraction(left, paid) if paid else Fraction(0)
                worth.append(floor(line["unit"] * line["qty"] * share))
            case "profit":
                worth.append(max(0, left - line["cost"] * there))
            case _:
                worth.append(left)
    return worth


def paid_of(config: dict, order: dict, lines: list[dict], number: int) -> int:
    """What was really paid for a line."""
    paid = goods(lines[number]) - part(order["coupon"], lines, number) - part(order["points"], lines, number)
    if config["base"] == "paid_with_freight":
        paid += part(order["freight"], lines, number)
    return max(0, paid)


def goods(line: dict) -> int:
    return line["unit"] * line["qty"] - line["off"]


def part(total: int, lines: list[dict], number: int) -> int:
    """A line's part of what is taken off the whole order; the last takes the rest."""
    whole = sum(map(goods, lines))
    parts = [floor(Fraction(total * goods(line), whole)) if whole else 0 for line in lines[:-1]]
    return parts[number] if number < len(parts) else total - sum(parts)


def rate(config: dict, line: dict, level: str, person: dict, band: dict | None) -> tuple[str, int]:
    """("bp", n) or ("fixed", fen) of somebody in a position."""
    rule = line["rule"]
    if rule == "disabled":
        return "bp", 0
    if person["personal"] is not None:
        return "bp", person["personal"].get(level, 0)
    if rule:
        kind, table = rule
        if kind == "fixed":
            return "fixed", table.get(level, 0)
        if kind == "matrix":
            return "bp", table.get(person["level"], {}).get(level, 0)
        return "bp", table.get(level, 0)
    if line["category"] in config["categories"]:
        table = config["categories"][line["category"]]
        return "bp", 0 if table == "disabled" else table.get(level, 0)
    if person["level"] in config["levels"]:
        return "bp", config["levels"][person["level"]].get(level, 0)
    if band is not None:
        return "bp", band.get(level, 0)
    return "bp", config["store"].get(level, 0)


def takes_part(config: dict, line: dict) -> bool:
    if line["rule"]:
        return line["rule"] != "disabled"
    return config["categories"].get(line["category"]) != "disabled"


def band_of(config: dict, whole: int) -> dict | None:
    reached = [(edge, table) for edge, table in config["bands"] if edge <= whole]
    return sorted(reached, key=lambda each: each[0])[-1][1] if reached else None


def rounded(config: dict, value: Fraction) -> int:
    return floor(value + Fraction(1, 2)) if config["rounding"] == "half_up" else floor(value)


def rows(config: dict, order: dict, lines: list[dict], people: list[dict | None], agents: dict, back: dict) -> dict:
    """{(line, kind, who): fen} of everything that is earned; ``agents`` is {scope: [who, …]}."""
    first, now = bases(config, order, lines, {}), bases(config, order, lines, back)
    band = band_of(config, sum(first))
    spent: dict = {}
    found: dict = {}
    for number, line in enumerate(lines):
        pool = floor(Fraction(now[number] * config["line_cap"], 10_000))
        given = 0
        for level, person in zip(LEVELS, people, strict=False):
            if person is None:
                continue
            kind, value = rate(config, line, level, person, band)
            if kind == "fixed":
                share = Fraction(now[number], first[number]) if first[number] else Fraction(0)
                fen = floor(value * line["qty"] * share)
            else:
                given += value
                fen = rounded(config, Fraction(now[number] * value, 10_000))
            if config["order_cap"] is not None:
                fen = min(fen, config["order_cap"] - spent.get(person["id"], 0))
            fen = min(fen, pool)
            pool -= fen
            spent[person["id"]] = spent.get(person["id"], 0) + fen
            found[number, level, person["id"]] = fen
        if not takes_part(config, line):
            continue
        for scope, value in region_rates(config, agents, given):
            whole = rounded(config, Fraction(now[number] * value, 10_000))
            each, odd = divmod(whole, len(agents[scope]))
            for place, who in enumerate(agents[scope]):
                fen = min(pool, each + (odd if place == 0 else 0))
                pool -= fen
                found[number, f"region_{scope}", who] = fen
    return {slot: fen for slot, fen in found.items() if fen}


def region_rates(config: dict, agents: dict, given: int) -> list[tuple[str, int]]:
    """(scope, bp) of the regions that have an agent, the smallest first."""
    below = given if config["stack"] == "nested" else 0
    rates = []
    for scope in ("district", "city", "province"):
        if not agents.get(scope):
            continue
        own = config["region"][scope]
        rates.append((scope, max(0, own - below)))
        if config["mode"] == "nearest":
            return rates
        if config["mode"] == "differential":
            below = max(below, own)
    return rates
