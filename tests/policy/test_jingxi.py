"""The pack of Jingxi 2014 and its demonstration overlay, by what they answer."""

import datetime as dt

import pytest
from django.core.management import call_command

from lika.accounts.choices import Role
from lika.core.actors import SystemActor
from lika.core.areas import EVERYWHERE
from lika.core.permissions import Permission
from lika.divisions.sources import in_force, with_successors
from lika.policy import actions
from lika.policy.choices import Basis
from lika.policy.packs.library import Library
from lika.policy.packs.resolved import ResolvedPack
from lika.policy.packs.sources import rows_of
from tests.console.officials import signed_in
from tests.policy.test_gansu import pack as shipped
from tests.policy.test_gansu import verdicts as asked
from tests.policy.test_pages import text_of

JINGXI, DEMO = "cn-guangxi-jingxi/2014", "demo/cn-guangxi-jingxi/2014"
AT = dt.date(2013, 12, 31)

CLAUSES = [
    *("003 §一", "003 §二", "003 §三"),
    *(f"003 §三(一){number}" for number in range(1, 5)),
    *(f"003 §三(二){number}" for number in range(1, 6)),
    *(f"003 §四(一){number}" for number in range(1, 4)),
    *(f"003 §四(二){number}" for number in range(1, 7)),
    *("003 §五", "003 §六"),
    *(f"003 §七({number})" for number in "一二三"),
    *(f"003 §八({number})" for number in "一二三四五六"),
    *("R5 收入分类", "F R1 收支明细"),  # forms of the region, for the accounts
    "F W1 贫困村识别",  # the national plan that the document cites
]


def pack(pack_id: str = JINGXI) -> ResolvedPack:
    return shipped(pack_id)


def verdicts(household: dict, *wanted: str, pack_id: str = JINGXI, at: dt.date = AT) -> list[bool | None]:
    return asked({"household": household, "person": [{}]}, *wanted, pack_id=pack_id, at=at)


class TestWhereAndWhen:
    def test_the_pack_rules_in_the_county_of_2014_and_in_its_successor(self):
        covered = {code: pack().covers(code) for code in ("451025", "451081", "451081215000", "451024", "4510")}
        assert covered == {"451025": True, "451081": True, "451081215000": True, "451024": False, "4510": False}

    def test_the_code_of_the_county_is_that_of_the_day(self):
        assert pack().jurisdiction_at(dt.date(2015, 7, 31)) == "451025000000"
        assert pack().jurisdiction_at(dt.date(2015, 8, 1)) == "451081000000"
        assert in_force("451025", AT) == ("451025000000",)
        assert with_successors("451025") == ("451025000000", "451081000000")

    def test_a_pack_of_a_county_that_stands_has_no_other_place(self):
        assert with_successors("621223") == ("621223000000",)

    def test_it_is_in_force_from_the_time_point_to_the_end_of_2015(self):
        days = (dt.date(2013, 12, 30), AT, dt.date(2015, 12, 31), dt.date(2016, 1, 1))
        assert [pack().is_valid_at(day) for day in days] == [False, True, True, False]


class TestSources:
    def test_every_numbered_clause_stands_once_and_in_order(self):
        files = Library.shipped().files(Library.shipped().folder(JINGXI))
        assert files.sources
        assert [row.clause for row in rows_of(files.sources)] == CLAUSES

    def test_what_the_document_does_not_say_stays_open(self):
        assert [item.id for item in pack().criteria if item.basis is Basis.MISSING] == [
            "housing_considered",
            "education_considered",
            "health_considered",
            "considered",
        ]
        own = [item for item in (*pack(DEMO).parameters, *pack(DEMO).criteria) if item.origin == pack(DEMO).reference]
        assert {item.basis for item in own} == {Basis.DEMO}


def test_the_line_is_2736_for_identification_and_for_exit():
    (line,) = [item for item in pack().parameters if item.id == "identification_line"]
    assert [(value.since, value.text) for value in line.values] == [(AT, "2736.00")]
    # Eight people, so that the quotient has more places than the line: one fen in the household decides.
    wanted = ("income_below", "exit_income", "exit")
    answers = {
        net: verdicts({"members": 8, "net_income": net, "poverty": "poor"}, *wanted)
        for net in ("21887.99", "21888.00", "21888.01")
    }
    assert answers == {
        "21887.99": [True, False, False],
        "21888.00": [False, True, True],
        "21888.01": [False, True, True],
    }


