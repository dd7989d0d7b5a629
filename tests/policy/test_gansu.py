"""The pack of Gansu 2016 and its demonstration overlay, by what they answer."""

import datetime as dt
from functools import cache

import pytest

from lika.core import facts as registry
from lika.engine.facts_json import read_facts
from lika.engine.schema import Schema
from lika.policy import resolve
from lika.policy.choices import Basis, CriterionKind, Verdict
from lika.policy.engines import ENGINES
from lika.policy.packs.checking import Report, check_folder
from lika.policy.packs.library import Library
from lika.policy.packs.resolved import ResolvedPack
from lika.policy.packs.sources import Row, rows_of

GANSU, DEMO = "cn-gansu/2016", "demo/cn-gansu-dangchang/2016"
AT = dt.date(2016, 12, 31)

CLAUSES = [
    *(f"001 ch9 note {number}" for number in range(1, 8)),
    *(f"001 ch9 §{number}" for number in range(1, 9)),
    *(f"001 ch10 §1-{number}" for number in range(1, 11)),
    *(f"001 ch10 §2-{number}" for number in range(1, 5)),
    *(f"001 ch10 §3-{number}" for number in range(1, 6)),
]


@cache
def report(pack_id: str) -> Report:
    return check_folder(Library.shipped().folder(pack_id))


def pack(pack_id: str = GANSU) -> ResolvedPack:
    return report(pack_id).accepted()


def verdicts(facts: dict, *wanted: str, pack_id: str = GANSU, at: dt.date = AT, **assume: object) -> list[bool | None]:
    """What every engine answers; they must agree."""
    compiled = resolve.compiled(pack(pack_id), at=at, assume=assume)
    document = read_facts(facts, compiled.checked.schema)
    expressions = [compiled.checked.by_id[name] for name in wanted]
    first, *others = [answers(expressions, document) for answers in ENGINES.values()]
    assert others == [first]
    return first


@pytest.mark.parametrize("pack_id", Library.shipped().ids())
def test_every_pack_that_comes_with_lika_holds_on_every_engine(pack_id):
    checked = report(pack_id)
    assert checked.faults == []
    pack = checked.accepted()
    assert (checked.cases > 0) == bool(pack.criteria or pack.quality)  # searches across households have other tests


def test_the_packs_that_come_with_lika():
    assert Library.shipped().ids() == [
        GANSU, "cn-guangxi-jingxi/2014", "cn-hebei-wuyi/2017", "cn-jilin/2017", "cn/leads", "cn/quality", "cn/record",
        DEMO, "demo/cn-guangxi-jingxi/2014", "demo/cn-leads", "demo/cn-record",
    ]  # fmt: skip


def rows() -> list[Row]:
    files = Library.shipped().files(Library.shipped().folder(GANSU))
    assert files.sources
    return rows_of(files.sources)


class TestSources:
    def test_every_numbered_clause_stands_in_order_then_what_else_the_pack_leans_on(self):
        others = [
            *("DOMAIN §3.22 (F W9)", "DOMAIN §5.4 (F W11)", "DOMAIN §5.7 (F W12, W14)", "DOMAIN §5.8 (F W11)"),
        ]
        assert [row.clause for row in rows()] == [*CLAUSES, *others]

    def test_what_waits_is_said(self):
        waiting = {row.clause: row.where for row in rows() if row.where and row.where.startswith("not yet")}
        assert waiting["001 ch10 §1-4"] == "not yet in this pack: procedures (projects)"
        assert "001 ch10 §1-7" not in waiting  # who signs for an exit: procedures/exit.yaml


class TestNothingIsInvented:
    def test_the_line_is_not_in_the_document(self):
        (line,) = [item for item in pack().parameters if item.id == "exit_line"]
        assert (line.basis, line.values, line.value_at(AT)) == (Basis.MISSING, (), None)

    def test_criteria_without_basis(self):
        assert [item.id for item in pack().criteria if item.basis is Basis.MISSING] == [
            "income_stable",
            *(f"village_{factor}" for factor in ("infrastructure", "services", "industry", "look")),
            *(f"county_{factor}" for factor in ("housing", "water", "education", "medical")),
            *(f"precise_{item}" for item in ("plan", "policy", "changes", "ledger")),
        ]

    def test_a_pack_that_rules_sets_nothing_for_demonstration(self):
        assert not pack().demo
        assert [item.id for item in (*pack().parameters, *pack().criteria) if item.basis is Basis.DEMO] == []

    def test_the_overlay_marks_what_it_sets(self):
        demo = pack(DEMO)
        own = [item for item in (*demo.parameters, *demo.criteria) if item.origin == demo.reference]
        assert demo.demo
        assert len(own) == 15
        assert {item.basis for item in own} == {Basis.DEMO}
        assert all(item.note.zh.startswith("演示") for item in own)


