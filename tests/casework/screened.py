"""Screenings of the place's village: one that says what a test wants, one of the register itself. 演示数据"""

import datetime as dt
from collections.abc import Mapping
from uuid import UUID

from django.db import connection
from django.utils import timezone

from lika.policy.models import PackVersion
from lika.register.models import Household
from lika.snapshots import actions
from lika.snapshots.actions.current import _make_partition
from lika.snapshots.models import CurrentScreening, CurrentVerdict, ScreenedCriterion, Screening, Snapshot
from tests import factories as make
from tests.casework.going import COUNTY, JINGXI, Place

AT = dt.date(2014, 12, 31)
_COUNTY = 451081


def said(results: Mapping[UUID, int | None], criterion: str = "identification", *, at: dt.date = AT) -> Screening:
    """A current screening, without files, with these results of households by one criterion of the pack."""
    pack = PackVersion.objects.get(pack_id=JINGXI)
    number = Snapshot.objects.count()
    taken = Snapshot.objects.create(
        id=f"{at:%Y%m%d}-451081-{number:06d}", at=at, data_year=at.year, period_from=at, period_to=at,
        division=int(COUNTY), last=int(COUNTY) + 999_999, states=["draft"], folder="none", manifest_sha256="0" * 64,
        households=len(results), persons=0, taken_by="test",
    )  # fmt: skip
    now = timezone.now()
    found = Screening.objects.create(
        snapshot=taken, pack_id=JINGXI, pack_version=pack.version, pack_sha256=pack.sha256, pack_zh="演示", pack_en="x",
        digest="0" * 64, run_by="test", started_at=now, finished_at=now,
    )  # fmt: skip
    ScreenedCriterion.objects.create(
        screening=found, unit_kind="household", position=0, criterion=criterion, zh="识别标准", en="Identification",
        kind="entry",
    )  # fmt: skip
    CurrentScreening.objects.update_or_create(
        pack_id=JINGXI, unit_kind="household", county=_COUNTY, defaults={"screening": found}
    )
    with connection.cursor() as cursor:
        _make_partition(cursor, _COUNTY)
    CurrentVerdict.objects.filter(pack_id=JINGXI).delete()
    villages = dict(Household.objects.values_list("id", "village"))
    CurrentVerdict.objects.bulk_create(
        CurrentVerdict(
            county=_COUNTY, pack_id=JINGXI, unit_kind="household", unit_id=unit, village=villages[unit],
            results=[result],
            changed_in=found.pk,
        )
        for unit, result in results.items()
    )  # fmt: skip
    return found


def screened(at: Place) -> Screening:
    """A snapshot of the county as it is recorded, screened by Jingxi's pack; other connections must see the rows."""
    taken = actions.take(by=at.county, at=AT, division=COUNTY)
    pack = PackVersion.objects.get(pack_id=JINGXI).pack()
    return actions.screen(by=at.county, snapshot=taken.id, pack=pack)


def recorded(at: Place, **columns: object) -> None:
    """The yearly rows of the households."""
    for household in at.households:
        make.make_household_year(household, 2014, **columns)
