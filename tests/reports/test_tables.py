"""Whole tables, and from every number to the list of that many households. 演示数据"""

from decimal import Decimal

import pytest

from lika.accounts.choices import Role
from lika.reports.queries.tables import Table
from tests import factories as make
from tests.console.officials import signed_in
from tests.reports.asking import rows, table, texts, totals
from tests.reports.conftest import County

pytestmark = pytest.mark.django_db


class TestCounts:
    def test_households_by_village_and_poverty(self, county: County):
        assert rows(table(signed_in(Role.COUNTY), "r=village&c=poverty")) == {
            "合计": {"未建档": 1, "贫困": 3, "已脱贫": 1, "合计": 5},
            "石磊村": {"未建档": 0, "贫困": 2, "已脱贫": 1, "合计": 3},
            "坡头村": {"未建档": 1, "贫困": 1, "已脱贫": 0, "合计": 2},
        }

    def test_a_household_is_counted_under_each_of_its_causes_and_once_in_all(self, county: County):
        assert rows(table(signed_in(Role.COUNTY), "r=causes&c=attribute&f=poverty:poor")) == {
            "合计": {"一般贫困户": 1, "低保贫困户": 1, "未知": 1, "合计": 3},
            "因病": {"一般贫困户": 1, "低保贫困户": 0, "未知": 0, "合计": 1},
            "因学": {"一般贫困户": 1, "低保贫困户": 1, "未知": 0, "合计": 2},
            "未知": {"一般贫困户": 0, "低保贫困户": 0, "未知": 1, "合计": 1},
        }

    def test_causes_as_columns_count_alike(self, county: County):
        found = rows(table(signed_in(Role.COUNTY), "r=attribute&c=causes&f=poverty:poor"))
        assert found["合计"] == {"因病": 1, "因学": 2, "未知": 1, "合计": 3}

    def test_people_of_the_households(self, county: County):
        assert totals(signed_in(Role.COUNTY), "m=persons&r=poverty") == {"合计": 9, "未建档": 1, "贫困": 6, "已脱贫": 2}

    def test_persons_by_a_fact_of_their_household(self, county: County):
        asked = "u=person&r=household.poverty&c=sex"
        assert rows(table(signed_in(Role.COUNTY), asked)) == {
            "合计": {"男": 9, "合计": 9},
            "未建档": {"男": 1, "合计": 1},
            "贫困": {"男": 6, "合计": 6},
            "已脱贫": {"男": 2, "合计": 2},
        }

    def test_persons_by_a_result_of_their_household_and_of_their_own(self, county: County):
        asked = "u=person&r=met.water&c=met.adult"
        assert rows(table(signed_in(Role.COUNTY), asked)) == {
            "合计": {"符合": 9, "不符合": 0, "合计": 9},
            "符合": {"符合": 6, "不符合": 0, "合计": 6},
            "不符合": {"符合": 1, "不符合": 0, "合计": 1},
            "未知": {"符合": 2, "不符合": 0, "合计": 2},
        }

    def test_measures_one_by_one_and_together(self, county: County):
        client = signed_in(Role.COUNTY)
        assert totals(client, "r=measures") == {"合计": 5, "产业": 2, "生态": 2, "未享受措施": 1, "未知": 1}
        assert totals(client, "r=overlap") == {"合计": 5, "未享受措施": 2, "产业": 1, "产业 + 生态": 1, "生态": 1}

    def test_whole_numbers_are_groups_of_their_own(self, county: County):
        assert totals(signed_in(Role.COUNTY), "r=members") == {"合计": 5, "1": 2, "2": 2, "3": 1}

    def test_villages_are_units_too(self, county: County):
        client = signed_in(Role.COUNTY)
        assert texts(client, "u=village&m=sum&v=collective_income&r=township")["城关镇"] == "1,000.50"
        whole = table(client, "u=village&m=sum&v=collective_income").whole
        assert (whole.counted.known, whole.unknown) == (1, whole.counted.units - 1)


class TestBands:
    @pytest.mark.parametrize(
        ("edges", "expected"),
        [
            ("2736.10", {"合计": 5, "低于 2,736.1": 0, "2,736.1 及以上": 4, "未知": 1}),
            ("2736.11", {"合计": 5, "低于 2,736.11": 1, "2,736.11 及以上": 3, "未知": 1}),
            (
                "param.line,5000",
                {
                    "合计": 5,
                    "低于 标准线 2,736.1": 0,
                    "标准线 2,736.1 至 5,000（不含）": 3,
                    "5,000 及以上": 1,
                    "未知": 1,
                },
            ),
        ],
    )
    def test_an_edge_belongs_to_the_band_that_it_begins(self, county: County, edges: str, expected: dict):
        assert totals(signed_in(Role.COUNTY), f"r=net_income_per_capita&rb={edges}") == expected


