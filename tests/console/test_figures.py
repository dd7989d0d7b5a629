"""The five figures of the home page: whose, what they count, and that the list behind each has as many lines.

演示数据
"""

import datetime as dt
from decimal import Decimal

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from lika.accounts.choices import Role
from lika.accounts.models import Grant, Post
from lika.console.figures import figures_of
from lika.console.queries.figures import Figure
from lika.core import audit
from lika.core.models import AuditEntry
from lika.register.choices import Axis
from lika.register.models import Household
from lika.snapshots import actions
from lika.snapshots.models import Screening
from tests import factories as make
from tests.console.officials import signed_in
from tests.console.taking import lines, take

pytestmark = pytest.mark.django_db

Houses = dict[str, Household]


@pytest.fixture
def houses() -> Houses:
    """Two villages of the county and one of another: each household lacks, or has, what some figure counts."""
    made = {
        "poor": make.make_household(number="A1", members=3, identified_year=2014, status_on=dt.date(2014, 6, 1)),
        "exited": make.make_household(
            make.OTHER_VILLAGE, number="A2", members=2, poverty="30", identified_year=2014,
            status_on=dt.date(2016, 12, 1),
        ),
        "returned": make.make_household(
            number="A3", members=1, poverty="40", identified_year=2014, status_on=dt.date(2016, 5, 1)
        ),
        "ordinary": make.make_household(make.OTHER_VILLAGE, number="A4", members=4, poverty="00"),
        "elsewhere": make.make_household(make.ELSEWHERE, number="B1", members=2, poverty="30"),
    }  # fmt: skip
    make.make_household_year(made["poor"], 2015, housing_grade="D", safe_water=False)
    make.make_household_year(made["poor"], housing_grade="C", safe_water=True, dibao_listed=True)
    make.make_household_year(made["exited"], 2015, housing_grade="A", safe_water=True)
    make.make_household_year(made["exited"], housing_grade="A", safe_water=False, state="confirmed")
    make.make_household_year(made["ordinary"], housing_grade="", safe_water=None)
    make.make_county_year(rural_registered_population=200)
    return made


def figures(client: Client, **asked: str) -> list[Figure]:
    response = client.get("/", asked)
    assert response.status_code == 200
    return response.context["figures"]


def told(client: Client, **asked: str) -> dict[str, str]:
    return {figure.key: figure.value for figure in figures(client, **asked)}


def listed(client: Client, figure: Figure) -> tuple[int, list[str]]:
    response = client.get(figure.url)
    assert response.status_code == 200
    return response.context["list"].total, [line.number for line in response.context["lines"]]


class TestByRole:
    @pytest.mark.parametrize(
        ("role", "expected"),
        [
            (Role.VILLAGE, {"poor": "2", "uncollected": "1", "unsafe_housing": "1", "unsafe_water": "0", "dibao": "1"}),
            (
                Role.TOWNSHIP,
                {"poor": "2", "drafts": "2", "exited_year": "1", "returned_year": "1", "uncollected": "1"},
            ),
            (
                Role.COUNTY,
                {"poor": "2", "incidence": "2.00%", "exited_year": "1", "returned_year": "1", "drafts": "2"},
            ),
            (
                Role.DEPARTMENT,
                {"unsafe_housing": "1", "unsafe_water": "1", "dibao": "1", "poor": "2", "exited_year": "1"},
            ),
            (
                Role.PREFECTURE,
                {"poor": "2", "incidence": "—", "exited_year": "1", "returned_year": "1", "removed_year": "0"},
            ),
            (
                Role.PROVINCE,
                {"incidence": "—", "poor": "2", "exited_year": "1", "returned_year": "1", "removed_year": "0"},
            ),
            (
                Role.AUDITOR,
                {"removed_year": "0", "returned_year": "1", "no_decision": "2", "exited_year": "1", "poor": "2"},
            ),
        ],
    )
    def test_five_over_the_own_area_and_no_further(self, houses: Houses, role: Role, expected: dict[str, str]) -> None:
        found = figures(signed_in(role))
        assert {figure.key: figure.value for figure in found} == expected
        assert [figure.key for figure in found] == list(expected)

    def test_a_helper_is_told_of_the_households_granted(self, houses: Houses) -> None:
        client = signed_in(Role.HELPER, households=[houses["poor"], houses["exited"]])
        assert told(client) == {
            "in_sight": "2", "poor": "1", "uncollected": "0", "unsafe_housing": "1", "unsafe_water": "1",
        }  # fmt: skip

    def test_an_evaluator_is_told_of_the_village_granted(self, houses: Houses) -> None:
        client = signed_in(Role.EVALUATOR, villages=[make.OTHER_VILLAGE])
        assert told(client) == {
            "poor": "0", "exited": "1", "unregistered": "1", "returned_year": "0", "exited_lacking": "1",
        }  # fmt: skip

    def test_an_administrator_has_none(self, houses: Houses) -> None:
        assert "figures" not in signed_in(Role.ADMINISTRATOR).get("/").context

    def test_a_helper_without_grants_has_none(self, houses: Houses) -> None:
        assert told(signed_in(Role.HELPER)) == {
            "in_sight": "0", "poor": "0", "uncollected": "0", "unsafe_housing": "0", "unsafe_water": "0",
        }  # fmt: skip

    def test_a_division_below_is_told_by_its_own_households(self, houses: Houses) -> None:
        assert told(signed_in(Role.COUNTY), division=make.OTHER_VILLAGE) == {
            "poor": "0", "incidence": "—", "exited_year": "1", "returned_year": "0", "drafts": "1",
        }  # fmt: skip


