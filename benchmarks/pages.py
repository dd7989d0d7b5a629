"""How long the server takes for the pages of the demonstration county, as the county office sees them.

The pages are asked as they are served: by the role that row-level security holds (docs/adr/second-wall.md).

    DEMO_SERVE=0 make demo
    python benchmarks/pages.py [runs]

Prints JSON: per page the median and the slowest of the runs in milliseconds, the SQL queries (the one that tells the
bounds among them, not where transactions begin and end), and the ratio to a floor measured in the same run: the help
page, which is the frame without data. `kB` are thousands of bytes, compressed.
"""

import gzip
import json
import os
import statistics
import sys
import time

from setting import lika

FLOOR = "help"
RUNS = 15


def measure(client: object, url: str, runs: int) -> tuple[list[float], int, int]:
    """Milliseconds of each run after one to warm up; the queries of the last, and its bytes as they are sent."""
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    times = []
    queries = size = 0
    for run in range(runs + 1):
        with CaptureQueriesContext(connection) as captured:
            began = time.perf_counter()
            response = client.get(url)  # type: ignore[attr-defined]
            took = (time.perf_counter() - began) * 1000
        if response.status_code != 200:
            raise SystemExit(f"{url}: {response.status_code}")
        if run:
            times.append(took)
        size = len(gzip.compress(response.content))
        queries = sum(query["sql"] not in ("BEGIN", "COMMIT") for query in captured.captured_queries)
    return times, queries, size


def pages() -> dict[str, str]:
    """The pages measured, by name."""
    from django.urls import reverse

    from lika.demo.loop import PACK_SHOWN, actor
    from lika.demo.tour_households import shown
    from lika.register import queries as register
    from lika.snapshots.queries import current_screening

    screening = current_screening(621223, pack_id=PACK_SHOWN)
    household = register.household_visible_to(actor(), shown()[1].number)
    listed, analysis = reverse("console:households"), reverse("reports:analysis")
    return {
        FLOOR: reverse("console:help"),
        "home": reverse("console:home"),
        "map": reverse("console:map"),
        "households": listed,
        "households by income": f"{listed}?sort=-income",
        "households not met": f"{listed}?screening={screening.pk}&criterion=exit&result=not_met&division=621223000000",
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


def main() -> None:
    """Sign the county office in and measure."""
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
            User.objects.get(username=username_of(Role.COUNTY)), "allauth.account.auth_backends.AuthenticationBackend"
        )
        runs = int(sys.argv[1]) if len(sys.argv) > 1 else RUNS
        with told(Bounds(EVERYWHERE)):
            addresses = pages()
        found = {name: measure(client, url, runs) for name, url in addresses.items()}
        floor = statistics.median(found[FLOOR][0])
        for name, (times, queries, size) in found.items():
            median = statistics.median(times)
            line = {
                "median_ms": round(median),
                "max_ms": round(max(times)),
                "queries": queries,
                "kB": round(size / 1000),
            }
            print(json.dumps({"page": name, **line, "ratio_to_frame": round(median / floor, 1)}, ensure_ascii=False))


if __name__ == "__main__":
    main()
