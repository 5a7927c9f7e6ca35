"""Whether a sentence is heard as asking for money, by itself or beside another wish."""

import datetime as dt

from bot.understanding import understand

TODAY = dt.date(2026, 11, 23)


def asks_for_money(text: str) -> bool:
    found = understand(text, TODAY)
    return "withdraw" in (found.intent, *(request.intent for request in found.also))
