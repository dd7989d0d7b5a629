"""The papers and income of the demonstration: kept once, marked, and waiting for somebody's word. 演示数据"""

from dataclasses import replace
from pathlib import Path

import pytest
from django.conf import settings

from lika.demo import papers
from lika.demo.loop import actor
from lika.demo.tour_households import shown
from lika.register.models import Document, IncomeEntry
from lika.register.queries import income_ledger
from tests import factories as make

pytestmark = pytest.mark.django_db


def test_a_second_run_adds_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(settings, "LIKA", replace(settings.LIKA, data_dir=tmp_path))
    homes = [make.make_household(number=one.number) for one in shown()[: papers.WITH_PAPERS]]
    for _run in range(2):
        papers.keep(by=actor())
    kept = Document.objects.order_by("owner_id", "kind").values_list("owner_id", "kind", "media_type")
    assert list(kept) == [(home.id, kind, "image/jpeg") for home in sorted(homes, key=lambda home: home.id)
                          for kind in ("01", "04")]  # fmt: skip
    assert set(IncomeEntry.objects.values_list("checked_at", flat=True)) == {None}
    found = income_ledger(by=actor(), household=homes[0].id, data_year=IncomeEntry.objects.first().data_year)
    assert (found.waiting, found.unsettled) == (3, False)
