"""Product pictures from outside: from allowed hosts only, small, quick, or not at all."""

import http.client
import ipaddress
import socket
import ssl
import time
from collections.abc import Callable, Collection
from urllib.parse import urlsplit

import structlog

log = structlog.get_logger()

MOST_BYTES = 2 * 1024 * 1024
_SECONDS = 3.0
#: The posters of many people are of the same few products; a picture changed under its old address is soon seen.
_KEPT_SECONDS = 60.0
_MOST_KEPT = 16
_PORT = 443
_PIECE = 64 * 1024
_LONGEST_URL = 2000
_NAT64 = ipaddress.IPv6Network("64:ff9b::/96")

#: Host and port → the address to connect to; None when there is none we may reach.
Resolve = Callable[[str, int], tuple[str, int] | None]


class Pictures:
    """Fetches bytes over https from ``hosts``; whatever is wrong, the answer is None."""

    def __init__(
        self,
        hosts: Collection[str],
        *,
        resolve: Resolve | None = None,
        trust: ssl.SSLContext | None = None,
        seconds: float = _SECONDS,
    ) -> None:
        self._hosts = frozenset(host.lower() for host in hosts)
        self._resolve = resolve or public_address
        self._trust = trust or ssl.create_default_context()
        self._seconds = seconds
        self._kept: dict[str, tuple[float, bytes]] = {}

    def __call__(self, url: str) -> bytes | None:
        """The bytes behind the address, at most 2 MB within three seconds and a minute old, else None."""
        until, picture = self._kept.get(url, (0.0, b""))
        if time.monotonic() < until:
            return picture
        target = self._allowed(url)
        if target is None:
            return None
        try:
            return self._remembered(url, self._get(*target))
        except (OSError, http.client.HTTPException, ValueError) as error:
            log.info("picture.unreachable", host=target[0], error=type(error).__name__)
            return None

    def _remembered(self, url: str, picture: bytes | None) -> bytes | None:
        if picture:
            if len(self._kept) >= _MOST_KEPT:
                self._kept.clear()
            self._kept[url] = (time.monotonic() + _KEPT_SECONDS, picture)
        return picture

    def _allowed(self, url: str) -> tuple[str, str] | None:
        if len(url) > _LONGEST_URL or not url.isascii() or any(ord(c) <= 32 or c in "\\\x7f" for c in url):
            return None
        try:
            parts = urlsplit(url)
            host, port = parts.hostname or "", parts.port
        except ValueError:
            return None
        bare = parts.username is None and parts.password is None and port in (None, _PORT)
        if parts.scheme != "https" or host not in self._hosts or not bare:
            return None
        return host, (parts.path or "/") + (f"?{parts.query}" if parts.query else "")

    def _get(self, host: str, path: str) -> bytes | None:
        until = time.monotonic() + self._seconds
        address = self._resolve(host, _PORT)
        if address is None:
            return None
        connection = _Pinned(host, address, self._trust, until)
        try:
            connection.request("GET", path, headers={"Accept": "image/*", "Accept-Encoding": "identity"})
            answer = connection.getresponse()
            if answer.status != http.client.OK or (answer.length or 0) > MOST_BYTES:
                return None
            return _read(answer, connection, until)
        finally:
            connection.close()


class _Pinned(http.client.HTTPSConnection):
    """Connects to the address that was looked at, whatever the name says a moment later."""

    def __init__(self, host: str, address: tuple[str, int], trust: ssl.SSLContext, until: float) -> None:
        super().__init__(host, context=trust)
        self._address, self._trust, self._until = address, trust, until

    def connect(self) -> None:
        """Open the line to the pinned address; the certificate must be the host's."""
        line = socket.create_connection(self._address, timeout=_left(self._until))
        self.sock = self._trust.wrap_socket(line, server_hostname=self.host)


def public_address(host: str, port: int) -> tuple[str, int] | None:
    """The first address of a host, if all of its addresses are on the public internet."""
    found = [entry[4][0] for entry in socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)]
    if not found or not all(_is_public(str(address)) for address in found):
        return None
    return str(found[0]), port


def _is_public(address: str) -> bool:
    ip = ipaddress.ip_address(address.split("%", 1)[0])
    return all(each.is_global and not each.is_multicast for each in (ip, *_inside(ip)))


def _inside(ip: ipaddress.IPv4Address | ipaddress.IPv6Address) -> list[ipaddress.IPv4Address]:
    """The IPv4 addresses an IPv6 one may stand for on its way."""
    if isinstance(ip, ipaddress.IPv4Address):
        return []
    found = [each for each in (ip.ipv4_mapped, ip.sixtofour, *(ip.teredo or ())) if each is not None]
    if ip in _NAT64:
        found.append(ipaddress.IPv4Address(int(ip) & 0xFFFFFFFF))
    return found


def _read(answer: http.client.HTTPResponse, connection: _Pinned, until: float) -> bytes | None:
    pieces: list[bytes] = []
    size = 0
    while True:
        if connection.sock is not None:
            connection.sock.settimeout(_left(until))
        piece = answer.read1(_PIECE)
        if not piece:
            return b"".join(pieces)
        size += len(piece)
        if size > MOST_BYTES:
            return None
        pieces.append(piece)


def _left(until: float) -> float:
    left = until - time.monotonic()
    if left <= 0:
        raise TimeoutError("too slow")
    return left
