"""The pages of duties, and what the home page tells of them. 演示数据"""

import datetime as dt
import re

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from lika.accounts.choices import Role
from lika.accounts.models import Official
from lika.governance.models import DutyTerm
from tests import factories as make
from tests.console.officials import signed_in
from tests.web_role import statements

pytestmark = pytest.mark.django_db

YEAR = timezone.localdate().year
NAMING = f"/duties/appoint/?division={make.VILLAGE}&duty=information_officer&year={YEAR}"


def rows(client, address: str = "/duties/") -> list[str]:
    page = client.get(address)
    assert page.status_code == 200
    body = re.search(r"<tbody>(.*?)</tbody>", page.content.decode(), re.DOTALL)
    lines = re.findall(r"<tr>(.*?)</tr>", body[1], re.DOTALL) if body else []
    return [" ".join(re.sub(r"<[^>]+>", " ", line).split()) for line in lines]


def test_a_township_names_a_holder_and_another_after_that() -> None:
    client = signed_in(Role.TOWNSHIP)
    make.make_division(make.VILLAGE)
    assert rows(client)[2] == "石磊村 专职信息员 — 空缺 落实人员"
    given = {"name": "演示·新信息员", "begins_on": f"{YEAR}-01-01"}
    answer = client.post(NAMING, given)
    assert (answer.status_code, answer["Location"]) == (302, f"/duties/?division={make.VILLAGE}&year={YEAR}")
    assert rows(client)[2] == f"石磊村 专职信息员 演示·新信息员 自{YEAR}年1月1日起 已落实 调整"
    term = DutyTerm.objects.get()
    assert client.get(NAMING).status_code == 200
    assert "GOV-002" in client.post(NAMING, given | {"name": "演示·另一人"}).content.decode()

    page = client.post(f"/duties/{term.pk}/end/", {"last_day": f"{YEAR}-01-31", "reason": ""})
    assert (page.status_code, DutyTerm.objects.get().ended_on) == (422, None)
    answer = client.post(f"/duties/{term.pk}/end/", {"last_day": f"{YEAR}-01-31", "reason": "工作调动"})
    assert answer["Location"] == f"/duties/appoint/?division={make.VILLAGE}&duty=information_officer&year={YEAR}"
    # Who held it before is still known and can be chosen.
    again = {"official": str(Official.objects.get(name="演示·新信息员").pk), "begins_on": f"{YEAR}-02-01"}
    assert client.post(NAMING, again).status_code == 302
    assert rows(client)[2] == (
        f"石磊村 专职信息员 演示·新信息员 自{YEAR}年2月1日起 演示·新信息员 {YEAR}年1月1日 – {YEAR}年1月31日 已落实 调整"
    ).replace(" – ", "–")


def test_one_person_and_no_more_is_named() -> None:
    client = signed_in(Role.TOWNSHIP)
    make.make_division(make.VILLAGE)
    page = client.post(NAMING, {"name": "", "begins_on": f"{YEAR}-01-01"})
    assert (page.status_code, DutyTerm.objects.count()) == (422, 0)
    assert "只能落实一人。" in page.content.decode()


def test_a_county_sees_where_somebody_is_missing_and_goes_there() -> None:
    client = signed_in(Role.COUNTY)
    make.make_division(make.VILLAGE)
    assert rows(client) == ["城关镇 4 0 4"]
    assert len(rows(client, f"/duties/?division={make.TOWNSHIP}&vacant=1")) == 4


def test_a_village_reads_its_own_and_names_nobody() -> None:
    make.make_division(make.OTHER_VILLAGE)
    client = signed_in(Role.VILLAGE)
    assert rows(client) == ["石磊村 专职信息员 — 空缺", "石磊村 村动态管理人员 — 空缺"]
    assert client.get(NAMING).status_code == 403
    assert client.get(f"/duties/?division={make.OTHER_VILLAGE}").status_code == 403


def test_the_home_page_tells_of_vacancies_those_who_fill_them() -> None:
    make.make_division(make.VILLAGE)
    told = [task.title for task in signed_in(Role.TOWNSHIP).get("/").context["waiting"]]
    assert told == [f"{YEAR}年有4项职责空缺"]
    assert signed_in(Role.VILLAGE).get("/").context["waiting"] == []
    assert signed_in(Role.PROVINCE).get("/").context["waiting"] == []


def test_last_year_is_carried_over_from_the_page() -> None:
    client = signed_in(Role.TOWNSHIP)
    make.make_division(make.VILLAGE)
    client.post(NAMING.replace(str(YEAR), str(YEAR - 1)), {"name": "演示甲", "begins_on": f"{YEAR - 1}-02-01"})
    assert "沿用上年人员" in client.get("/duties/").content.decode()
    client.post(f"/duties/carry-over/?division={make.TOWNSHIP}&year={YEAR}")
    assert [(term.year, term.begins_on) for term in DutyTerm.objects.order_by("year")] == [
        (YEAR - 1, dt.date(YEAR - 1, 2, 1)),
        (YEAR, dt.date(YEAR, 1, 1)),
    ]
    assert "沿用上年人员" not in client.get("/duties/").content.decode()


def test_the_page_asks_as_often_for_one_village_as_for_three() -> None:
    client = signed_in(Role.TOWNSHIP)
    asked = []
    for last in (201, 203, 205):
        make.make_division(f"621223100{last}")
        with CaptureQueriesContext(
            connection,
        ) as captured:
            client.get("/duties/")
        asked.append(len(statements(captured)))
    assert asked[0] == asked[-1]
    assert asked[-1] <= 12
