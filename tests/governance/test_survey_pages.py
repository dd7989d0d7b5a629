"""The pages of surveys: the township's progress, the surveyors' day list, the paper. 演示数据"""

import re

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from lika.accounts.choices import Role
from lika.accounts.models import Official
from lika.governance.models import Survey, SurveyTask, SurveyVisit
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