class TestValues:
    @pytest.mark.parametrize(
        ("measure", "expected"),
        [
            ("mean", {"合计": "3,368.05", "石磊村": "3,578.70", "坡头村": "2,736.11"}),
            ("median", {"合计": "2,868.06", "石磊村": "3,000.00", "坡头村": "2,736.11"}),
            ("min", {"合计": "2,736.10", "石磊村": "2,736.10", "坡头村": "2,736.11"}),
            ("max", {"合计": "5,000.00", "石磊村": "5,000.00", "坡头村": "2,736.11"}),
            ("sum", {"合计": "13,472.21", "石磊村": "10,736.10", "坡头村": "2,736.11"}),
        ],
    )
    def test_amounts_are_of_those_known(self, county: County, measure: str, expected: dict):
        client = signed_in(Role.COUNTY)
        asked = f"m={measure}&v=net_income_per_capita&r=village"
        assert texts(client, asked) == expected
        assert [(line.cells[-1].listed, line.cells[-1].unknown) for line in table(client, asked).lines] == [
            (4, 1), (3, 0), (1, 1),
        ]  # fmt: skip

    def test_a_share_tells_what_is_unknown(self, county: County):
        found = table(signed_in(Role.COUNTY), "m=share&v=safe_water&r=village")
        assert {line.heading.label: (line.cells[0].value, line.cells[0].listed, line.cells[0].counted.known,
                                     line.cells[0].unknown) for line in found.lines} == {
            "合计": (Decimal("0.7500"), 3, 4, 1),
            "石磊村": (Decimal("0.5000"), 1, 2, 1),
            "坡头村": (Decimal("1.0000"), 2, 2, 0),
        }  # fmt: skip

    def test_shares_of_a_criterion_of_codes_and_of_what_is_known(self, county: County):
        client = signed_in(Role.COUNTY)
        assert texts(client, "m=share&v=met.water") == {"合计": "75.0%"}
        assert texts(client, "m=share&v=poverty:poor") == {"合计": "60.0%"}
        assert texts(client, "m=share&v=poverty&vv=poor&vv=exited") == {"合计": "80.0%"}
        assert texts(client, "m=known&v=safe_water") == {"合计": "80.0%"}
        assert texts(client, "m=share&v=batch_ecology&f=poverty:exited") == {"合计": "—"}


class TestFilters:
    @pytest.mark.parametrize(
        ("query", "expected"),
        [
            ("f=poverty:poor|exited", 4),
            ("f=poverty:poor&f=poverty:exited", 4),
            ("f=poverty:poor&f=safe_water:1", 2),
            ("f=safe_water:0|?", 2),
            ("f=safe_water:?", 1),
            ("f=causes:01", 3),
            ("f=causes:?", 1),
            ("f=met.water:met|unknown", 4),
            ("f=net_income_per_capita:2736.11..5000", 2),
            ("range=net_income_per_capita&low=param.line&high=", 4),
            ("w=members >= 2 and safe_water", 2),
            ("w=家庭人口 >= 2 and 饮水是否安全", 2),
            ("w=met('income')", 3),
            ("w=count(person, age >= 18) = 2", 2),
            ("w=net_income_per_capita > param.line", 3),
            (f"d={make.VILLAGE}", 3),
            (f"d={make.TOWNSHIP}", 5),
            ("d=620000000000", 5),
        ],
    )
    def test_a_filter_leaves_so_many(self, county: County, query: str, expected: int):
        assert totals(signed_in(Role.COUNTY), f"u=household&{query}") == {"合计": expected}


VIEWS = (
    "r=village&c=poverty",
    "r=causes&c=attribute",
    "r=attribute&c=measures",
    "r=overlap&c=met.water",
    "r=net_income_per_capita&rb=2736.11,4000&c=safe_water",
    "m=mean&v=net_income_per_capita&r=causes&c=village",
    "m=share&v=met.water&r=poverty&c=village",
    "m=known&v=safe_water&r=village",
    "m=persons&r=village&c=poverty",
    "u=person&r=household.causes&c=sex",
    "u=person&m=share&v=met.adult&r=household.poverty",
    "r=members&w=not (members = 2)&f=poverty:poor",
)


def opened(client, found: Table) -> int:
    """Open every list of a table; each holds what its number says. How many were opened."""
    number = 0
    for line in found.lines:
        for cell in line.cells:
            for url, expected in ((cell.url, cell.listed), (cell.unknown_url, cell.unknown)):
                assert bool(url) == bool(expected)
                if url:
                    context = client.get(url).context
                    shown = context["list"].total
                    assert (context["behind"].units, context["gone"]) == (expected, 0)
                    assert shown == (len(context["behind"].households) if found.question.unit == "person" else expected)
                    number += 1
    return number