def test_household_exit_by_income_channel_and_debt():
    facts = {"household": {"members": 9, "net_income": "24624.90", "income_channels": 1, "debt": "49999.99"}}
    wanted = ("income", "income_channel", "no_large_debt")
    assert verdicts(facts, *wanted, exit_line=2736) == [True, True, True]
    assert verdicts(facts, *wanted) == [None, True, True]
    facts["household"] |= {"income_channels": 0, "debt": "50000.00"}
    assert verdicts(facts, *wanted, exit_line=2736) == [True, False, False]


def test_two_worries_include_safe_water_and_guarantees_look_at_each_member():
    facts = {
        "household": {"food_secure": True, "clothing_secure": True, "safe_water": True, "housing_grade": "B"},
        "person": [{"age": 15, "out_of_school": "no", "medical_resident": True}, {"age": 40, "medical_employee": True}],
    }
    wanted = ("two_worries", "education", "medical", "housing", "three_guarantees")
    assert verdicts(facts, *wanted) == [True, True, True, True, True]
    facts["household"] |= {"safe_water": False, "housing_grade": "C"}
    facts["person"][0] |= {"out_of_school": "yes", "medical_resident": False, "medical_employee": False}
    assert verdicts(facts, *wanted) == [False, False, False, False, False]
    assert verdicts({"household": {}, "person": [{}]}, *wanted) == [None, None, None, None, None]


def test_village_exit_by_incidence():
    village = {"village": {"rural_registered_population": 1000}}
    at, over = [{"poverty": "poor", "members": 30}], [{"poverty": "poor", "members": 31}]
    assert verdicts({**village, "household": at}, "village_incidence", "village_exit") == [True, None]
    assert verdicts({**village, "household": over}, "village_incidence", "village_exit") == [False, False]


def test_county_exit_by_incidence():
    county = {"county": {"rural_registered_population": 100}}
    at, over = [{"poverty": "poor", "members": 3}], [{"poverty": "poor", "members": 4}]
    assert verdicts({**county, "household": at}, "county_incidence", "county_exit") == [True, None]
    assert verdicts({**county, "household": over}, "county_incidence", "county_exit") == [False, False]


def test_the_demonstration_answers_what_the_document_leaves_open():
    household = {"net_income_per_capita": "2952.01", "previous": [{"net_income_per_capita": "2855.00"}]}
    assert verdicts({"household": household}, "income", "income_stable", pack_id=DEMO) == [True, False]
    household["previous"] = [{"net_income_per_capita": "2855.01"}]
    assert verdicts({"household": household}, "income", "income_stable", pack_id=DEMO) == [True, True]


def test_exit_is_met_only_where_every_condition_is():
    conditions = ("income", "income_stable", "income_channel", "no_large_debt", "two_worries", "three_guarantees")
    facts = {
        "household": {
            "net_income_per_capita": "3000.00",
            "previous": [{"net_income_per_capita": "3000.00"}],
            "income_channels": 1,
            "debt": "0",
            "food_secure": True,
            "clothing_secure": True,
            "safe_water": True,
            "housing_grade": "A",
        },
        "person": [{"age": 40, "medical_resident": True}],
    }
    assert verdicts(facts, *conditions, "exit", pack_id=DEMO) == [True] * 7
    for spoilt, value in (("safe_water", False), ("housing_grade", "D"), ("income_channels", 0), ("debt", "60000")):
        changed = {**facts, "household": {**facts["household"], spoilt: value}}
        assert verdicts(changed, "exit", pack_id=DEMO) == [False]
    for unknown in ("safe_water", "housing_grade", "income_channels", "debt", "previous"):
        changed = {**facts, "household": {k: v for k, v in facts["household"].items() if k != unknown}}
        assert verdicts(changed, "exit", pack_id=DEMO) == [None]


MEASURES = ("industry", "job_transfer_household", "relocation", "education_measure", "health_household", "ecology")


def test_a_household_may_be_in_several_measures_at_once():
    facts = {
        "household": {
            "batch_industry": True,
            "relocation_planned": True,
            "batch_education": True,
            "batch_ecology": True,
            "dibao_listed": True,
        },
        "person": [
            {"age": 30, "labour": "01", "student_status": "01", "work_status": "04", "illness_collected": True},
        ],
    }
    assert verdicts(facts, *MEASURES, "safety_net", "measures_overlap") == [True] * 8


