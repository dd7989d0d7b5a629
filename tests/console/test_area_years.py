"""The yearly figures of villages and counties: entered by one, confirmed by another, corrected once locked. 演示数据"""

import datetime as dt

import pytest
from django.test import Client

from lika.accounts.choices import Role
from lika.register.actions import open_year
from lika.register.choices import ChangeState, YearState
from lika.register.models import Change, CountyYear
from tests import factories as make
from tests.console.officials import signed_in

pytestmark = pytest.mark.django_db

COUNTY_PAGE, VILLAGE_PAGE = f"/years/{make.COUNTY}/", f"/years/{make.VILLAGE}/"
PERIOD = {"period_from": "2016-01-01", "period_to": "2016-12-31"}
WHY = {"effective_on": "2017-02-01", "reason": "统计口径有误", "evidence": "统计年鉴"}


@pytest.fixture
def office() -> Client:
    return signed_in(Role.COUNTY)


@pytest.fixture
def colleague() -> Client:
    return signed_in(Role.COUNTY)


def may(client: Client, page: str) -> list[tuple[int, str, set[str]]]:
    """The years of a page: data year, state, and what its reader may do."""
    return [
        (
            row.data_year,
            row.state,
            {name for name in ("enter", "confirm", "lock", "correct") if getattr(row, f"may_{name}")},
        )
        for row, _word, _sign in client.get(page).context["lines"]
    ]


def waiting(client: Client) -> list[tuple[str, str]]:
    return [(task.title, task.url) for task in client.get("/").context["waiting"] if "/years/" in task.url]


def enter(client: Client, **values: str) -> int:
    return client.post(
        f"{COUNTY_PAGE}2016/", PERIOD | {f"county-{name}": value for name, value in values.items()}
    ).status_code


def settle(client: Client, step: str) -> str:
    """Where a step leads the county's year of 2016."""
    row = CountyYear.objects.get(county=int(make.COUNTY), data_year=2016)
    client.post(f"{COUNTY_PAGE}{row.pk}/settle/", {"step": step})
    row.refresh_from_db()
    return row.state


def test_one_enters_another_confirms_and_it_is_locked(office, colleague):
    assert enter(office, rural_households="52000", net_income_per_head="5,436") == 422
    assert enter(office, rural_households="52000", net_income_per_head="5436.5") == 302
    row = CountyYear.objects.get()
    assert (row.rural_households, str(row.net_income_per_head), row.period_to, row.state) == (
        52000, "5436.50", dt.date(2016, 12, 31), YearState.DRAFT,
    )  # fmt: skip
    assert may(office, COUNTY_PAGE) == [(2016, "draft", {"enter"})]
    assert may(colleague, COUNTY_PAGE) == [(2016, "draft", {"enter", "confirm"})]
    assert (waiting(office), waiting(colleague)) == ([], [("2016年县级采集表待确认", COUNTY_PAGE)])
    assert settle(office, "confirm") == YearState.DRAFT  # whoever entered it
    assert settle(colleague, "lock") == YearState.DRAFT  # before it is confirmed
    assert settle(colleague, "confirm") == YearState.CONFIRMED
    assert may(colleague, COUNTY_PAGE) == [(2016, "confirmed", {"enter", "lock"})]
    assert settle(office, "lock") == YearState.LOCKED
    assert may(office, COUNTY_PAGE) == [(2016, "locked", {"correct"})]
    assert enter(office, rural_households="1") == 422
    assert CountyYear.objects.get().rural_households == 52000


def test_last_year_stands_beside_the_form_and_the_period_is_held(office):
    make.make_county_year(year=2015, rural_households=51000)
    page = office.get(f"{COUNTY_PAGE}2016/")
    told = {line.bound.name: (line.last, line.bound.value()) for line in page.context["lines"]}
    assert told["rural_households"] == ("51000", 51000)
    assert page.context["period"].initial == {
        "period_from": dt.date(2016, 1, 1),
        "period_to": dt.date(2016, 12, 31),
    }
    backwards = {"period_from": "2016-12-31", "period_to": "2016-01-01"}
    assert office.post(f"{COUNTY_PAGE}2016/", backwards).status_code == 422
    assert not CountyYear.objects.filter(data_year=2016).exists()


def test_the_year_being_collected_waits_to_be_entered(office):
    make.make_division(make.VILLAGE)
    open_year(by=make.make_actor(), division=make.COUNTY, data_year=2016)
    assert waiting(office) == [("2016年县级采集表待填报", f"{COUNTY_PAGE}2016/")]
    assert waiting(signed_in(Role.TOWNSHIP)) == []
    enter(office, rural_households="52000")
    assert waiting(office) == []


