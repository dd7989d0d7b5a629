"""What one jurisdiction alone collects, on the household's page. 演示数据"""

from pathlib import Path

import pytest
from django.urls import reverse

from lika.accounts.choices import Role
from lika.register.models import HouseholdItem
from tests import collected
from tests import factories as make
from tests.console.officials import signed_in

pytestmark = pytest.mark.django_db


def test_items_stand_under_their_own_title_with_headings_and_values(tmp_path: Path):
    collected.keep(tmp_path)
    home = make.make_household(members=1)
    year = make.make_household_year(home)
    HouseholdItem.objects.create(year=year, item="reservoir", code="yes")
    HouseholdItem.objects.create(year=year, item="well_depth", number="10.5")
    groups = signed_in(Role.COUNTY).get(reverse("console:household", args=[home.id])).context["groups"]
    found = {group.title: [(row.label, *row.values) for row in group.rows] for group in groups}
    assert found["本地采集项"] == [("水库移民", "是"), ("井深（米）", "10.50")]


def test_a_household_without_items_has_no_such_title(tmp_path: Path):
    home = make.make_household(members=1)
    make.make_household_year(home, wage=1)
    groups = signed_in(Role.COUNTY).get(reverse("console:household", args=[home.id])).context["groups"]
    assert "本地采集项" not in [group.title for group in groups]
