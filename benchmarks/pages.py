"""How long the server takes for the pages of the demonstration county, as one of its offices sees them.

The pages are asked as they are served: by the role that row-level security holds (docs/adr/second-wall.md).

    DEMO_SERVE=0 make demo
    python benchmarks/pages.py [--runs 15] [--role county]

After `benchmarks/grow.py` it is the register of a million persons, and `--role province` has all of it in sight.

Prints JSON: per page the median and the slowest of the runs in milliseconds, the processor time of a run (of this
process, of its database session and of the session's helpers: on a busy machine it tells more), the SQL
queries (the one that tells the bounds among them, not where transactions begin and end), and the ratio of the processor
times to a floor measured in turn with the page: the help page, which is the frame without data. `kB` are thousands of
bytes, compressed.
"""

import argparse
import gzip
import json
import os
import statistics
import time
from pathlib import Path

from setting import lika

FLOOR = "help"
# Whoever sees more than a county sees no income and no cause of a household.
ABOVE_COUNTIES = ("prefecture", "province")
PERSONAL = ("households by income", "households behind a cell", "imports")


class Clock:
    """Processor seconds of this process, of the database session that serves it, and of the session's helpers.

    Parallel workers are processes of their own: the server has their times when they have ended.
    """

    def __init__(self) -> None:
        from django.db import connection

        connection.ensure_connection()
        session = connection.connection.info.backend_pid
        self._session = Path(f"/proc/{session}/stat")
        self._server = Path(f"/proc/{self._fields(self._session)[1]}/stat")
        self._ticks = os.sysconf("SC_CLK_TCK")

    def now(self) -> float:
        """Seconds so far; the database's in hundredths."""
        own, ended = self._fields(self._session)[11:13], self._fields(self._server)[13:15]
        return time.process_time() + sum(own + ended) / self._ticks

    def _fields(self, stat: Path) -> list[int]:
        """What the kernel tells of a process, from its state on."""
        return [
            int(field) if field.lstrip("-").isdigit() else 0 for field in stat.read_text().rpartition(")")[2].split()
        ]


def ask(client: object, url: str) -> tuple[float, int, bytes]:
    """Milliseconds of one request, its queries, and what was sent."""
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    with CaptureQueriesContext(connection) as captured:
        began = time.perf_counter()
        response = client.get(url)  # type: ignore[attr-defined]
        took = (time.perf_counter() - began) * 1000
    if response.status_code != 200:
        raise SystemExit(f"{url}: {response.status_code}")
    queries = sum(query["sql"] not in ("BEGIN", "COMMIT") for query in captured.captured_queries)
    return took, queries, response.content


def measure(client: object, url: str, floor: str, runs: int) -> dict[str, object]:
    """A page and the floor in turn, after one of each to warm up."""
    clock = Clock()
    ask(client, floor)
    ask(client, url)
    times, spent, bare, queries, content = [], 0.0, 0.0, 0, b""
    for _run in range(runs):
        begun = clock.now()
        ask(client, floor)
        between = clock.now()
        took, queries, content = ask(client, url)
        times.append(took)
        bare, spent = bare + between - begun, spent + clock.now() - between
    return {
        "median_ms": round(statistics.median(times)),
        "max_ms": round(max(times)),
        "processor_ms": round(1000 * spent / runs),
        "queries": queries,
        "kB": round(len(gzip.compress(content)) / 1000, 1),
        "ratio_to_frame": round(spent / bare, 1),
    }


def pages(role: str) -> dict[str, str]:
    """The pages measured that a role may open, by name."""
    from django.urls import reverse

    from lika.demo.loop import PACK_SHOWN, PACKS, actor
    from lika.demo.tour_households import shown
    from lika.register import queries as register
    from lika.snapshots.queries import current_screening

    whole = role in ABOVE_COUNTIES
    screening = current_screening(621223, pack_id=PACKS[0] if whole else PACK_SHOWN)
    place = f"{screening.snapshot.division:012d}"
    household = register.household_visible_to(actor(), shown()[1].number)
    listed, analysis = reverse("console:households"), reverse("reports:analysis")
    found = {
        FLOOR: reverse("console:help"),
        "home": reverse("console:home"),
        "map": reverse("console:map"),
        "households": listed,
        "households by members": f"{listed}?sort=-members",
        "households by income": f"{listed}?sort=-income",
        "households, last page": f"{listed}?page=999999",
        "households not met": f"{listed}?screening={screening.pk}&criterion=exit&result=not_met&division={place}",
        "household": reverse("console:household", args=[household.pk]),
        "screenings": reverse("snapshots:screenings"),
        "screening": reverse("snapshots:screening", args=[screening.pk]),
        "analysis, nothing asked": analysis,
        "analysis, townships by poverty": f"{analysis}?r=township&c=poverty",
        "analysis, causes by attribute": f"{analysis}?r=causes&c=attribute&f=poverty:poor",
        "analysis, overlap of measures": f"{analysis}?r=overlap",
        "households behind a cell": f"{listed}?analysis=r%3Dcauses%26c%3Dattribute&row=01&column=02",
        "imports": reverse("collection:import"),
        "packs": reverse("policy:packs"),
    }
    return {name: url for name, url in found.items() if not (whole and name in PERSONAL)}


def main() -> None:
    """Sign an office in and measure."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--runs", type=int, default=15)
    parser.add_argument("--role", default="county")
    asked = parser.parse_args()
    os.environ["DJANGO_SETTINGS_MODULE"] = "lika.config.web"
    with lika():
        from django.test import Client

        from lika.accounts.choices import Role
        from lika.accounts.models import User
        from lika.core.areas import EVERYWHERE
        from lika.core.bounds import Bounds, told
        from lika.demo.accounts import username_of

        client = Client(HTTP_HOST="localhost")
        client.force_login(
            User.objects.get(username=username_of(Role(asked.role))),
            "allauth.account.auth_backends.AuthenticationBackend",
        )
        with told(Bounds(EVERYWHERE)):
            addresses = pages(asked.role)
        for name, url in addresses.items():
            line = {"page": name, **measure(client, url, addresses[FLOOR], asked.runs)}
            print(json.dumps(line, ensure_ascii=False), flush=True)


if __name__ == "__main__":
    main()
