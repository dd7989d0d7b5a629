"""Find a port to listen on."""

import errno
import socket
from ipaddress import ip_address

from lika.runtime.faults import StartFault, Words

TRIES = 50


def is_free(host: str, port: int) -> bool:
    """Whether a server could listen there now."""
    family, kind, protocol, _name, address = _resolve(host, port)
    with socket.socket(family, kind, protocol) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(address)
        except PermissionError as error:
            raise StartFault(
                "RUN-008",
                Words(f"当前用户不能监听端口 {port}。", f"This user may not listen on port {port}."),
                Words("请把 LIKA_PORT 设为 1024 以上的端口。", "Set LIKA_PORT to a port above 1023."),
            ) from error
        except OSError as error:
            if error.errno == errno.EADDRINUSE:
                return False
            raise _no_address(host) from error
    return True


def first_free(host: str, wanted: int) -> int:
    """The wanted port, or the next free one above it. Raises StartFault RUN-007 when none of 50 is free."""
    for port in range(wanted, min(wanted + TRIES, 65536)):
        if is_free(host, port):
            return port
    raise StartFault(
        "RUN-007",
        Words(f"从 {wanted} 起没有空闲端口。", f"No port from {wanted} up is free."),
        Words("请用 LIKA_PORT 指定其他端口。", "Name another port in LIKA_PORT."),
    )


def web_address(host: str, port: int) -> str:
    """The address that a person on this machine can open."""
    try:
        ip = ip_address(host)
    except ValueError:
        return f"http://{host}:{port}/"
    if ip.is_unspecified:
        ip = ip_address("::1" if ip.version == 6 else "127.0.0.1")
    return f"http://[{ip}]:{port}/" if ip.version == 6 else f"http://{ip}:{port}/"


def _resolve(host: str, port: int) -> tuple[int, int, int, str, tuple[object, ...]]:
    try:
        return socket.getaddrinfo(host, port, type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE)[0]
    except socket.gaierror as error:
        raise _no_address(host) from error


def _no_address(host: str) -> StartFault:
    return StartFault(
        "RUN-009",
        Words(f"本机没有地址 {host}。", f"This machine has no address {host}."),
        Words("请把 LIKA_HOST 设为 127.0.0.1 或 0.0.0.0。", "Set LIKA_HOST to 127.0.0.1 or 0.0.0.0."),
    )
