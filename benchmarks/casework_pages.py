"""How long the pages of a large campaign take: a batch of 500 cases at its stages, lists, the campaign, home.

    LIKA_DATA_DIR=<folder of its own> DEMO_SERVE=0 make demo
    LIKA_DATA_DIR=<the same> python benchmarks/casework.py --keep
    LIKA_DATA_DIR=<the same> python benchmarks/casework_pages.py [--runs 15] [--role county]

Measured like `pages.py`, as the role that serves pages and with its floor. Cases of neighbouring villages are put into
the largest batch in sight until it has 500, and that batch is put at one stage after the other: the folder is changed
for good. Goals for the batch: at most 15 queries, a median of 200 ms; `--role village` has the
forms of the village's stages. With `--role province` after `casework_province.py`.
"""

import argparse
import json
import os
from functools import partial

from pages import FLOOR, measure
from setting import lika

CASES = 500


def fill(campaign: object, area: object) -> object:
    """The largest batch of a campaign in an area, with 500 cases."""
    from django.db.models import Count

    from lika.casework.models import Batch, Case

    batch = (
        Batch.objects.filter(area.where("number"), campaign=campaign)
        .annotate(n=Count("cases"))
        .order_by("-n", "number")
        .first()
    )
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
        from lika.accounts.queries import actor_of
        from lika.casework.models import Campaign
        from lika.casework.queries.cases import procedure_of
        from lika.core.areas import EVERYWHERE
        from lika.core.bounds import Bounds, told
        from lika.core.permissions import Permission
        from lika.demo.accounts import username_of

        client = Client(HTTP_HOST="localhost")
        account = User.objects.get(username=username_of(Role(asked.role)))
        client.force_login(account, "allauth.account.auth_backends.AuthenticationBackend")

        with told(Bounds(EVERYWHERE)):
            campaign = Campaign.objects.filter(year=2099).first()
            batch = fill(campaign, actor_of(account).area_for(Permission.CASEWORK_VIEW))
            stages = procedure_of(batch).stages
        line = partial(_line, client, asked.runs)
        line(FLOOR, reverse("console:help"))
        for name, url in _lists(campaign).items():
            line(name, url)
        for stage in (*stages, stages[0]):
            with told(Bounds(EVERYWHERE)):
                put(batch, stage.id)
            line(f"batch of {CASES}: {stage.kind}, {stage.level}", reverse("casework:batch", args=[batch.pk]))


def _lists(campaign: object) -> dict[str, str]:
    """The pages above batches, by name."""
    from django.urls import reverse

    batches = reverse("casework:batches")
    return {
        "home": reverse("console:home"),
        "campaigns": reverse("casework:campaigns"),
        "campaign": reverse("casework:campaign-cases", args=[campaign.pk]),
        "batches": batches,
        "batches waiting for the reader": f"{batches}?show=mine",
        "batches, last page": f"{batches}?page=9999",
    }


def _line(client: object, runs: int, name: str, url: str) -> None:
    from django.urls import reverse

    found = measure(client, url, reverse("console:help"), runs)
    print(json.dumps({"page": name, **found}, ensure_ascii=False), flush=True)


if __name__ == "__main__":
    main()