class TestListsBehind:
    @pytest.mark.parametrize("role", [role for role in Role if figures_of(role)])
    def test_each_has_as_many_lines_as_its_figure_says(self, houses: Houses, role: Role) -> None:
        grants = {"households": [houses["poor"], houses["exited"]]} if role == Role.HELPER else {}
        grants = {"villages": [make.OTHER_VILLAGE]} if role == Role.EVALUATOR else grants
        client = signed_in(role, **grants)
        for figure in figures(client):
            if figure.key == "incidence" or not figure.url:
                continue
            assert (figure.key, f"{listed(client, figure)[0]:,}") == (figure.key, figure.value)

    def test_the_list_says_what_it_holds_and_how_many_people(self, houses: Houses) -> None:
        client = signed_in(Role.COUNTY)
        poor = next(figure for figure in figures(client) if figure.key == "poor")
        assert (poor.note, listed(client, poor)) == ("4 人", (2, ["A1", "A3"]))
        page = client.get(poor.url)
        assert (page.context["named"].title, page.context["persons"]) == ("现有贫困户", 4)
        assert "003 §七(一)" in page.content.decode()

    def test_incidence_leads_to_the_poor_that_it_is_worked_out_from(self, houses: Houses) -> None:
        client = signed_in(Role.COUNTY)
        share = next(figure for figure in figures(client) if figure.key == "incidence")
        assert share.note == "2016 年农村户籍人口 200 人，其中贫困人口 4 人；没有更早的记录"
        page = client.get(share.url)
        assert (page.context["list"].total, page.context["persons"]) == (2, 4)

    def test_a_further_filter_keeps_the_list(self, houses: Houses) -> None:
        client = signed_in(Role.COUNTY)
        poor = next(figure for figure in figures(client) if figure.key == "poor")
        page = client.get(f"{poor.url}&poverty=40")
        assert [line.number for line in page.context["lines"]] == ["A3"]
        assert page.context["carried"] == [("figure", "poor"), ("year", "2016")]
        assert '<input type="hidden" name="figure" value="poor">' in page.content.decode()

    def test_the_audit_says_which_list_left_as_a_file(self, houses: Houses) -> None:
        asked = {"figure": "exited_year", "year": "2016"}
        assert len(lines(take(signed_in(Role.COUNTY), "households", asked))) == 1
        _old, kept = audit.told(AuditEntry.objects.get(action="list.exported"))
        assert kept is not None
        assert (kept["rows"], kept["named"]) == (1, asked)

    def test_what_tells_of_persons_is_refused_where_persons_are_masked(self, houses: Houses) -> None:
        asked = {"figure": "unsafe_housing", "year": "2016"}
        assert signed_in(Role.PREFECTURE).get("/households/", asked).status_code == 403
        assert signed_in(Role.COUNTY).get("/households/", asked).context["list"].total == 1

    def test_with_two_posts_it_is_counted_and_listed_where_names_are_read(self, houses: Houses) -> None:
        client = signed_in(Role.PREFECTURE)
        official = Post.objects.get().official
        Post.objects.create(
            official=official,
            role=Role.VILLAGE,
            division=make.make_division(make.VILLAGE),
            valid_from=dt.date(2014, 1, 1),
        )
        page = client.get("/households/", {"figure": "unsafe_water", "year": "2016"})
        assert [line.number for line in page.context["lines"]] == []
        page = client.get("/households/", {"figure": "unsafe_housing", "year": "2016"})
        assert [line.number for line in page.context["lines"]] == ["A1"]

    @pytest.mark.parametrize(
        "asked",
        [
            {"figure": "nonsense", "year": "2016"},
            {"figure": "poor"},
            {"figure": "poor", "year": "20x6"},
            {"figure": "poor", "year": "99999"},
            {"figure": "unknown", "year": "2016"},
            {"figure": "villages_met", "year": "2016"},
        ],
    )
    def test_a_list_that_there_is_not_is_refused(self, houses: Houses, asked: dict[str, str]) -> None:
        response = signed_in(Role.COUNTY).get("/households/", asked)
        assert response.status_code == 404
        assert "CON-004" in response.content.decode()

    def test_a_helper_finds_no_household_beyond_the_grants(self, houses: Houses) -> None:
        client = signed_in(Role.HELPER, households=[houses["exited"]])
        page = client.get("/households/", {"figure": "poor", "year": "2016"})
        assert [line.number for line in page.context["lines"]] == []


