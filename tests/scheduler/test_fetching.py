"""Pictures from outside: allowed hosts, public addresses, small and quick, or None."""

import datetime as dt
import ipaddress
import socket
import ssl
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from scheduler.fetching import MOST_BYTES, Pictures, _is_public

HOST = "img.example.com"


@pytest.fixture(scope="module")
def certificate(tmp_path_factory: pytest.TempPathFactory) -> Path:
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, HOST)])
    since = dt.datetime(2020, 1, 1, tzinfo=dt.UTC)
    made = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(1)
        .not_valid_before(since)
        .not_valid_after(since + dt.timedelta(days=36500))
        .add_extension(x509.SubjectAlternativeName([x509.DNSName(HOST)]), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .sign(key, hashes.SHA256())
    )
    path = tmp_path_factory.mktemp("tls") / "host.pem"
    form = (serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
    path.write_bytes(key.private_bytes(*form) + made.public_bytes(serialization.Encoding.PEM))
    return path


class Host:
    """Answers every connection with the same bytes, a piece at a time."""

    def __init__(self, certificate: Path) -> None:
        self.answer: list[bytes] = [b"HTTP/1.1 200 OK\r\nContent-Length: 3\r\n\r\n", b"JPG"]
        self.pause = 0.0
        self.heard: list[bytes] = []
        self._tls = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        self._tls.load_cert_chain(certificate)
        self._listener = socket.create_server(("127.0.0.1", 0))
        self.address = self._listener.getsockname()
        threading.Thread(target=self._serve, daemon=True).start()

    def _serve(self) -> None:
        while True:
            try:
                line, _ = self._listener.accept()
                with self._tls.wrap_socket(line, server_side=True) as secured:
                    self.heard.append(secured.recv(4000))
                    for piece in self.answer:
                        secured.sendall(piece)
                        time.sleep(self.pause)
            except OSError:
                if self._listener.fileno() < 0:
                    return

    def close(self) -> None:
        self._listener.close()


@pytest.fixture
def host(certificate: Path) -> Iterator[Host]:
    serving = Host(certificate)
    yield serving
    serving.close()


@pytest.fixture
def fetch(host: Host, certificate: Path) -> Pictures:
    trust = ssl.create_default_context(cafile=str(certificate))
    return Pictures([HOST], resolve=lambda *_: host.address, trust=trust, seconds=1.0)


def test_an_allowed_picture_is_fetched_under_its_own_name(fetch: Pictures, host: Host) -> None:
    assert fetch(f"https://{HOST}/a.jpg?w=8") == b"JPG"
    assert host.heard[0].startswith(b"GET /a.jpg?w=8 HTTP/1.1\r\nHost: img.example.com\r\n")


@pytest.mark.parametrize(
    "url",
    [
        "http://img.example.com/a.jpg",
        "https://evil.example/a.jpg",
        "https://img.example.com.evil.example/a.jpg",
        "https://img.example.com@evil.example/a.jpg",
        "https://user:pw@img.example.com/a.jpg",
        "https://img.example.com:8443/a.jpg",
        "https://img.example.com\\@evil.example/a.jpg",
        "https://img.example.com/a.jpg\r\nHost: x",
        "https://[::1/a.jpg",
        "file:///etc/passwd",
        "//img.example.com/a.jpg",
        "https://img。example。com/a.jpg",
        "https://img.example.com:99999/a.jpg",
        "",
    ],
)
def test_other_addresses_are_not_even_connected_to(fetch: Pictures, host: Host, url: str) -> None:
    assert fetch(url) is None
    assert host.heard == []


def test_the_picture_of_many_posters_is_fetched_once_and_a_failure_is_not_kept(fetch: Pictures, host: Host) -> None:
    well, host.answer = host.answer, [b"HTTP/1.1 500 No\r\nContent-Length: 0\r\n\r\n"]
    assert fetch(f"https://{HOST}/a.jpg") is None
    host.answer = well
    assert [fetch(f"https://{HOST}/a.jpg") for _ in range(3)] == [b"JPG"] * 3
    assert len(host.heard) == 2


def test_a_redirect_is_not_followed(fetch: Pictures, host: Host) -> None:
    host.answer = [f"HTTP/1.1 302 Found\r\nLocation: https://{HOST}/b\r\nContent-Length: 0\r\n\r\n".encode()]

    assert fetch(f"https://{HOST}/a.jpg") is None
    assert len(host.heard) == 1


def test_what_says_it_is_too_large_is_not_read(fetch: Pictures, host: Host) -> None:
    host.answer = [f"HTTP/1.1 200 OK\r\nContent-Length: {MOST_BYTES + 1}\r\n\r\n".encode()]
    assert fetch(f"https://{HOST}/a.jpg") is None


def test_what_does_not_say_it_is_cut_off(fetch: Pictures, host: Host) -> None:
    host.answer = [b"HTTP/1.1 200 OK\r\n\r\n", *[b"x" * 400_000] * 6]
    assert fetch(f"https://{HOST}/a.jpg") is None


def test_a_host_that_trickles_is_left_after_the_time(fetch: Pictures, host: Host) -> None:
    host.answer, host.pause = [b"HTTP/1.1 200 OK\r\nContent-Length: 90\r\n\r\n", *[b"x"] * 90], 0.1
    began = time.monotonic()

    assert fetch(f"https://{HOST}/a.jpg") is None
    assert time.monotonic() - began < 2.5


def test_another_hosts_certificate_is_refused(host: Host, certificate: Path) -> None:
    trust = ssl.create_default_context(cafile=str(certificate))
    other = Pictures(["other.example"], resolve=lambda *_: host.address, trust=trust)

    assert other("https://other.example/a.jpg") is None


def test_an_allowed_name_that_points_inside_is_refused() -> None:
    assert Pictures(["localhost"])("https://localhost/a.jpg") is None


@pytest.mark.parametrize(
    ("address", "public"),
    [
        ("93.184.216.34", True),
        ("10.0.0.1", False),
        ("127.0.0.1", False),
        ("169.254.169.254", False),
        ("100.64.0.1", False),
        ("0.0.0.0", False),
        ("224.0.0.1", False),
        ("::1", False),
        ("fe80::1%eth0", False),
        ("::ffff:10.0.0.1", False),
        ("2002:0a00:0001::", False),
        ("64:ff9b::a00:1", False),
        ("2606:2800:220:1:248:1893:25c8:1946", True),
    ],
)
def test_only_addresses_of_the_public_internet_count(address: str, public: bool) -> None:
    assert ipaddress.ip_address(address.split("%")[0])
    assert _is_public(address) is public
