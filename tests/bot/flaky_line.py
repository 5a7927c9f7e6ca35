"""A line to a server that can be cut or made deaf."""

import contextlib
import socket
import threading
from pathlib import Path
from types import TracebackType


class FlakyLine:
    """Passes bytes between a new socket and the server's until told otherwise."""

    def __init__(self, server: str, path: Path) -> None:
        self._server = server
        self._path = path
        self._listener = socket.socket(socket.AF_UNIX)
        self._open: list[socket.socket] = []
        self._deaf = False
        self.url = f"unix://{path}"

    def __enter__(self) -> "FlakyLine":
        self._listener.bind(str(self._path))
        self._listener.listen(64)
        threading.Thread(target=self._accept, daemon=True).start()
        return self

    def __exit__(self, *_: type[BaseException] | BaseException | TracebackType | None) -> None:
        self.cut()

    def cut(self) -> None:
        """Drop every connection and take no more."""
        self._path.unlink(missing_ok=True)
        for each in (self._listener, *self._open):
            with contextlib.suppress(OSError):
                each.shutdown(socket.SHUT_RDWR)
            each.close()

    def deaf(self) -> None:
        """Take everything, answer nothing."""
        self._deaf = True

    def _accept(self) -> None:
        with contextlib.suppress(OSError):
            while True:
                near, _ = self._listener.accept()
                far = socket.socket(socket.AF_UNIX)
                far.connect(self._server)
                self._open += [near, far]
                for source, target in ((near, far), (far, near)):
                    threading.Thread(target=self._pass, args=(source, target), daemon=True).start()

    def _pass(self, source: socket.socket, target: socket.socket) -> None:
        with contextlib.suppress(OSError):
            while piece := source.recv(65536):
                if not self._deaf:
                    target.sendall(piece)