def test_exit_and_return_are_judged_by_the_same_line_in_later_years():
    at = dt.date(2015, 12, 31)
    below, at_line = {"net_income_per_capita": "2735.99"}, {"net_income_per_capita": "2736.00"}
    assert verdicts({**below, "poverty": "exited"}, "return_to_poverty", "exit", at=at) == [True, False]
    assert verdicts({**at_line, "poverty": "exited"}, "return_to_poverty", "exit", at=at) == [False, False]
    assert verdicts({**at_line, "poverty": "poor"}, "return_to_poverty", "exit", at=at) == [False, True]
    assert verdicts({"poverty": "exited"}, "return_to_poverty", at=at) == [None]


@pytest.mark.parametrize(
    ("household", "in_base"),
    [
        ({"poverty": "poor", "poverty_status": "20", "identified_year": 2012}, True),
        ({"poverty": "poor", "poverty_status": "20", "identified_year": 2011}, True),
        ({"poverty": "poor", "poverty_status": "20", "identified_year": 2013}, False),  # registered after
        ({"poverty": "exited", "poverty_status": "30", "identified_year": 2012}, False),  # not listed any more
        ({"poverty": "poor", "poverty_status": "40", "previous": [{"poverty_status": "30"}]}, True),  # returned in 2013
        ({"poverty": "none", "poverty_status": "00"}, False),
    ],
)
def test_the_base_is_who_was_listed_and_who_returned(household: dict, in_base: bool):
    assert verdicts(household, "in_base") == [in_base]


def test_migrants_and_dependants_are_counted_inside_the_base_and_add_nobody():
    listed = {"poverty": "poor", "poverty_status": "20", "identified_year": 2012}
    wanted = ("in_base", "base_reservoir", "base_overseas")
    flags = {"reservoir_migrant": True, "overseas_chinese": False}
    assert verdicts({**listed, **flags}, *wanted) == [True, True, False]
    assert verdicts({"poverty": "none", "poverty_status": "00", **flags}, *wanted) == [False, False, False]
    assert verdicts(listed, *wanted) == [True, None, None]


def test_income_is_not_the_only_condition_of_identification():
    """Housing, schooling and health stand on the sheet; without a basis they are unknown and nobody is proposed."""
    poor = {
        "members": 1,
        "net_income_per_capita": "1000.00",
        "poverty": "poor",
        "poverty_status": "20",
        "identified_year": 2012,
        "registered_whole": True,
        "split_household": False,
        "empty_registration": False,
    }
    sheet = ("housing_considered", "education_considered", "health_considered", "considered", "identification")
    assert verdicts(poor, *sheet) == [None, None, None, None, None]
    assert verdicts({**poor, "housing_grade": "D"}, "housing_considered", "identification", pack_id=DEMO) == [
        True,
        True,
    ]


@pytest.mark.parametrize(
    ("change", "criterion"),
    [
        ({"registered_whole": False}, "whole_household"),
        ({"members": 0}, "whole_household"),
        ({"split_household": True}, "not_split"),
        ({"empty_registration": True}, "not_empty"),
    ],
)
def test_only_whole_and_true_households_are_identified(change: dict, criterion: str):
    sound = {"members": 2, "registered_whole": True, "split_household": False, "empty_registration": False}
    wanted = ("whole_household", "not_split", "not_empty")
    assert verdicts(sound, *wanted) == [True, True, True]
    assert verdicts({**sound, **change}, criterion, "identification") == [False, False]


def test_the_flags_are_items_of_the_pack_and_no_columns_of_the_common_form():
    assert [(item.unit, item.id, item.zh) for item in pack().items] == [
        ("household", "reservoir_migrant", "水库移民"),
        ("household", "overseas_chinese", "归侨侨眷"),
        ("household", "registered_whole", "整户登记"),
        ("household", "split_household", "拆户分户"),
        ("household", "empty_registration", "空挂户"),
    ]
    assert pack(DEMO).items == pack().items


def test_the_items_are_listed_with_the_pack(capsys: pytest.CaptureFixture[str]):
    call_command("policy", "show", JINGXI)
    printed = capsys.readouterr().out
    assert "本地采集项\n  reservoir_migrant (household)  水库移民: 是/否  [003 §三]" in printed


@pytest.mark.django_db
def test_the_page_of_the_pack_shows_its_items_with_their_clauses():
    by = SystemActor("test", list(Permission), EVERYWHERE)
    actions.load(by=by, path=Library.shipped().folder(JINGXI))
    actions.activate(by=by, reference=JINGXI)
    page = text_of(signed_in(Role.VILLAGE).get(f"/policy/{JINGXI}/"))
    assert "003 §三 识别对象 贫困人口精确识别是指在贫困人口控制规模的基础上" in page
    assert "采集项 水库移民 是/否" in page
