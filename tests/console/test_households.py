"""The list of households on the screen: scope, filters, order, search, and the number of queries. 演示数据"""

import re

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from lika.accounts.choices import Role
from lika.register.identity import phone_index
from lika.register.models import Household, Person
from tests import factories as make
from tests.console.officials import signed_in

pytestmark = pytest.mark.django_db

LIST = "/households/"
SEARCH = "/households/search/"


@pytest.fixture
def county() -> dict[str, Household]:
    """Two villages of one county, and a household of another county."""
    found = {
        "ill": make.make_household(number="A1", head="石甲", members=2, poverty="20"),
        "out": make.make_household(make.OTHER_VILLAGE, number="A2", head="马乙", members=1, poverty="30"),
        "new": make.make_household(number="B1", head="石丙", members=1, poverty="10"),
        "elsewhere": make.make_household(make.ELSEWHERE, number="A9", head="石丁"),
    }
    make.make_household_year(found["ill"], wage=24000, main_cause="01")
    make.make_household_year(found["out"], wage=5000, main_cause="03")
    return found


def numbers(client: Client, **asked) -> list[str]:
    response = client.get(LIST, asked)
    assert response.status_code == 200
    shown = [line.number for line in response.context["lines"]]
    assert response.context["list"].total == len(shown)
    return shown


class TestScope:
    def test_the_county_sees_its_households_and_no_others(self, county):
        assert numbers(signed_in(Role.COUNTY)) == ["A1", "A2", "B1"]

    def test_a_village_sees_its_own(self, county):
        assert numbers(signed_in(Role.VILLAGE)) == ["A1", "B1"]

    def test_a_helper_sees_what_was_granted(self, county):
        assert numbers(signed_in(Role.HELPER, households=[county["out"]])) == ["A2"]

    def test_an_evaluator_sees_the_granted_village(self, county):
        assert numbers(signed_in(Role.EVALUATOR, villages=[make.OTHER_VILLAGE])) == ["A2"]

    def test_a_division_outside_the_area_is_refused_as_if_it_were_not_there(self, county):
        response = signed_in(Role.VILLAGE).get(LIST, {"division": make.OTHER_VILLAGE})
        assert response.status_code == 404
        assert "CON-001" in response.content.decode()

    def test_names_are_masked_for_those_without_sight_of_persons(self, county):
        response = signed_in(Role.PREFECTURE).get(LIST)
        assert {line.head_name for line in response.context["lines"]} == {"石*", "马*"}
        content = response.content.decode()
        assert "石甲" not in content
        assert [text for text in ("12,000.00", "5,000.00", "因病", "因学") if text in content] == []
        assert content.count("无权查看") == 8
        assert [c.key for c in response.context["columns"] if c.sort_to] == ["number", "village", "members", "poverty"]

    @pytest.mark.parametrize("sort", ["head", "-income", "cause"])
    def test_nor_can_they_be_put_in_the_order_of_what_is_masked(self, county, sort):
        assert signed_in(Role.PREFECTURE).get(LIST, {"sort": sort}).status_code == 403
        assert signed_in(Role.COUNTY).get(LIST, {"sort": sort}).status_code == 200

    def test_nor_does_a_cause_in_the_address_narrow_the_list(self, county):
        assert signed_in(Role.PREFECTURE).get(LIST, {"cause": "01"}).context["list"].total == 4


class TestFilters:
    @pytest.mark.parametrize(
        ("asked", "expected"),
        [
            ({"poverty": "20"}, ["A1"]),
            ({"poverty": "poor"}, ["A1", "B1"]),
            ({"cause": "03"}, ["A2"]),
            ({"division": make.OTHER_VILLAGE}, ["A2"]),
            ({"division": [make.TOWNSHIP, make.VILLAGE], "poverty": "10"}, ["B1"]),
            ({"sort": "-number"}, ["B1", "A2", "A1"]),
            ({"sort": "income"}, ["A2", "A1", "B1"]),
        ],
    )
    def test_the_address_says_what_is_listed(self, county, asked, expected):
        assert numbers(signed_in(Role.COUNTY), **asked) == expected

    def test_a_village_of_another_township_is_dropped_when_the_township_changes(self, county):
        make.make_household("621223101201", number="C1")
        assert numbers(signed_in(Role.COUNTY), division=["621223101000", make.VILLAGE]) == ["C1"]

    def test_a_status_that_does_not_exist_is_named_and_does_not_filter(self, county):
        response = signed_in(Role.COUNTY).get(LIST, {"poverty": "77"})
        assert [line.number for line in response.context["lines"]] == ["A1", "A2", "B1"]
        assert list(response.context["form"].errors) == ["poverty"]

    def test_an_unknown_order_says_what_to_do(self, county):
        response = signed_in(Role.COUNTY).get(LIST, {"sort": "password"})
        assert response.status_code == 400
        assert "REG-002" in response.content.decode()

    def test_the_columns_say_which_way_they_are_sorted(self, county):
        response = signed_in(Role.COUNTY).get(LIST, {"sort": "-income"})
        assert [(c.key, c.direction, c.sort_to) for c in response.context["columns"] if c.direction] == [
            ("income", "descending", "income")
        ]


