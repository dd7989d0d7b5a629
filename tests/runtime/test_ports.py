"""Which port is taken, and where to go instead."""

import socket
from collections.abc import Iterator

import pytest

from lika.runtime import ports
from lika.runtime.faults import StartFault


@pytest.fixture
def taken() -> Iterator[int]:
    """A port that somebody listens on."""
    with socket.create_server(("127.0.0.1", 0)) as listening:
        yield listening.getsockname()[1]


def test_a_taken_port_moves_on_to_the_next_free_one(taken: int) -> None:
    free = ports.first_free("127.0.0.1", taken)
    assert taken < free < taken + ports.TRIES
    assert (ports.is_free("127.0.0.1", taken), ports.is_free("127.0.0.1", free)) == (False, True)


def test_a_free_port_is_kept(taken: int) -> None:
    free = ports.first_free("127.0.0.1", taken)
    assert ports.first_free("127.0.0.1", free) == free


def test_the_last_port_has_no_next_one() -> None:
    with socket.create_server(("127.0.0.1", 65535)), pytest.raises(StartFault) as caught:
        ports.first_free("127.0.0.1", 65535)
    assert caught.value.code == "RUN-007"


def test_an_address_of_another_machine_is_refused() -> None:
    with pytest.raises(StartFault) as caught:
        ports.first_free("192.0.2.1", 8000)
    assert caught.value.code == "RUN-009"


@pytest.mark.parametrize(
    ("host", "address"),
    [
        ("127.0.0.1", "http://127.0.0.1:8000/"),
        ("0.0.0.0", "http://127.0.0.1:8000/"),
        ("::", "http://[::1]:8000/"),
        ("::1", "http://[::1]:8000/"),
        ("192.0.2.1", "http://192.0.2.1:8000/"),
        ("lika.county.example", "http://lika.county.example:8000/"),
    ],
)
def test_the_address_shown_can_be_opened(host: str, address: str) -> None:
    assert ports.web_address(host, 8000) == address