class TestTrend:
    def trends(self, client: Client) -> dict[str, list[int]]:
        return {figure.key: list(figure.trend) for figure in figures(client)}

    def test_it_follows_status_events_and_rows_year_by_year(self, houses: Houses) -> None:
        # At the end of 2015 the household that left poverty in 2016 was poor, and so was the one that returned.
        assert self.trends(signed_in(Role.COUNTY)) == {
            "poor": [3, 2, 2], "incidence": [], "exited_year": [0, 1], "returned_year": [0, 1], "drafts": [2, 2],
        }  # fmt: skip

    def test_a_later_event_is_told_in_its_year(self, houses: Houses) -> None:
        make.make_status(houses["exited"], Axis.POVERTY, "40", on=dt.date(2017, 3, 1), before="30")
        Household.objects.filter(pk=houses["exited"].pk).update(poverty_status="40")
        make.make_household_year(houses["exited"], 2017)
        found = self.trends(signed_in(Role.COUNTY))
        assert (found["poor"], found["exited_year"], found["returned_year"]) == ([3, 2, 3, 3], [0, 1, 0], [0, 1, 1])

    def test_its_words_give_every_point(self, houses: Houses) -> None:
        client = signed_in(Role.COUNTY)
        poor = next(figure for figure in figures(client) if figure.key == "poor")
        assert poor.trend_text == "现有贫困户：2015年3、2016年2、目前2"
        assert f'aria-label="{poor.trend_text}"' in client.get("/").content.decode()
        english = Client(headers={"accept-language": "en"})
        english.force_login(
            client.get("/").wsgi_request.user, backend="allauth.account.auth_backends.AuthenticationBackend"
        )
        found = next(figure for figure in figures(english) if figure.key == "poor")
        assert (found.label, found.trend_text) == ("Poor households", "Poor households: 2015: 3, 2016: 2, now: 2")

    def test_grants_are_told_by_the_years_in_which_they_held(self, houses: Houses) -> None:
        client = signed_in(Role.HELPER, households=[houses["poor"], houses["exited"]])
        Grant.objects.filter(household_id=houses["exited"].id).update(valid_from=dt.date(2016, 3, 1))
        assert self.trends(client)["in_sight"] == [1, 2, 2]


class TestMeaning:
    def test_it_stands_at_the_name_in_both_languages_with_its_source(self, houses: Houses) -> None:
        page = signed_in(Role.COUNTY).get("/").content.decode()
        assert '<button class="term-word" type="button" aria-describedby="figure-poor">现有贫困户</button>' in page
        assert '<span class="term-other" lang="en"><b>Poor households</b> Households on the register whose' in page
        assert "出处 003 §七(一)：“负责及时调查和掌握全村贫困人口脱贫和返贫情况”" in page

    def test_the_years_of_names_are_filled_in(self, houses: Houses) -> None:
        assert [figure.label for figure in figures(signed_in(Role.AUDITOR))][:2] == ["2016年清退户", "2016年返贫户"]

    @pytest.mark.parametrize("role", [role for role in Role if figures_of(role)])
    def test_every_role_has_at_least_five(self, role: Role) -> None:
        assert len(figures_of(role)) >= 5

    def test_no_data_is_told_as_nothing_yet(self) -> None:
        make.make_division(make.VILLAGE)
        found = figures(signed_in(Role.COUNTY))
        assert [(figure.value, list(figure.trend)) for figure in found] == [
            ("0", []), ("—", []), ("0", []), ("0", []), ("0", []),
        ]  # fmt: skip
        assert (found[0].note, found[2].note) == ("0 人", "没有更早的记录")


