"""Whether an address of this machine answers yet."""

from urllib.request import urlopen


def answers(address: str) -> bool:
    """True once it answers 200 within two seconds."""
    try:
        with urlopen(address, timeout=2) as answer:
            return bool(answer.status == 200)
    except OSError:
        return False