class TestEmpty:
    def test_a_village_without_households_is_shown_the_way_to_import(self):
        page = signed_in(Role.VILLAGE).get(LIST).content.decode()
        assert 'href="/import/"' in page

    def test_filters_that_fit_nobody_can_be_cleared(self, county):
        response = signed_in(Role.COUNTY).get(LIST, {"poverty": "40"})
        assert response.context["filtered"] is True
        assert 'href="/households/"' in response.content.decode()


class TestSearch:
    def test_one_hit_opens_the_household(self, county):
        response = signed_in(Role.COUNTY).post(SEARCH, {"text": "马乙"})
        assert (response.status_code, response["Location"]) == (302, f"/households/{county['out'].id}/")

    def test_several_hits_are_listed_without_the_text_in_any_address(self, county):
        response = signed_in(Role.COUNTY).post(SEARCH, {"text": "石"})
        assert [[(line.name, line.hit.number) for line in group.lines] for group in response.context["groups"]] == [
            [("石丙", "B1"), ("石甲", "A1"), ("石演示一", "A1")]
        ]
        addresses = re.findall(r'(?:href|src|action)="([^"]*)"', response.content.decode())
        assert len(addresses) > 10
        assert [address for address in addresses if "%E7%9F%B3" in address or "石" in address] == []

    def test_an_identity_number_finds_its_household_and_stays_out_of_the_address(self, county):
        number = Person.objects.get(name="马乙").id_number
        response = signed_in(Role.COUNTY).post(SEARCH, {"text": number})
        assert response["Location"] == f"/households/{county['out'].id}/"

    def test_nobody_is_found_outside_the_area(self, county):
        response = signed_in(Role.VILLAGE).post(SEARCH, {"text": "马乙"})
        assert response.context["groups"] == []

    def test_a_telephone_is_found_in_full_by_the_role_of_the_pages(self, county):
        county["ill"].phone_index = phone_index("13912345678")
        county["ill"].save(update_fields=["phone_index"])
        found = [signed_in(role).post(SEARCH, {"text": "139 1234 5678"}) for role in (Role.VILLAGE, Role.TOWNSHIP)]
        assert [response["Location"] for response in found] == [f"/households/{county['ill'].id}/"] * 2
        assert signed_in(Role.COUNTY).post(SEARCH, {"text": "1391234567"}).context["groups"] == []

    @pytest.mark.parametrize("page", ["/", "/households/", "/screenings/", "/policy/", "/help/", "/analysis/"])
    def test_the_head_of_every_page_has_the_search_and_sends_it_by_post(self, county, page):
        content = signed_in(Role.COUNTY).get(page, follow=True).content.decode()
        assert content.count(f'method="post" action="{SEARCH}" role="search"') == 1

    def test_whoever_sees_no_household_has_none(self, county):
        assert SEARCH not in signed_in(Role.ADMINISTRATOR).get("/").content.decode()

    def test_the_page_of_the_search_asks_as_often_for_many_hits_as_for_two(self, county):
        client = signed_in(Role.COUNTY)
        client.get(LIST)
        with CaptureQueriesContext(connection) as two:
            client.post(SEARCH, {"text": "石"})
        for _each in range(3):
            make.make_household(head="石丁", members=2)
        with CaptureQueriesContext(connection) as many:
            response = client.post(SEARCH, {"text": "石"})
        assert len(response.context["groups"][0].lines) > 4
        assert len(two) == len(many) <= 10

    def test_the_address_of_the_search_leads_to_the_list(self):
        assert signed_in(Role.COUNTY).get(SEARCH)["Location"] == LIST


def test_the_list_asks_as_much_of_the_database_for_three_households_as_for_one():
    make.make_household(number="A1", members=2)
    client = signed_in(Role.COUNTY)
    with CaptureQueriesContext(
        connection,
    ) as one:
        assert numbers(client) == ["A1"]
    for number in ("A2", "A3"):
        make.make_household(make.OTHER_VILLAGE, number=number, members=3)
    with CaptureQueriesContext(connection) as three:
        assert numbers(client) == ["A1", "A2", "A3"]
    assert len(one) == len(three) <= 12