def test_there_are_seven_measures_with_their_source():
    labels = {item.label.zh: item.statistic.zh for item in pack().criteria if item.kind is CriterionKind.MEASURE}
    assert list(labels) == [
        "产业发展脱贫",
        "转移就业脱贫",
        "易地搬迁脱贫",
        "教育扶贫",
        "健康扶贫",
        "生态保护脱贫",
        "兜底保障脱贫",
        "七个一批交集",
    ]
    assert labels["转移就业脱贫"] == "贫困户户表信息"


@pytest.mark.parametrize(
    ("changes", "verdict"),
    [
        ({}, True),
        ({"age": 18}, True),
        ({"age": 60}, True),
        ({"age": 17}, False),
        ({"age": 61}, False),
        ({"age": None}, None),
        ({"labour": "04"}, False),
        ({"labour": None}, None),
        ({"student_status": "08"}, False),
        ({"student_status": None}, None),
        ({"work_status": None}, False),
    ],
)
def test_job_transfer_by_age_labour_schooling_and_work(changes, verdict):
    person = {"age": 30, "labour": "01", "student_status": "01", "work_status": "04", **changes}
    assert verdicts({"person": person}, "job_transfer") == [verdict]


def test_eight_precise_items_four_of_them_with_a_first_formula():
    items = [item for item in pack().criteria if item.kind is CriterionKind.PRECISE]
    assert [item.zh for item in items] == [
        "对象识别认定准",
        "家庭情况核实准",
        "致贫原因分析准",
        "计划措施制定准",
        "扶贫政策落实准",
        "人均收支核查准",
        "对象进出录入准",
        "台账进度记录准",
    ]
    assert [item.expression is not None for item in items] == [True, True, True, False, False, True, False, False]


def test_a_cause_must_agree_with_the_members():
    for cause, fact in (("01", "serious_illness"), ("02", "disabled")):
        household = {"main_cause": cause}
        assert verdicts({"household": household, "person": [{fact: True}]}, "precise_cause") == [True]
        well = {"serious_illness": False, "chronic_illness": False, "disabled": False}
        assert verdicts({"household": household, "person": [well]}, "precise_cause") == [False]
    assert verdicts({"household": {"main_cause": None}, "person": [{}]}, "precise_cause") == [False]


def test_each_unit_of_an_exit_has_one_summary_over_its_conditions():
    summaries = {item.unit: item.id for item in pack().criteria if item.summary}
    assert summaries == {"household": "exit", "village": "village_exit", "county": "county_exit"}


def test_before_the_first_value_a_parameter_is_unknown():
    facts = {"household": {"debt": "0"}}
    assert verdicts(facts, "no_large_debt", at=dt.date(2015, 12, 31)) == [None]
    assert verdicts(facts, "no_large_debt", at=dt.date(2016, 1, 1)) == [True]


def test_a_compiled_pack_knows_its_date():
    inside, outside = (resolve.compiled(pack(), at=day) for day in (AT, dt.date(2021, 1, 1)))
    assert (inside.is_valid, outside.is_valid) == (True, False)
    assert set(inside.checked.by_id) == {item.id for item in pack().criteria}


def test_criteria_are_told_in_the_words_of_officials():
    words = resolve.in_words(resolve.compiled(pack(), at=AT))
    assert words["income"] == (
        "人均纯收入大于当年省定退出验收标准（待补充依据）",
        "Net income per head is above Provincial standard of exit of the year (awaits a source)",
    )
    assert "income_stable" not in words


def test_parameters_have_their_unit_in_both_languages():
    line = resolve.parameters_of(pack(), AT)["large_debt"]
    assert (line.unit, line.unit_en, line.clause) == ("元", "yuan", "001 ch10 §1-6 无因病因学因房大额借贷（5万元以上）")


def test_facts_of_a_pack_join_the_registered_ones():
    schema = resolve.schema_of(pack())
    assert isinstance(schema, Schema)
    assert schema == registry.schema()


def test_every_verdict_has_a_case():
    shown = {
        name: {Verdict(case.expect[name]) for case in pack().cases if name in case.expect}
        for name in (item.id for item in pack().criteria)
    }
    assert shown["income"] == set(Verdict)
    assert shown["income_stable"] == {Verdict.UNKNOWN}
