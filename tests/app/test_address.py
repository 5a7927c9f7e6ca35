"""Where the service may listen: never at an address that somebody holds, soon again where nobody does any more."""

import socket
import threading

import pytest

from app.address import refuse_taken
from app.failure import Failure


def listening(host: str = "127.0.0.1", *, shared: bool = False) -> socket.socket:
    held = socket.socket(socket.AF_INET6 if ":" in host else socket.AF_INET)
    held.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    held.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEPORT, shared)
    held.bind((host, 0))
    held.listen()
    return held


@pytest.mark.parametrize("shared", [False, True])
@pytest.mark.parametrize("host", ["127.0.0.1", "0.0.0.0"])
def test_a_port_that_somebody_holds_is_refused_even_if_they_would_share_it(host, shared) -> None:
    with listening(shared=shared) as held:
        port = held.getsockname()[1]

        with pytest.raises(Failure, match=f"端口 {port} 已经被别的程序占用"):
            refuse_taken(host, port, patience=0)


@pytest.mark.skipif(not socket.has_ipv6, reason="no IPv6")
def test_a_port_held_over_ipv6_is_refused() -> None:
    try:
        held = listening("::1")
    except OSError:
        pytest.skip("no IPv6")
    with held, pytest.raises(Failure, match="占用"):
        refuse_taken("::1", held.getsockname()[1], patience=0)


def test_what_is_left_of_closed_connections_is_no_obstacle() -> None:
    with listening() as held:
        where = held.getsockname()
        with socket.create_connection(where) as caller:
            held.accept()[0].close()
            caller.recv(1)

    refuse_taken(*where, patience=0)


def test_a_port_that_is_given_up_in_time_is_waited_for() -> None:
    held = listening()
    threading.Timer(0.3, held.close).start()

    refuse_taken(*held.getsockname(), patience=10)


@pytest.mark.parametrize("host", ["localhost", "192.0.2.1", "nowhere at all"])
def test_a_host_that_cannot_be_ours_is_said_in_one_line(host) -> None:
    with pytest.raises(Failure, match=r"\[server\] host"):
        refuse_taken(host, 8080, patience=0)
