"""The pages of batches and cases: what they show, to whom, what they say is to be done, and at what cost. 演示数据"""

import datetime as dt

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from lika.accounts.choices import Role
from lika.casework.actions import cases as actions
from lika.casework.models import Batch, Case, Step
from tests import factories as make
from tests.casework.going import COUNTY, TOWNSHIP, VILLAGE, begun, place, propose
from tests.console.officials import signed_in
from tests.web_role import statements

pytestmark = pytest.mark.django_db
LIST = "/casework/batches/"


def asked(client: Client, address: str) -> int:
    with CaptureQueriesContext(connection) as captured:
        assert client.get(address).status_code == 200
    return len(statements(captured))


def test_the_list_shows_the_batches_of_the_area_and_what_waits_for_the_reader():
    batch = begun(place())
    village = signed_in(Role.VILLAGE, VILLAGE)
    page = village.get(LIST)
    shown = [
        (each["line"].batch.division_id, each["line"].cases, each["line"].persons) for each in page.context["lines"]
    ]
    assert (shown, page.context["mine"]) == ([(VILLAGE, 3, 6)], 1)
    county = signed_in(Role.COUNTY, COUNTY).get(LIST)
    assert (len(county.context["lines"]), county.context["mine"]) == (2, 0)
    mine = village.get(f"{LIST}?show=mine").context["lines"]
    assert [each["line"].batch for each in mine] == [batch]


def test_batches_without_a_case_come_last():
    empty = begun(place())
    full = Batch.objects.exclude(pk=empty.pk).get()
    Case.objects.update(batch=full)
    page = signed_in(Role.COUNTY, COUNTY).get(LIST)
    assert [(each["line"].batch, each["line"].cases) for each in page.context["lines"]] == [(full, 3), (empty, 0)]
    assert empty.number < full.number


@pytest.mark.parametrize(("asked_for", "found"), [
    ("", 2), ("kind=application", 2), ("kind=meeting", 0), ("show=closed", 0), ("show=late", 2),
    (f"division={VILLAGE}", 1), ("campaign=nothing", 2),
])  # fmt: skip
def test_the_list_is_narrowed(asked_for, found):
    batch = begun(place())
    yesterday = dt.date(2014, 6, 1)
    actions.set_deadline(by=make.make_actor(COUNTY), campaign=batch.campaign_id, stage="application", due_on=yesterday)
    page = signed_in(Role.TOWNSHIP, TOWNSHIP).get(f"{LIST}?{asked_for}")
    assert len(page.context["lines"]) == found


def test_a_batch_says_whose_turn_it_is():
    batch = begun(place())
    here = f"{LIST}{batch.pk}/"
    mine = signed_in(Role.VILLAGE, VILLAGE).get(here)
    assert (mine.context["on"].may_act, "轮到您办理" in mine.content.decode()) == (True, True)
    theirs = signed_in(Role.TOWNSHIP, TOWNSHIP).get(here)
    assert (theirs.context["on"].may_act, "轮到您办理" in theirs.content.decode()) == (False, False)
    assert [each.stage.id for each in theirs.context["course"]][:3] == ["application", "appraisal", "verification"]
    assert signed_in(Role.VILLAGE, "451081105201").get(here).status_code == 404


def test_a_case_shows_what_was_done_and_its_reasons_only_where_names_are_read():
    batch = begun(place(1))
    case = Case.objects.get()
    Step.objects.create(
        case=case, batch=batch, stage="application", to_stage="application", result="screened", reason="演示：核实住房",
        by_name="演示", at=case.opened_at,
    )  # fmt: skip
    here = f"/casework/cases/{case.pk}/"
    page = signed_in(Role.VILLAGE, VILLAGE).get(here)
    assert [each.result for each in page.context["steps"]] == ["taken_in", "screened"]
    assert "演示：核实住房" in page.content.decode()
    assert "演示：核实住房" not in signed_in(Role.PREFECTURE, "451000000000").get(here).content.decode()


def test_a_batch_of_many_cases_costs_no_more_than_one_of_few():
    at = place(2)
    batch = begun(at)
    village, here = signed_in(Role.VILLAGE, VILLAGE), f"{LIST}{batch.pk}/"
    few = asked(village, here), asked(village, LIST)
    at.households += [make.make_household(VILLAGE, number=f"JY{n}", members=1) for n in range(10)]
    propose(at, batch.campaign)
    assert Batch.objects.get(number=int(VILLAGE)).cases.count() == 12
    assert (asked(village, here), asked(village, LIST)) == few
    assert few[0] <= 15
    assert few[1] <= 12


def test_the_home_page_tells_whose_turn_it_is_and_what_is_late():
    batch = begun(place())
    county = make.make_actor(COUNTY)
    actions.set_deadline(by=county, campaign=batch.campaign_id, stage="application", due_on=dt.date(2014, 6, 1))
    tasks = signed_in(Role.VILLAGE, VILLAGE).get("/").context["waiting"]
    found = [(each.title, each.explanation, each.url) for each in tasks if "案件" in each.title]
    assert found == [("1批案件待您办理", "其中逾期1件。", f"{LIST}?show=mine")]
    assert [
        each for each in signed_in(Role.TOWNSHIP, TOWNSHIP).get("/").context["waiting"] if "案件" in each.title
    ] == []