def test_nobody_else_enters_or_confirms_it(office):
    enter(office, rural_households="52000")
    row = CountyYear.objects.get()
    for role in (Role.VILLAGE, Role.TOWNSHIP):
        client = signed_in(role)
        assert client.get(f"{COUNTY_PAGE}2016/").status_code == 403
        assert may(client, COUNTY_PAGE) == [(2016, "draft", set())]
    step = {"step": "confirm"}
    assert signed_in(Role.TOWNSHIP).post(f"{COUNTY_PAGE}{row.pk}/settle/", step).status_code == 403
    assert office.get(f"/years/{make.TOWNSHIP}/").status_code == 404
    assert signed_in(Role.COUNTY, "621202000000").get(COUNTY_PAGE).status_code == 403


def test_a_county_year_by_two_persons_with_its_history_and_undone(office, colleague):
    row = make.make_county_year(year=2016, rural_households=52000, state=YearState.LOCKED)
    page = f"{COUNTY_PAGE}correct/"
    given = WHY | {"row": f"county_year:{row.pk}", "field": "county_year:rural_households", "value": "51900"}
    assert office.get(f"{page}?year=2016").context["form"].initial == {"row": f"county_year:{row.pk}"}
    assert set(office.post(page, given | {"reason": ""}).context["form"].errors) == {"reason"}
    assert set(office.post(page, given | {"value": "很多"}).context["form"].errors) == {"value"}
    assert set(office.post(page, given | {"value": "52000"}).context["form"].errors) == {"__all__"}
    assert office.post(page, given).status_code == 302
    change = Change.objects.get()
    office.post(f"/changes/{change.pk}/check/")
    assert Change.objects.get().state == ChangeState.PROPOSED  # a second person
    assert colleague.get(f"/changes/{change.pk}/").context["told"].of_area
    colleague.post(f"/changes/{change.pk}/check/")
    row.refresh_from_db()
    assert (row.rural_households, row.state) == (51900, YearState.LOCKED)
    (told,) = office.get(COUNTY_PAGE).context["changes"]
    assert [(each.label, each.old, each.new) for each in told.blocks[0].rows] == [
        ("农村户数（户）", "52,000", "51,900")
    ]
    assert (told.view.reason, told.place) == ("统计口径有误", "宕昌县")

    colleague.post(f"/changes/{change.pk}/undo/", {"reason": "原数无误"})
    undoing = Change.objects.get(reverses=change)
    office.post(f"/changes/{undoing.pk}/check/")
    row.refresh_from_db()
    assert row.rural_households == 52000
    assert [each.kind for each in office.get(COUNTY_PAGE).context["changes"]] == ["撤销变更", "已锁定年度数据更正"]


def test_a_village_year_is_checked_by_the_township():
    make.make_household()
    row = make.make_village_year(year=2016, bus=False, state=YearState.LOCKED)
    village, township = signed_in(Role.VILLAGE), signed_in(Role.TOWNSHIP)
    given = WHY | {"row": f"village_year:{row.pk}", "field": "village_year:bus", "value": "是"}
    assert village.post(f"{VILLAGE_PAGE}correct/", given).status_code == 302
    township.post(f"/changes/{Change.objects.get().pk}/check/")
    row.refresh_from_db()
    assert row.bus is True
    assert len(village.get(VILLAGE_PAGE).context["changes"]) == 1
    assert signed_in(Role.VILLAGE, make.OTHER_VILLAGE).get(VILLAGE_PAGE).status_code == 403


def test_what_is_not_locked_is_not_offered():
    make.make_household()
    row = make.make_village_year(year=2016)
    village = signed_in(Role.VILLAGE)
    assert may(village, VILLAGE_PAGE) == [(2016, "draft", set())]
    given = WHY | {"row": f"village_year:{row.pk}", "field": "village_year:bus", "value": "是"}
    assert village.post(f"{VILLAGE_PAGE}correct/", given).status_code == 422
    assert "没有已锁定的年度" in village.get(f"{VILLAGE_PAGE}correct/").content.decode()


def test_a_village_reads_the_countys_figures_and_not_its_corrections(office):
    make.make_household()
    row = make.make_county_year(year=2016, rural_households=52000, state=YearState.LOCKED)
    given = WHY | {"row": f"county_year:{row.pk}", "field": "county_year:rural_households", "value": "1"}
    office.post(f"{COUNTY_PAGE}correct/", given)
    village = signed_in(Role.VILLAGE)
    assert village.get(COUNTY_PAGE).context["changes"] == []
    assert len(office.get(COUNTY_PAGE).context["changes"]) == 1
    assert village.post(f"{COUNTY_PAGE}correct/", given).status_code == 403