@pytest.mark.parametrize("view", VIEWS)
@pytest.mark.parametrize("role", [Role.COUNTY, Role.VILLAGE])
def test_every_number_opens_a_list_of_that_many(county: County, view: str, role: Role):
    client = signed_in(role)
    assert opened(client, table(client, view)) >= 2


def test_the_list_of_persons_says_how_many_of_them_there_are(county: County):
    client = signed_in(Role.COUNTY)
    cell = table(client, "u=person&r=household.poverty").lines[2].cells[-1]
    response = client.get(cell.url)
    assert (cell.value, response.context["list"].total) == (6, 3)
    assert "共 6 人符合条件，分属本名单所列的 3 户。" in response.content.decode()


def test_a_household_that_has_moved_away_is_told_of(county: County):
    client = signed_in(Role.COUNTY)
    cell = table(client, "r=poverty").lines[0].cells[0]
    county.ill.village = int(make.ELSEWHERE)
    county.ill.save(update_fields=["village"])
    response = client.get(cell.url)
    assert (response.context["list"].total, response.context["gone"]) == (4, 1)
    assert "其中 1 户在快照之后已迁出您的辖区，未列出。" in response.content.decode()


class TestVillages:
    """A table of villages opens the villages behind its numbers, and from there their households."""

    ASKED = "u=village&m=sum&v=collective_income&r=township"

    def test_a_sum_opens_the_villages_that_it_is_made_of(self, county: County):
        client = signed_in(Role.COUNTY)
        cell = table(client, self.ASKED).whole
        response = client.get(cell.url)
        assert [(line.name, line.township, line.value, line.url) for line in response.context["lines"]] == [
            ("石磊村", "城关镇", Decimal("1000.50"), f"/households/?division={make.VILLAGE}")
        ]
        assert (cell.listed, response.context["list"]["total"]) == (1, 1)
        assert "1,000.50" in response.content.decode()
        assert client.get(response.context["lines"][0].url).context["list"].total == 3

    def test_those_of_whom_it_is_unknown_stand_in_a_list_of_their_own(self, county: County):
        client = signed_in(Role.COUNTY)
        cell = table(client, self.ASKED).whole
        lines = client.get(cell.unknown_url).context["lines"]
        assert [(line.name, line.value) for line in lines] == [("坡头村", None)]

    @pytest.mark.parametrize(
        "view", ["r=met.few_poor", "r=township&c=met.few_poor", "m=share&v=met.few_poor&r=village"]
    )
    def test_every_number_opens_that_many_villages(self, county: County, view: str):
        client = signed_in(Role.COUNTY)
        opened = 0
        for line in table(client, f"u=village&{view}").lines:
            for cell in line.cells:
                for url, expected in ((cell.url, cell.listed), (cell.unknown_url, cell.unknown)):
                    assert bool(url) == bool(expected)
                    if url:
                        opened += 1
                        assert client.get(url).context["list"]["total"] == expected
        assert opened >= 2

    def test_a_village_officer_finds_the_own_village_behind_the_link_of_the_county(self, county: County):
        url = table(signed_in(Role.COUNTY), "u=village&r=township").whole.url
        found = {
            role: [line.name for line in signed_in(role, place).get(url).context["lines"]]
            for role, place in ((Role.COUNTY, ""), (Role.VILLAGE, make.OTHER_VILLAGE))
        }
        assert found == {Role.COUNTY: ["石磊村", "坡头村"], Role.VILLAGE: ["坡头村"]}

    def test_a_condition_on_what_is_personal_opens_no_list_where_that_is_closed(self, county: County):
        asked = "u=village&w=sum(household, net_income) > 0"
        url = table(signed_in(Role.COUNTY), asked).whole.url
        assert table(signed_in(Role.PREFECTURE), asked).whole.url == ""
        response = signed_in(Role.PREFECTURE).get(url)
        assert (response.status_code, "REP-013" in response.content.decode()) == (403, True)

    def test_a_link_to_households_is_no_list_of_villages_and_none_the_other_way(self, county: County):
        client = signed_in(Role.COUNTY)
        households, villages = (table(client, query).whole.url for query in ("r=poverty", self.ASKED))
        for url in (
            households.replace("/households/", "/analysis/villages/"),
            villages.replace("/analysis/villages/", "/households/"),
            f"{villages}&part=never",
        ):
            response = client.get(url)
            assert (response.status_code, "REP-011" in response.content.decode()) == (404, True), url
