"""Cells of the files we write: nothing in them is run by a spreadsheet."""

_RUNS = ("=", "+", "-", "@", "\t", "\r", "＝", "＋", "－", "＠")


def harmless(cell: str) -> str:
    """The text, quoted where a spreadsheet would run it; numbers stay numbers."""
    number = cell.removeprefix("-").replace(".", "", 1)
    return f"'{cell}" if cell.startswith(_RUNS) and not (number.isascii() and number.isdecimal()) else cell


def as_written(cell: str) -> str:
    """The text before ``harmless`` quoted it."""
    return cell[1:] if cell.startswith("'") and harmless(cell[1:]) == cell else cell
