"""The information officer's page: what to enter and correct, whom policy reached. 演示数据"""

import datetime as dt
from pathlib import Path

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from lika.accounts.choices import Role
from lika.accounts.models import Official
from lika.collection.models import Comparison, FoundDifference
from lika.governance.actions import duties
from lika.governance.choices import Channel, RequestKind, RequestState
from lika.governance.models import ServiceRequest
from lika.register.models import Household, HouseholdYear
from tests import factories as make
from tests.console.officials import signed_in
from tests.governance import packs
from tests.web_role import statements

pytestmark = pytest.mark.django_db

TODAY = timezone.localdate()
NONE_WAITING = {
    "年度采集待填农户": 0, "交办的数据问题": 0, "与国家系统不一致的农户": 0, "数据陈旧的农户": None,
    "待您答复的群众诉求": 0,
}  # fmt: skip


@pytest.fixture
def officer() -> Client:
    return signed_in(Role.VILLAGE)


def work(client: Client, asked: str = "") -> dict[str, int | None]:
    return {str(line.title): line.count for line in client.get(f"/officer/{asked}").context["work"]}


def differs(household: Household, what: str = "value:households:phone") -> None:
    compared = Comparison.objects.create(
        profile="national-2018@1", data_year=2016, file_name="演示", by_name="system:test", state="ready",
        finished_at=timezone.now(),
    )  # fmt: skip
    FoundDifference.objects.create(
        system="national-2018", household_id=household.pk, village=household.village, what=what, comparison=compared
    )


def asked_of(client: Client, household: Household, due_on: dt.date) -> None:
    """A request of the household that is assigned to whoever is signed in."""
    ServiceRequest.objects.create(
        number="621223100-2016-0001", township=int(make.TOWNSHIP), village=household.village,
        household_id=household.pk, kind=RequestKind.CHANGE, channel=Channel.WINDOW, applicant="演示", text="演示",
        received_on=due_on - dt.timedelta(days=3), received_by="演示", due_on=due_on, state=RequestState.ASSIGNED,
        assigned_to=Official.objects.get(user_id=client.session["_auth_user_id"]),
    )  # fmt: skip


def test_where_nothing_waits_every_kind_of_work_says_so(officer: Client) -> None:
    make.make_household(number="A1")
    assert work(officer) == NONE_WAITING
    page = officer.get("/officer/").content.decode()
    assert page.count("无待办") == 4
    assert "现行政策包未规定数据时限：待补充依据。" in page


def test_what_waits_is_counted_and_leads_to_as_many(officer: Client, tmp_path: Path) -> None:
    packs.give(tmp_path, data_fresh_days=30, data_old_days=90)
    fresh, old = make.make_household(number="A1"), make.make_household(number="A2")
    for household, days in ((fresh, 5), (old, 400)):
        on = TODAY - dt.timedelta(days=days)
        year = make.make_household_year(household)
        HouseholdYear.objects.filter(pk=year.pk).update(period_from=on, period_to=on)
    differs(old, "value:households:phone value:household_years:wage ours:persons:")
    differs(make.make_household(make.OTHER_VILLAGE, number="B1"))
    asked_of(officer, fresh, TODAY - dt.timedelta(days=1))
    assert work(officer) == NONE_WAITING | {
        "与国家系统不一致的农户": 1, "数据陈旧的农户": 1, "待您答复的群众诉求": 1
    }  # fmt: skip
    answer = officer.get("/officer/")
    lines = {str(line.title): line for line in answer.context["work"]}
    assert lines["待您答复的群众诉求"].sign == "late"
    listed = officer.get(lines["数据陈旧的农户"].url).content.decode()
    assert ("A2</a>" in listed, "A1</a>" in listed) == (True, False)
    assert [(each.number, list(each.fields)) for each in answer.context["differing"]] == [
        ("A2", ["联系电话", "工资性收入", "家庭成员"])
    ]


def test_the_numbers_of_the_coverage_open_lists_of_as_many(officer: Client) -> None:
    household = make.make_household(number="A1", members=2)
    make.make_household_year(household, dibao_listed=True)
    make.make_household(number="A2")
    lines = {line.name: dict(line.numbers) for line in officer.get("/officer/").context["coverage"]}
    assert lines["dibao_listed"] == {"yes": 1, "no": 0, "unknown": 1}
    assert lines["basic_medical"] == {"yes": 0, "no": 0, "unknown": 3}
    page = officer.get("/officer/policy/dibao_listed/yes/")
    assert [line["number"] for line in page.context["lines"]] == ["A1"]
    persons = officer.get("/officer/policy/basic_medical/unknown/")
    assert [line["number"] for line in persons.context["lines"]] == ["A1", "A1", "A2"]
    assert officer.get("/officer/policy/basic_medical/perhaps/").status_code == 404
    assert officer.get("/officer/policy/none/yes/").status_code == 404


def test_the_officer_of_the_year_is_named(officer: Client) -> None:
    assert officer.get("/officer/").context["named"] == ""
    assert "本年度尚未明确专职信息员" in officer.get("/officer/").content.decode()
    duties.appoint_by_name(
        by=make.make_actor(), name="演示·信息员", organisation="", duty_id="information_officer",
        division=make.VILLAGE, begins_on=TODAY,
    )  # fmt: skip
    assert officer.get("/officer/").context["named"] == "演示·信息员"


def test_another_village_is_not_theirs_and_a_township_chooses_one(officer: Client) -> None:
    make.make_household(make.OTHER_VILLAGE, number="B1")
    assert officer.get(f"/officer/?division={make.OTHER_VILLAGE}").status_code == 404
    township = signed_in(Role.TOWNSHIP)
    page = township.get("/officer/").content.decode()
    assert (f"?division={make.VILLAGE}" in page, f"?division={make.OTHER_VILLAGE}" in page) == (True, True)
    assert work(township, f"?division={make.VILLAGE}") == NONE_WAITING


def test_the_home_page_leads_there_those_who_enter_data(officer: Client) -> None:
    link = f'href="/officer/?division={make.VILLAGE}"'
    assert link in officer.get("/").content.decode()
    assert "/officer/" not in signed_in(Role.AUDITOR).get(f"/?division={make.VILLAGE}").content.decode()
    assert "/officer/" not in signed_in(Role.TOWNSHIP).get("/").content.decode()


def test_more_households_ask_no_more_queries(officer: Client) -> None:
    asked = []
    for numbers in (["A1"], ["A2", "A3", "A4"]):
        for number in numbers:
            household = make.make_household(number=number, members=2)
            make.make_household_year(household)
            differs(household)
        officer.get("/officer/")
        with CaptureQueriesContext(connection) as queries:
            officer.get("/officer/")
        asked.append(len(statements(queries)))
    assert asked[0] == asked[1]
