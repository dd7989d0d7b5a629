"""The income ledger's page: entering, confirming, withdrawing, settling; what each reader sees. 演示数据"""

from dataclasses import replace
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.db import connection
from django.http import HttpResponse
from django.test import Client
from django.test.utils import CaptureQueriesContext

from lika.accounts.choices import Role
from lika.register.choices import TotalsFrom, YearState
from lika.register.models import Household, HouseholdYear, IncomeEntry
from tests import factories as make
from tests import files
from tests.console.officials import signed_in
from tests.console.test_documents import add, photo
from tests.web_role import statements

pytestmark = pytest.mark.django_db

PAY = {"account": "wage", "on": "2016-05-01", "amount": "8000.00", "remark": "修路务工"}


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(settings, "LIKA", replace(settings.LIKA, data_dir=tmp_path))


@pytest.fixture
def home() -> Household:
    return make.make_household(number="A1", head="石大", members=2)


@pytest.fixture
def village() -> Client:
    return signed_in(Role.VILLAGE)


@pytest.fixture
def township() -> Client:
    return signed_in(Role.TOWNSHIP)


def page_of(home: Household, year: int = 2016) -> str:
    return f"/households/{home.id}/income/{year}/"


def enter(client: Client, home: Household, **changed: Any) -> IncomeEntry:
    response = client.post(page_of(home), PAY | changed)
    assert response.status_code == 302, response.context["entry_form"].errors
    return IncomeEntry.objects.latest("recorded_at")


def confirm(client: Client, entry: IncomeEntry) -> HttpResponse:
    return client.post(f"/income/{entry.id}/confirm/")


def test_one_enters_and_another_confirms(village, township, home):
    paper = add(village, home, kind="06", photo=photo(files.pdf()))
    made = enter(village, home, document=str(paper.id))
    assert (made.document_id, made.amount) == (paper.id, Decimal("8000.00"))
    assert confirm(village, made).status_code == 403
    assert [(task.title, task.url) for task in township.get("/").context["waiting"] if "收支" in task.title] == [
        ("有1笔收支待确认", page_of(home))
    ]
    assert confirm(township, made)["Location"] == page_of(home)
    seen = village.get(page_of(home))
    assert (seen.context["ledger"].net, [line.entry.state for line in seen.context["lines"]]) == (
        Decimal("8000.00"), ["counts"],
    )  # fmt: skip
    assert ("8,000.00" in seen.content.decode(), "修路务工" in seen.content.decode()) == (True, True)
    assert [task for task in township.get("/").context["waiting"] if "收支" in task.title] == []
    assert confirm(township, made).status_code == 400


def test_a_county_office_never_confirms_its_own(home):
    county = signed_in(Role.COUNTY)
    assert confirm(county, enter(county, home)).status_code == 400
    assert IncomeEntry.objects.get().checked_at is None


@pytest.mark.parametrize(
    ("changed", "field"),
    [
        ({"account": ""}, "account"),
        ({"on": "2015-01-01"}, "on"),
        ({"amount": "0"}, "amount"),
        ({"amount": "x"}, "amount"),
    ],
)
def test_what_is_wrong_stands_at_its_field(village, home, changed, field):
    response = village.post(page_of(home), PAY | changed)
    assert (response.status_code, list(response.context["entry_form"].errors)) == (422, [field])
    assert IncomeEntry.objects.count() == 0


def test_totals_are_settled_from_the_ledger_or_with_a_reason(village, township, home):
    make.make_household_year(home, wage=Decimal(9000))
    confirm(township, enter(village, home))
    assert village.get(page_of(home)).context["ledger"].unsettled
    refused = village.post(f"{page_of(home)}settle/", {"totals_from": TotalsFrom.ENTERED})
    assert (refused.status_code, list(refused.context["settle_form"].errors)) == (422, ["reason"])
    village.post(f"{page_of(home)}settle/", {"totals_from": TotalsFrom.LEDGER})
    assert HouseholdYear.objects.get().wage == Decimal("8000.00")
    seen = village.get(page_of(home)).context["ledger"]
    assert (seen.totals_from, seen.unsettled) == (TotalsFrom.LEDGER, False)


def test_a_wrong_entry_is_withdrawn_with_its_reason(village, home):
    made = enter(village, home)
    assert village.post(f"/income/{made.id}/withdraw/", {"reason": ""}).status_code == 400
    village.post(f"/income/{made.id}/withdraw/", {"reason": "记到了别户"})
    assert "记到了别户" in village.get(page_of(home)).content.decode()


def test_a_locked_year_has_no_forms(village, home):
    make.make_household_year(home, state=YearState.LOCKED)
    seen = village.get(page_of(home)).context["ledger"]
    assert (seen.may_add, seen.may_settle) == (False, False)
    assert village.post(page_of(home), PAY).context["entry_form"].errors
    assert IncomeEntry.objects.count() == 0


def test_readers_without_names_see_no_amounts(village, township, home):
    confirm(township, enter(village, home))
    for role in (Role.PREFECTURE, Role.PROVINCE):
        text = signed_in(role).get(page_of(home)).content.decode()
        assert ("8,000.00" in text, "修路务工" in text) == (False, False)


def test_it_is_not_there_beyond_the_area(home):
    neighbour = signed_in(Role.VILLAGE, make.OTHER_VILLAGE)
    assert [neighbour.get(page_of(home)).status_code, neighbour.post(page_of(home), PAY).status_code] == [404, 404]
    office = signed_in(Role.DEPARTMENT)
    assert (office.get(page_of(home)).status_code, office.post(page_of(home), PAY).status_code) == (200, 403)


def test_so_many_queries_however_many_entries(village, township, home):
    confirm(township, enter(village, home))
    village.get(page_of(home))
    with CaptureQueriesContext(connection) as one:
        village.get(page_of(home))
    for number in range(2):
        confirm(township, enter(village, home, amount=str(10 + number)))
    with CaptureQueriesContext(connection) as three:
        village.get(page_of(home))
    assert len(statements(three)) == len(statements(one)) <= 35
