"""The pages of surveys: the township's progress, the surveyors' day list, the paper. 演示数据"""

import datetime as dt
import re
from decimal import Decimal

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from lika.accounts.choices import Role
from lika.accounts.models import Official
from lika.collection.rounds.actions import Dates, open_round
from lika.governance.models import Survey, SurveyTask, SurveyVisit
from lika.governance.sheets import sheet_form
from lika.register.actions import Period
from lika.register.models import Household
from lika.register.queries import yearly_facts
from tests import factories as make
from tests.console.officials import signed_in
from tests.web_role import statements

pytestmark = pytest.mark.django_db

TODAY = timezone.localdate().isoformat()


@pytest.fixture
def township() -> Client:
    for number in ("A1", "A2"):
        make.make_household(number=number, head=f"石演示{number}")
    return signed_in(Role.TOWNSHIP)


@pytest.fixture
def village(township: Client) -> Client:
    return signed_in(Role.VILLAGE)


def words(client: Client, address: str) -> str:
    page = client.get(address)
    assert page.status_code == 200
    body = page.content.decode().split('<main id="content"', 1)[1].split("</main>", 1)[0]
    return " ".join(re.sub(r"<[^>]+>", " ", body).split())


def surveyors() -> dict[str, str]:
    first, second = (Official.objects.get(posts__role=role) for role in (Role.VILLAGE, Role.TOWNSHIP))
    return {"first": str(first.pk), "second": str(second.pk)}


def test_a_village_is_surveyed_by_two(township: Client, village: Client) -> None:
    answer = township.post("/surveys/new/", {"village": make.VILLAGE, "purpose": "演示：年度入户"})
    survey = Survey.objects.get()
    assert answer["Location"] == f"/surveys/{survey.pk}/"
    refused = township.post(f"/surveys/{survey.pk}/", surveyors() | {"numbers": "Z9"})
    assert (refused.status_code, "GOV-026" in refused.content.decode()) == (422, True)
    township.post(f"/surveys/{survey.pk}/", surveyors() | {"numbers": "A1，A2"})
    task = SurveyTask.objects.get()
    assert "2户待入户调查" in [each.title for each in village.get("/").context["waiting"]]

    here = f"/surveys/lists/{task.pk}/"
    assert "石演示A1" in words(village, here)
    for visit in SurveyVisit.objects.all():
        done = village.post(
            f"/surveys/visits/{visit.pk}/", {"visited_on": TODAY, "result": "surveyed", "notes_given": "on", "note": ""}
        )
        assert done["Location"] == here
    assert "1份入户调查清单待签字" in [each.title for each in village.get("/").context["waiting"]]
    for client, side in ((village, "first"), (township, "second")):
        client.post(f"{here}sign/{surveyors()[side]}/")
    township.post(f"/surveys/{survey.pk}/close/")
    assert Survey.objects.get().closed_on is not None
    assert "已入户" in words(township, "/surveys/")


def test_the_list_on_paper_is_chinese_and_has_room_for_signatures(township: Client, village: Client) -> None:
    township.post("/surveys/new/", {"village": make.VILLAGE, "purpose": "演示：年度入户"})
    township.post(f"/surveys/{Survey.objects.get().pk}/", surveyors())
    township.cookies["django_language"] = "en"
    paper = words(township, f"/surveys/lists/{SurveyTask.objects.get().pk}/paper/")
    expected = (
        "入户调查清单",
        "1 A1 石演示A1 1",
        "2 A2 石演示A2 1",
        "帮扶须知签收（户主签字）",
        "调查人员（两人签字）：",
    )
    assert [text in paper for text in expected] == [True] * 5


def test_who_does_not_survey_reads_and_marks_nothing(township: Client, village: Client) -> None:
    township.post("/surveys/new/", {"village": make.VILLAGE, "purpose": "演示"})
    township.post(f"/surveys/{Survey.objects.get().pk}/", surveyors())
    visit = SurveyVisit.objects.first()
    colleague, neighbour = signed_in(Role.VILLAGE), signed_in(Role.VILLAGE, make.OTHER_VILLAGE)
    assert "登记入户" not in words(colleague, f"/surveys/lists/{visit.task_id}/")
    given = {"visited_on": TODAY, "result": "surveyed"}
    assert [client.post(f"/surveys/visits/{visit.pk}/", given).status_code for client in (colleague, neighbour)] == [
        403, 404,
    ]  # fmt: skip
    visit.refresh_from_db()
    assert visit.visited_on is None


