"""Keep the web server running until it is told to stop.

The database is started before and stopped after by whoever calls this (`lika.cli`), so that the order is:
database up, web up … web down, database down. Children survive a `kill -9` of their supervisor; the next
one finds them by the records below `<data folder>/run/` and replaces them on the same port.
"""

import contextlib
import http.client
import json
import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from pathlib import Path
from types import FrameType

import psutil

from lika.runtime import ports
from lika.runtime.faults import StartFault, Words

READY_SECONDS = 60
STOP_SECONDS = 15
STOP_SIGNALS = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)
SITE = "lika.config.wsgi:application"
PORTAL = "lika.config.portal_wsgi:application"  # the public pages by themselves


@dataclass(frozen=True)
class WebRecord:
    """Who serves a port: the web process and the supervisor that watches it, with their start times."""

    port: int
    web_pid: int
    web_started: float
    supervisor_pid: int
    supervisor_started: float

    @property
    def is_orphan(self) -> bool:
        """Whether the web process lives and its supervisor does not."""
        return _lives(self.web_pid, self.web_started) and not _lives(self.supervisor_pid, self.supervisor_started)


def serve(
    *,
    host: str,
    port: int,
    data_dir: Path,
    workers: int = 1,
    say: Callable[[str], None] = print,
    environ: Mapping[str, str] | None = None,
    meanwhile: Callable[[], None] | None = None,
    every: float = 5,
    application: str = SITE,
) -> int:
    """Serve until SIGINT, SIGTERM or SIGHUP; returns 0, or 1 when the web server ended by itself.

    `application` is the WSGI entry; `environ` holds variables for it beyond those of this process (LIKA_DEMO, say).
    `meanwhile` is called in this process every so many seconds: work that ends with the supervisor and so leaves no
    orphan.

    A taken port moves on to the next free one and says so. The last line said is the address.
    Raises `StartFault` RUN-007 … RUN-011 when it cannot start.
    """
    run_dir = data_dir / "run"
    _replace_orphans(run_dir, say)
    free = ports.first_free(host, port)
    if free != port:
        say(str(Words(f"端口 {port} 已被占用，改用 {free}。", f"Port {port} is taken; using {free}.")))
    with _stop_signal() as stop, _web_process(host, free, workers, run_dir, environ or {}, application) as web:
        if not _wait_until_ready(host, free, web, stop):
            if stop.is_set():
                return 0
            raise _did_not_start()
        say(str(Words("立卡正在运行，按 Ctrl-C 停止。", "Lika is running; press Ctrl-C to stop.")))
        say(ports.web_address(host, free))
        due = time.monotonic()
        while not stop.wait(0.5):
            if meanwhile is not None and time.monotonic() >= due:
                meanwhile()
                due = time.monotonic() + every
            if web.poll() is not None:
                say(str(Words("网页服务意外退出。", "The web server ended unexpectedly.")))
                return 1
    return 0


@contextmanager
def _stop_signal() -> Iterator[threading.Event]:
    """An event that the signals to stop set; the earlier handlers come back afterwards."""
    stop = threading.Event()

    def request(signum: int, frame: FrameType | None) -> None:
        stop.set()

    earlier = {number: signal.getsignal(number) for number in STOP_SIGNALS}
    for number, handler in earlier.items():
        if handler != signal.SIG_IGN:  # `nohup` asked for deafness
            signal.signal(number, request)
    try:
        yield stop
    finally:
        for number, handler in earlier.items():
            signal.signal(number, handler)


