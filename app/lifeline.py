"""A child that must not outlive its parent, however the parent ends."""

import contextlib
import ctypes
import os
import signal
import threading
import time

#: Names the parent's process id to a child that should die with it.
_TIED = "FENXIAO_TIED_TO"
_SET_DEATH_SIGNAL = 1
_PAUSE = 0.5


def tie_children() -> None:
    """Children started from now on that call ``die_with_parent`` end with this process."""
    os.environ[_TIED] = str(os.getpid())


def die_with_parent() -> None:
    """End this process when the one that started it is gone, kill -9 included; untied processes live on."""
    parent = os.environ.get(_TIED, "")
    if not parent.isdigit():
        return
    # Every transaction is atomic and every outside call is repeated or asked about: nothing needs a farewell.
    with contextlib.suppress(OSError, AttributeError):
        ctypes.CDLL(None).prctl(_SET_DEATH_SIGNAL, signal.SIGKILL)
    if os.getppid() != int(parent):
        os._exit(1)
    threading.Thread(target=_watch, args=(int(parent),), name="lifeline", daemon=True).start()


def _watch(parent: int) -> None:
    while os.getppid() == parent:
        time.sleep(_PAUSE)
    os._exit(1)