def test_the_day_list_asks_as_often_for_one_household_as_for_four(township: Client, village: Client) -> None:
    asked = []
    for numbers in ("A1", "A2"):
        if numbers == "A2":
            for more in ("A3", "A4"):
                make.make_household(number=more)
        township.post("/surveys/new/", {"village": make.VILLAGE, "purpose": "演示"})
        survey = Survey.objects.order_by("pk").last()
        township.post(f"/surveys/{survey.pk}/", surveyors() | ({"numbers": "A1"} if numbers == "A1" else {}))
        with CaptureQueriesContext(connection) as captured:
            village.get(f"/surveys/lists/{SurveyTask.objects.order_by('pk').last().pk}/")
        asked.append(len(statements(captured)))
    assert asked[0] == asked[1]
    assert asked[1] <= 12


@pytest.fixture
def task(township: Client) -> SurveyTask:
    """A list of both households; the first has a year with an income, and a second member."""
    first = Household.objects.get(number="A1")
    make.make_household_year(first, wage=Decimal("1234.50"), house_area=Decimal("80.00"), main_cause="01")
    make.make_person(first, name="石演示子")
    township.post("/surveys/new/", {"village": make.VILLAGE, "purpose": "演示：调查摸底"})
    township.post(f"/surveys/{Survey.objects.get().pk}/", surveyors())
    return SurveyTask.objects.get()


class TestSheets:
    def test_each_household_has_three_copies_with_what_is_recorded(self, township, village, task) -> None:
        township.cookies["django_language"] = "en"
        here = f"/surveys/lists/{task.pk}/sheets/"
        told = words(township, here)
        copies = [f"第{each}份：" for each in "一二三"]
        assert [told.count(copy) for copy in copies] == [2, 2, 2]
        assert told.count("工资性收入（元） 1,234.50") == 3
        for expected in ("住房面积（平方米） 80.00", "石演示子", "已登记数据：2016年", "没有年度数据", "003 §四(二)3"):
            assert expected in told
        groups = ("家庭基本情况", "收支情况", "住房情况", "生产生活情况", "产业发展情况", "致贫原因")
        assert [group for group in groups if group not in told] == []
        (visit,) = SurveyVisit.objects.filter(household_id=Household.objects.get(number="A2").pk)
        assert words(township, f"{here}?visit={visit.pk}").count("第一份：") == 1

    def test_its_results_are_entered_in_the_round_where_one_is_open(self, township, village, task) -> None:
        visit = SurveyVisit.objects.get(household_id=Household.objects.get(number="A1").pk)
        page = f"/surveys/visits/{visit.pk}/"
        assert village.get(page).context["enter_url"] == f"/households/{visit.household_id}/changes/"
        period = Period(2017, dt.date(2017, 1, 1), dt.date(2017, 12, 31))
        opened = open_round(
            by=make.make_actor(), division=make.TOWNSHIP, period=period,
            dates=Dates(dt.date(2099, 1, 31), dt.date(2099, 2, 28)),
        )  # fmt: skip
        submission = opened.submissions.get(village=int(make.VILLAGE))
        where = village.get(page).context["enter_url"]
        assert where.endswith(f"/village/{submission.pk}/household/{visit.household_id}/")
        assert village.get(where).status_code == 200

    def test_another_village_prints_none(self, township, village, task) -> None:
        other = signed_in(Role.VILLAGE, make.OTHER_VILLAGE)
        assert other.get(f"/surveys/lists/{task.pk}/sheets/").status_code == 404

    def test_everything_asked_is_a_fact_of_the_yearly_form(self) -> None:
        form = sheet_form()
        asked = {name for group in form.groups for name in group.facts}
        assert asked <= {fact.name for fact in yearly_facts("household", int(make.VILLAGE))}
        assert set(form.members.facts) <= {fact.name for fact in yearly_facts("person", int(make.VILLAGE))}
        assert len(form.copies) == 3
