"""A tiny balancer: each connection goes to the next of several ports."""

import contextlib
import itertools
import socket
import threading


class Balancer:
    """Listens on a free port of this machine until it is closed."""

    def __init__(self, ports: list[int]) -> None:
        self._next = itertools.cycle(ports)
        self._listener = socket.create_server(("127.0.0.1", 0), backlog=256)
        self.port = int(self._listener.getsockname()[1])
        threading.Thread(target=self._listen, daemon=True).start()

    def close(self) -> None:
        """Take no more connections."""
        self._listener.close()

    def _listen(self) -> None:
        with contextlib.suppress(OSError):
            while True:
                near, _ = self._listener.accept()
                threading.Thread(target=self._join, args=(near,), daemon=True).start()

    def _join(self, near: socket.socket) -> None:
        try:
            far = socket.create_connection(("127.0.0.1", next(self._next)), timeout=10)
        except OSError:
            near.close()
            return
        far.settimeout(None)
        threading.Thread(target=_pour, args=(near, far), daemon=True).start()
        _pour(far, near)


def _pour(source: socket.socket, sink: socket.socket) -> None:
    with contextlib.suppress(OSError):
        while piece := source.recv(65536):
            sink.sendall(piece)
    for each in (source, sink):
        with contextlib.suppress(OSError):
            each.shutdown(socket.SHUT_RDWR)
