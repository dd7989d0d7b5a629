"""Eight users who open a page every two seconds, left alone and while an import runs.

    LIKA_DATA_DIR=<folder that grow.py has grown> python benchmarks/users.py [--seconds 60] [--import FOLDER]

Serves the site of that folder, signs eight users in (county, province, township, village), and lets each open the pages
of `pages.py` in turn, one every two seconds: first alone for so many seconds, then while `lika import register` takes
FOLDER in, to its end. `million.py` writes such a folder (`import_million.py --inputs FOLDER --counties 2` and its
other options); what it holds is added to the register for good. Meanwhile somebody writes to a household of another
county twenty times a second.

Prints JSON for each part: pages opened, the median, the 95th percentile and the slowest in milliseconds (goals: p95 300
alone, 600 beside an import), and the longest wait of a write in seconds (goal: 1).
"""

import argparse
import http.client
import json
import statistics
import subprocess
import sys
import threading
import time
from itertools import cycle
from pathlib import Path

import import_million
from pages import pages
from setting import lika

ROLES = ("county", "county", "county", "province", "province", "township", "village", "village")
EVERY_SECONDS = 2.0
PORT = 8974
_PATIENCE_SECONDS = 120.0
_OK = 200

# The cookie of a session, and the addresses that its user opens.
Session = tuple[str, list[str]]


class User(threading.Thread):
    """Somebody with a session, who opens one page after the other until it is over or a page fails."""

    def __init__(self, session: Session, over: threading.Event) -> None:
        super().__init__(daemon=True)
        self._cookie, self._addresses = session
        self._over = over
        self.milliseconds: list[float] = []
        self.failure = ""

    def run(self) -> None:
        for address in cycle(self._addresses):
            began = time.perf_counter()
            try:
                status = get(address, self._cookie)
            except OSError as error:
                self.failure = f"{address}: {error}"
                return
            took = time.perf_counter() - began
            if status != _OK:
                self.failure = f"{address}: {status}"
                return
            self.milliseconds.append(took * 1000)
            if self._over.wait(max(0.0, EVERY_SECONDS - took)):
                return


def get(address: str, cookie: str) -> int:
    """Open a page, to its last byte; the answer's status. Raises OSError where the site does not answer."""
    connection = http.client.HTTPConnection("127.0.0.1", PORT, timeout=_PATIENCE_SECONDS)
    try:
        connection.request("GET", address, headers={"Cookie": cookie, "Accept-Encoding": "gzip"})
        response = connection.getresponse()
        response.read()
        return response.status
    finally:
        connection.close()


def opened(sessions: list[Session], seconds: float, beside: "subprocess.Popen[bytes] | None" = None) -> dict:
    """What the users and a writer met for so many seconds, or until the process beside them ended."""
    over = threading.Event()
    users = [User(session, over) for session in sessions]
    write = [sys.executable, import_million.__file__, "--phase", "elsewhere"]
    writer = subprocess.Popen(write, stdin=subprocess.PIPE, stdout=subprocess.PIPE)
    for user in users:
        user.start()
        time.sleep(EVERY_SECONDS / len(users))
    began = time.perf_counter()
    if beside is None:
        time.sleep(seconds)
    elif beside.wait() != 0:
        raise SystemExit("the import failed")
    took = time.perf_counter() - began
    over.set()
    for user in users:
        user.join()
    if failures := [user.failure for user in users if user.failure]:
        raise SystemExit("; ".join(failures))
    writes = json.loads(writer.communicate()[0])
    times = [each for user in users for each in user.milliseconds]
    return {
        "seconds": round(took),
        "pages": len(times),
        "median_ms": round(statistics.median(times)),
        "p95_ms": round(statistics.quantiles(times, n=20)[-1]),
        "max_ms": round(max(times)),
        "writes_elsewhere": writes["writes"],
        "longest_write_seconds": max((wait for wait, _when in writes["longest"]), default=0),
    }


def signed_in() -> list[Session]:
    """A session for each user; every one of them begins at another of the pages that may be open to the role."""
    from django.test import Client

    from lika.accounts.choices import Role
    from lika.accounts.models import User as Account
    from lika.demo.accounts import username_of

    sessions = []
    for place, role in enumerate(ROLES):
        client = Client(HTTP_HOST="localhost")
        account = Account.objects.get(username=username_of(Role(role)))
        client.force_login(account, "allauth.account.auth_backends.AuthenticationBackend")
        cookie = "; ".join(f"{name}={morsel.value}" for name, morsel in client.cookies.items())
        addresses = list(pages(role).values())
        sessions.append((cookie, [*addresses[place:], *addresses[:place]]))
    return sessions


def answering(site: "subprocess.Popen[bytes]", sessions: list[Session]) -> list[Session]:
    """The sessions with those of their pages that are open to them, each opened once; waits for the site to begin."""
    deadline = time.monotonic() + _PATIENCE_SECONDS
    while site.poll() is None and time.monotonic() < deadline:
        try:
            return [(cookie, [each for each in listed if get(each, cookie) == _OK]) for cookie, listed in sessions]
        except ConnectionRefusedError:
            time.sleep(0.5)
    raise SystemExit("the site did not start")


def main() -> None:
    """Serve, sign in, measure alone and beside an import."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seconds", type=float, default=60)
    parser.add_argument("--import", dest="files", type=Path)
    asked = parser.parse_args()
    with lika():
        serve = [sys.executable, "-m", "lika", "serve", "--port", str(PORT)]
        site = subprocess.Popen(serve, stdout=subprocess.DEVNULL)
        try:
            sessions = answering(site, signed_in())
            print(json.dumps({"alone": opened(sessions, asked.seconds)}), flush=True)
            if asked.files is not None:
                command = [sys.executable, "-m", "lika", "import", "register", str(asked.files)]
                with subprocess.Popen(command, stdout=subprocess.DEVNULL) as process:
                    print(json.dumps({"beside an import": opened(sessions, 0, process)}), flush=True)
        finally:
            site.terminate()
            site.wait()


if __name__ == "__main__":
    main()
