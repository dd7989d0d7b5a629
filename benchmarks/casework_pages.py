"""How long the pages of a large campaign take: a batch of 500 cases at its stages, lists, the campaign, home.

    LIKA_DATA_DIR=<folder of its own> DEMO_SERVE=0 make demo
    LIKA_DATA_DIR=<the same> python benchmarks/casework.py --keep
    LIKA_DATA_DIR=<the same> python benchmarks/casework_pages.py [--runs 15] [--role county]

Measured like `pages.py`, as the role that serves pages and with its floor. Cases of neighbouring villages are put into
the county's largest batch until it has 500, and that batch is put at one stage after the other: the folder is changed
for good. Goals for the batch: at most 15 queries, a median of 200 ms. With `--role province` after
`casework_province.py`.
"""

import argparse
import json
import os

from pages import FLOOR, measure
from setting import lika

CASES = 500


def fill(campaign: object) -> object:
    """The largest batch of a campaign, with 500 cases."""
    from django.db.models import Count

    from lika.casework.models import Batch, Case

    batch = Batch.objects.filter(campaign=campaign).annotate(n=Count("cases")).order_by("-n", "number").first()
    others = Case.objects.filter(campaign=campaign, division__gte=batch.number - 500_000).exclude(batch=batch)
    moved = list(others.order_by("number").values_list("pk", flat=True)[: max(0, CASES - batch.n)])
    Case.objects.filter(pk__in=moved).update(batch=batch, division=batch.number)
    return batch


def put(batch: object, stage: str) -> None:
    """The batch and its cases stand at a stage, without the way there."""
    from lika.casework.models import Batch, Case

    Batch.objects.filter(pk=batch.pk).update(stage=stage)
    Case.objects.filter(batch=batch).update(stage=stage)


def main() -> None:
    """Sign an office in and measure."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--runs", type=int, default=15)
    parser.add_argument("--role", default="county")
    asked = parser.parse_args()
    os.environ["DJANGO_SETTINGS_MODULE"] = "lika.config.web"
    with lika():
        from django.test import Client
        from django.urls import reverse

        from lika.accounts.choices import Role
        from lika.accounts.models import User
        from lika.casework.models import Campaign
        from lika.casework.queries.cases import procedure_of
        from lika.core.areas import EVERYWHERE
        from lika.core.bounds import Bounds, told
        from lika.demo.accounts import username_of

        client = Client(HTTP_HOST="localhost")
        account = User.objects.get(username=username_of(Role(asked.role)))
        client.force_login(account, "allauth.account.auth_backends.AuthenticationBackend")

        def line(name: str, url: str) -> None:
            found = measure(client, url, reverse("console:help"), asked.runs)
            print(json.dumps({"page": name, **found}, ensure_ascii=False), flush=True)

        line(FLOOR, reverse("console:help"))
        with told(Bounds(EVERYWHERE)):
            campaign = Campaign.objects.filter(year=2099).first()
            batch = fill(campaign)
            stages = procedure_of(batch).stages
        batches = reverse("casework:batches")
        line("home", reverse("console:home"))
        line("campaigns", reverse("casework:campaigns"))
        line("campaign", reverse("casework:campaign-cases", args=[campaign.pk]))
        line("batches", batches)
        line("batches waiting for the reader", f"{batches}?show=mine")
        line("batches, last page", f"{batches}?page=9999")
        for stage in stages:
            with told(Bounds(EVERYWHERE)):
                put(batch, stage.id)
            line(f"batch of {CASES}: {stage.kind}, {stage.level}", reverse("casework:batch", args=[batch.pk]))
        with told(Bounds(EVERYWHERE)):
            put(batch, stages[0].id)


if __name__ == "__main__":
    main()
