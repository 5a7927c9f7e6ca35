"""Whether the address to serve at is ours to take: the web server itself would share it silently with another."""

import errno
import socket
import time

from app.failure import Failure

#: A service that was just killed may hold its port a moment longer.
_PATIENCE = 3.0


def refuse_taken(host: str, port: int, *, patience: float = _PATIENCE) -> None:
    """Failure unless this address can be listened at, at the latest after ``patience`` seconds."""
    family, where = _resolved(host, port)
    until = time.monotonic() + patience
    while (error := _obstacle(family, where)) is not None:
        if error.errno != errno.EADDRINUSE or time.monotonic() > until:
            raise Failure(_sentence(error, host, port)) from error
        time.sleep(0.1)


def _resolved(host: str, port: int) -> tuple[int, object]:
    try:
        found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM, flags=socket.AI_NUMERICHOST)
    except OSError as error:
        raise Failure(f"[server] host 要写 IP 地址，“{host}”不是") from error
    return found[0][0], found[0][4]


def _obstacle(family: int, where: object) -> OSError | None:
    try:
        with socket.socket(family) as probe:
            # What is left of closed connections is no obstacle, somebody who listens is.
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            probe.bind(where)  # type: ignore[arg-type]
    except OSError as error:
        return error
    return None


def _sentence(error: OSError, host: str, port: int) -> str:
    if error.errno == errno.EADDRINUSE:
        return f"端口 {port} 已经被别的程序占用：换一个 [server] port，或先停掉它"
    if error.errno == errno.EACCES:
        return f"没有权限用端口 {port}：换一个 1024 以上的 [server] port"
    if error.errno == errno.EADDRNOTAVAIL:
        return f"这台机器没有地址 {host}：改 [server] host"
    return f"不能在 {host} 端口 {port} 上服务：{error.strerror}"
