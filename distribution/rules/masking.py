"""What may be shown of a person's data."""


def phone(number: str) -> str:
    """138****8000."""
    return f"{number[:3]}****{number[-4:]}" if len(number) >= 8 else "****"


def name(full: str) -> str:
    """李*: the family name alone."""
    return full[:1] + "*"


def middle(full: str) -> str:
    """陈*燕: first and last of three or more, the family name alone of shorter ones."""
    return f"{full[0]}*{full[-1]}" if len(full) > 2 else name(full)


def openid(value: str) -> str:
    """The first six characters, enough to tell people apart in a log."""
    return f"{value[:6]}…" if len(value) > 6 else "…"