@contextmanager
def _web_process(
    host: str, port: int, workers: int, run_dir: Path, environ: Mapping[str, str], application: str
) -> Iterator["subprocess.Popen[bytes]"]:
    """The web server as a child in its own session: Ctrl-C in the terminal reaches the supervisor alone."""
    web = subprocess.Popen(
        [
            *(sys.executable, "-m", "granian", "--interface", "wsgi", "--no-ws", "--log-level", "warning"),
            *("--host", host, "--port", str(port), "--workers", str(workers), "--blocking-threads", "4"),
            *("--respawn-failed-workers", "--workers-kill-timeout", str(STOP_SECONDS - 5), application),
        ],
        stdin=subprocess.DEVNULL,
        stdout=sys.stderr.fileno(),  # the last line on standard output stays the address
        env={**os.environ, **environ},
        start_new_session=True,
    )
    record = run_dir / f"web-{port}.json"
    try:
        _write_record(record, port, web.pid)
        yield web
    finally:
        _stop_tree(web.pid)
        with contextlib.suppress(subprocess.TimeoutExpired):
            web.wait(timeout=STOP_SECONDS)
        record.unlink(missing_ok=True)


def _write_record(path: Path, port: int, web_pid: int) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    record = WebRecord(port, web_pid, _started(web_pid), os.getpid(), _started(os.getpid()))
    path.write_text(json.dumps(asdict(record)), encoding="ascii")


def _replace_orphans(run_dir: Path, say: Callable[[str], None]) -> None:
    for path in sorted(run_dir.glob("web-*.json")):
        try:
            record = WebRecord(**json.loads(path.read_text(encoding="ascii")))
        except (OSError, ValueError, TypeError):
            path.unlink(missing_ok=True)  # cut off while being written: it names nobody
            continue
        if record.is_orphan:
            say(
                str(
                    Words(
                        f"端口 {record.port} 上留有上次的网页服务，现予替换。",
                        f"Replacing the web server that an earlier run left on port {record.port}.",
                    )
                )
            )
            _stop_tree(record.web_pid)
        if not _lives(record.web_pid, record.web_started):
            path.unlink(missing_ok=True)


def _stop_tree(pid: int) -> None:
    """End a process and its children: politely, then by force."""
    try:
        parent = psutil.Process(pid)
        family = [parent, *parent.children(recursive=True)]
    except psutil.NoSuchProcess:
        return
    with contextlib.suppress(psutil.NoSuchProcess):
        parent.terminate()
    _gone, alive = psutil.wait_procs(family, timeout=STOP_SECONDS)
    for process in alive:
        with contextlib.suppress(psutil.NoSuchProcess):
            process.kill()
    psutil.wait_procs(alive, timeout=STOP_SECONDS)


def _wait_until_ready(host: str, port: int, web: "subprocess.Popen[bytes]", stop: threading.Event) -> bool:
    """Wait for the first answer to a request, whatever it says: then the application is loaded."""
    deadline = time.monotonic() + READY_SECONDS
    while time.monotonic() < deadline and web.poll() is None and not stop.wait(0.1):
        if _answers(host, port):
            return True
    return False


def _answers(host: str, port: int) -> bool:
    address = {"0.0.0.0": "127.0.0.1", "::": "::1"}.get(host, host)  # noqa: S104 - read, not bound
    connection = http.client.HTTPConnection(address, port, timeout=READY_SECONDS)
    try:
        connection.request("GET", "/healthz", headers={"Host": "localhost"})
        connection.getresponse().read()
    except (OSError, http.client.HTTPException):
        return False
    else:
        return True
    finally:
        connection.close()


def _did_not_start() -> StartFault:
    return StartFault(
        "RUN-011",
        Words("网页服务没有启动。", "The web server did not start."),
        Words("请看上面的输出，并运行 lika doctor。", "See the output above, and run lika doctor."),
    )


def _started(pid: int) -> float:
    return float(psutil.Process(pid).create_time())


def _lives(pid: int, started: float) -> bool:
    """Whether the process that had this number then still lives; numbers are given out again."""
    try:
        process = psutil.Process(pid)
        return bool(abs(process.create_time() - started) < 1 and process.status() != psutil.STATUS_ZOMBIE)
    except psutil.NoSuchProcess:
        return False
