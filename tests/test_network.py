"""The block on the network holds."""

import socket

import pytest

from tests.conftest import NetworkBlocked


@pytest.mark.parametrize("host", ["192.0.2.1", "2001:db8::1", "county.example"])
def test_other_machines_are_out_of_reach(host: str) -> None:
    with (
        socket.socket(socket.AF_INET6 if ":" in host else socket.AF_INET) as connection,
        pytest.raises(NetworkBlocked, match=host),
    ):
        connection.connect((host, 80))


def test_this_machine_is_within_reach() -> None:
    with (
        socket.create_server(("127.0.0.1", 0)) as listening,
        socket.create_connection(listening.getsockname(), timeout=5) as connection,
    ):
        assert connection.getpeername() == listening.getsockname()
