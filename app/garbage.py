"""How often the garbage collector looks: what a message or an order leaves behind is mostly freed without it."""

import gc

#: Containers made and not yet freed before it looks again; Python's own 700 are met by every few orders.
_BETWEEN_LOOKS = 200_000


def settle() -> None:
    """Call once when everything is loaded: that is never garbage again, and rings are looked for seldom."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(_BETWEEN_LOOKS)
