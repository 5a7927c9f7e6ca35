"""Codes of regions as GB/T 2260 writes them: six digits, two each for province, city and district (R60)."""

#: The first two digits of every province, municipality and region.
_PROVINCES = frozenset(
    str(prefix)
    for first, last in ((11, 15), (21, 23), (31, 37), (41, 46), (50, 54), (61, 65), (71, 71), (81, 82))
    for prefix in range(first, last + 1)
)


def scope_of(code: str) -> str | None:
    """``province``, ``city`` or ``district``; None for what cannot be a code."""
    if len(code) != 6 or not (code.isascii() and code.isdigit()) or code[:2] not in _PROVINCES:
        return None
    if code.endswith("0000"):
        return "province"
    return "city" if code.endswith("00") else "district"