@pytest.mark.django_db(transaction=True)
class TestScreened:
    def test_verdicts_are_counted_and_listed(self, screened: Screening) -> None:
        client = signed_in(Role.COUNTY)
        found = {figure.key: figure for figure in figures(client)}
        assert list(found) == ["poor", "incidence", "met_poor", "exited_year", "returned_year"]
        assert (found["met_poor"].value, listed(client, found["met_poor"])[0]) == ("2", 2)

    def test_villages_lead_to_their_list(self, screened: Screening) -> None:
        client = signed_in(Role.PREFECTURE)
        villages = {figure.key: figure for figure in figures(client)}["villages_met"]
        assert (villages.value, villages.unit) == ("1", "个村")
        page = client.get(villages.url)
        assert (page.status_code, page.context["list"].total) == (200, 1)

    def test_undecided_ones_by_the_screenings_on_record(self, screened: Screening, actor, pack) -> None:
        Household.objects.get(years__wage=Decimal("2736.11")).years.update(wage=None)
        later = actions.take(by=actor, at=dt.date(2017, 6, 30), year=make.YEAR, division=make.COUNTY)
        actions.screen(by=actor, snapshot=later.pk, pack=pack)
        client = signed_in(Role.TOWNSHIP)
        undecided = {figure.key: figure for figure in figures(client)}["unknown"]
        assert (undecided.value, list(undecided.trend)) == ("2", [1, 2])
        assert undecided.trend_text == "无法判定户：2016年12月31日1、2017年6月30日2"
        assert listed(client, undecided)[0] == 2

    def test_incidence_and_verdicts_of_a_status_by_the_screenings_on_record_and_now(
        self, screened: Screening, register, actor, pack
    ) -> None:
        make.make_county_year(rural_registered_population=200)
        county, auditor = signed_in(Role.COUNTY), signed_in(Role.AUDITOR)
        once = {figure.key: figure for figure in figures(county)}
        assert [once[key].trend for key in ("incidence", "met_poor")] == [[Decimal("3.50")], [2]]
        assert once["incidence"].note == "2016 年农村户籍人口 200 人，其中贫困人口 7 人；没有更早的记录"
        assert once["met_poor"].note == "没有更早的记录"
        self.leave(register.rich, dt.date(2017, 3, 1))
        later = actions.take(by=actor, at=dt.date(2017, 6, 30), year=make.YEAR, division=make.COUNTY)
        actions.screen(by=actor, snapshot=later.pk, pack=pack)
        self.leave(register.dry, dt.date(2017, 8, 1))
        found = {figure.key: figure for figure in [*figures(auditor), *figures(county)]}
        assert found["incidence"].trend == [Decimal("3.50"), Decimal("2.00"), Decimal("1.50")]
        assert found["incidence"].trend_text == "贫困发生率：2016年12月31日3.50%、2017年6月30日2.00%、目前1.50%"
        assert found["incidence"].note == "2016 年农村户籍人口 200 人，其中贫困人口 3 人"
        assert (found["met_poor"].value, found["met_poor"].trend) == ("1", [2, 1])
        # Whoever left poverty since without meeting the criteria counts from now on.
        assert (found["exited_not_met"].value, found["exited_not_met"].trend) == ("1", [0, 0, 1])
        assert f'aria-label="{found["incidence"].trend_text}"' in county.get("/").content.decode()

    def leave(self, household: Household, on: dt.date) -> None:
        make.make_status(household, Axis.POVERTY, "30", on=on, before=household.poverty_status)
        Household.objects.filter(pk=household.pk).update(poverty_status="30")

    def test_evaluators_are_told_no_verdict(self, screened: Screening) -> None:
        client = signed_in(Role.EVALUATOR, villages=[make.VILLAGE])
        assert not {"unknown", "met_poor", "exited_not_met"} & set(told(client))
        asked = {"figure": "met_poor", "year": "2016"}
        assert client.get("/households/", asked).status_code == 404


class TestQueries:
    def count(self, client: Client) -> int:
        client.get("/")  # what is read once per process
        with CaptureQueriesContext(connection) as captured:
            client.get("/")
        return len(captured)

    @pytest.mark.parametrize(("role", "most"), [(Role.COUNTY, 38), (Role.VILLAGE, 24), (Role.PROVINCE, 22)])
    def test_they_do_not_grow_with_the_households(self, houses: Houses, role: Role, most: int) -> None:
        client = signed_in(role)
        few = self.count(client)
        for number in range(5):
            house = make.make_household("621223101201", number=f"C{number}", members=2)
            make.make_household_year(house, 2016)
        assert self.count(client) == few <= most
