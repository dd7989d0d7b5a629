"""Explanations say what the engine found, in both languages, with facts, clauses and the reason for every unknown."""

import json
from typing import Any

import pytest

from lika.engine import reference
from lika.engine.explain import Explanation, RowsCounted, explain
from lika.engine.messages import Words
from tests.engine.world import checked

HOUSEHOLD: dict[str, Any] = {
    "household": {"net_income": "24624.90", "members": 9, "housing_grade": "B", "previous": [{"net_income": 100}]},
    "person": [{"birth_date": "2008-02-29", "out_of_school": "yes"}, {"birth_date": "2004-01-01", "id": "P2"}],
    "reference_date": "2016-12-31",
}


def explained(text: str, facts: Any = HOUSEHOLD, unit: str = "household") -> Explanation:
    found = explain(checked(text, unit), facts)
    assert found.answer == reference.evaluate(checked(text, unit), facts)
    return found


def test_a_comparison_with_a_quotient() -> None:
    found = explained("net_income_per_capita > param.exit_line")
    assert found.words == Words(
        "人均纯收入为2,736.10元，应大于退出线（2,736.10元）：不符合",
        "net income per capita is 2,736.10 元, must be above exit line (2,736.10 元): not met",
    )
    assert [(fact.column, fact.value.zh, fact.known) for fact in found.facts] == [
        ("net_income_per_capita", "2,736.10元", True)
    ]
    assert [(one.label.zh, one.value.zh, one.clause, one.given) for one in found.parameters] == [
        ("退出线", "2,736.10元", "第十章第一条", True)
    ]
    (derived,) = found.parts
    (formula,) = derived.parts
    assert formula.words.zh == "纯收入÷人口数：2,736.10元"
    shown = [(fact.label.zh, fact.value.zh) for fact in formula.facts]
    assert shown == [("纯收入", "24,624.90元"), ("人口数", "9人")]


def test_a_quotient_is_shown_rounded_half_up() -> None:
    facts = {"household": {"net_income": "10.01", "members": 8}}
    assert explained("net_income_per_capita", facts).value.zh == "1.25元"
    facts = {"household": {"net_income": "10.02", "members": 8}}
    assert explained("-net_income_per_capita", facts).value.zh == "-1.25元"
    facts = {"household": {"net_income": "0.01", "members": 2}}
    assert explained("net_income_per_capita", facts).value.zh == "0.01元"


def test_a_range_names_its_ends_and_the_rows_that_are_unknown() -> None:
    found = explained("count(person, age between 6 and 15 and out_of_school = 'yes') <= 1")
    assert found.answer is None
    assert found.words == Words(
        "符合“年龄在6至15岁之间且失学为失学”的人数为1至2人，应不大于1人：无法判定",
        "number of people with “age from 6 to 15 岁 and out of school is out of school” is 1 to 2 people,"
        " must be at most 1 person: unknown",
    )
    (count,) = found.parts
    assert count.rows == RowsCounted("person", met=("1",), unknown=("P2",))
    assert found.reasons == (Words("P2：“失学”未填写", "P2: “out of school” is not recorded"),)


def test_criteria_are_explained_one_inside_the_other() -> None:
    found = explained("met('income') and met('water')")
    assert [part.criterion for part in found.parts] == ["income", "water"]
    assert [part.answer for part in found.parts] == [False, None]
    assert [part.words.zh for part in found.parts] == ["“收入达标”：不符合", "“饮水安全”：无法判定"]
    assert found.parts[1].reasons == (Words("“安全饮水”未填写", "“safe water” is not recorded"),)
    assert found.reasons == ()


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("debt < param.debt_limit", "“借款”未填写"),
        ("net_income < param.debt_limit", "参数“大额借贷”待补充依据"),
        ("net_income / (members - 9) > 1", "除数为 0 或可能为 0"),
        ("max(person, wage) > 1", "第1人、P2：“工资”未填写"),
        ("previous(members, 1) > 1", "“人口数（上年）”未填写"),
        ("previous(net_income_per_capita, 1) > 1", "“人口数（上年）”未填写"),
    ],
)
def test_every_unknown_has_its_reason(text: str, reason: str) -> None:
    found = explained(text)
    assert found.answer is None
    assert reason in [one.zh for one in found.reasons]


def test_an_empty_group_and_a_missing_date_are_reasons() -> None:
    facts: dict[str, Any] = {"household": {}, "person": []}
    assert explained("avg(person, wage) > 1", facts).reasons == (Words("没有人", "there are no people"),)
    alone = {"person": {"birth_date": "2000-01-01"}}
    assert explained("age > 1", alone, "person").reasons == (Words("没有给出标准时点", "no reference date is given"),)


def test_what_is_known_needs_no_reason() -> None:
    assert explained("safe_water and members < 3").reasons == ()


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("housing_grade in ('A', 'B')", "住房等级为B级，应为A级、B级之一：符合"),
        ("housing_grade = 'A'", "住房等级为B级，应为A级：不符合"),
        ("net_income < param.debt_limit", "纯收入为24,624.90元，应小于大额借贷（待补充依据）：无法判定"),
        ("members between 3 and 10", "人口数为9人，应在3至10人之间：符合"),
        ("safe_water or members > 3", "以下至少一项应符合：符合"),
        ("not (members > 3)", "以下一项应不符合：不符合"),
        ("reference_date >= date('2016-01-01')", "标准时点为2016年12月31日，应不早于2016年1月1日：符合"),
        ("count(person)", "人数：2人"),
        ("is_known(debt)", "借款已有数据：不符合"),
        ("coalesce(debt, 0)", "借款（未知时取0元）：0.00元"),
        ("round(net_income / 7, 1)", "纯收入÷7（四舍五入，保留1位小数）：3,517.8"),
        ("all(person, labour)", "每人均符合“劳动力”：无法判定"),
        ("least(members, 3)", "人口数、3人中的最小值：3人"),
        ("if safe_water then 1 else 2", "安全饮水的取1，其余取2：未知"),
        (
            "if members > 10 then safe_water else if members > 8 then housing_grade = 'A' else true",
            "若人口数大于10人，则安全饮水；若人口数大于8人，则住房等级为A级；否则视为符合：不符合",
        ),
        (
            "(if met('income') then 1 else 0) + (if safe_water then 1 else 0) >= 1",
            "“收入达标”、安全饮水中符合的项数未知，应不小于1：无法判定",
        ),
        ("sum(person, if labour then wage else 0)", "劳动力的各人工资合计：未知"),
        ("share(person, labour) > 0.5", "符合“劳动力”的人数所占比例为0%至100%，应大于50%：无法判定"),
        ("known_share(person, out_of_school) = 1", "有“失学”数据的人数所占比例为50%，应为100%：不符合"),
        ("any(person, met('schooled'))", "至少有一人符合“有学上”：无法判定"),
        ("all(person, not met('schooled'))", "每人均符合“不符合‘有学上’”：无法判定"),
        ("3 < members", "3人，应小于人口数（9人）：符合"),
        ("housing_grade != 'B'", "住房等级为B级，不应为B级：不符合"),
        ("members != 9", "人口数为9人，不应等于9人：不符合"),
        ("previous(members, 1) > 1", "人口数（上年）未知，应大于1人：无法判定"),
        ("members between 9 and least(members, 3)", "人口数为9人，应在9人至人口数、3人中的最小值（3人）之间：不符合"),
    ],
)
def test_sentences(text: str, words: str) -> None:
    assert explained(text).words.zh == words


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("housing_grade in ('A', 'B')", "housing grade is grade B, must be grade A or grade B: met"),
        (
            "reference_date >= date('2016-01-01')",
            "reference date is 31 December 2016, must be not before 1 January 2016: met",
        ),
        ("count(person) = 1", "number of people is 2 people, must be 1 person: not met"),
        (
            "count(person, labour) < 2",
            "number of people with “labour” is 0 to 2 people, must be below 2 people: unknown",
        ),
        ("safe_water or members > 3", "at least one of the following must be met: met"),
        ("if safe_water then 1 else 2", "1 if safe water, else 2: unknown"),
        ("sum(person, if labour then wage else 0)", "sum of wage over people where labour: unknown"),
        ("housing_grade != 'B'", "housing grade is grade B, must not be grade B: not met"),
    ],
)
def test_sentences_in_english(text: str, words: str) -> None:
    assert explained(text).words.en == words


def test_two_different_numbers_never_look_equal() -> None:
    facts = {"household": {"net_income": "24624.91", "members": 9}}
    found = explained("net_income_per_capita > param.exit_line", facts)
    assert found.words.zh == "人均纯收入为2,736.101元，应大于退出线（2,736.10元）：符合"
    assert (
        explained("net_income_per_capita > 2736.10", facts).words.zh
        == "人均纯收入为2,736.101元，应大于2,736.10元：符合"
    )


def test_many_rows_are_told_by_their_number() -> None:
    facts: dict[str, Any] = {"household": {}, "person": [{} for _ in range(11)]}
    assert explained("max(person, wage) > 1", facts).reasons == (
        Words("共11人：“工资”未填写", "11 people: “wage” is not recorded"),
    )


def test_as_a_dictionary() -> None:
    found = explained("net_income_per_capita > param.exit_line").to_dict()
    assert json.loads(json.dumps(found, ensure_ascii=False)) == found
    assert found["answer"] is False
    assert found["source"] == "net_income_per_capita > param.exit_line"
    assert found["facts"] == [
        {
            "unit": "household",
            "column": "net_income_per_capita",
            "label": {"zh": "人均纯收入", "en": "net income per capita"},
            "value": {"zh": "2,736.10元", "en": "2,736.10 元"},
            "known": True,
            "exact": "2736.1",
            "measure": {"zh": "元", "en": "元"},
            "origin": None,
        }
    ]
    assert [part["source"] for part in found["parts"]] == ["net_income_per_capita"]


def test_every_item_of_a_list_has_its_line() -> None:
    found = explained("safe_water and members > 3")
    assert [(part.source, part.answer) for part in found.parts] == [("safe_water", None), ("members > 3", True)]
    assert found.facts == ()
    assert [(fact.column, fact.value.zh) for fact in found.parts[0].facts] == [("safe_water", "未知")]


def test_walk_visits_every_part() -> None:
    found = explained("met('income') and met('water')")
    criteria = [part.criterion for part in found.walk() if part.criterion]
    assert criteria == ["income", "water"]


def test_what_was_asked_of_each_member_is_told_with_its_facts() -> None:
    found = explained("count(person, age between 6 and 15 and out_of_school = 'yes') <= 1")
    (count,) = found.parts
    told = [
        (
            member.row,
            member.unit,
            member.answer,
            [
                (part.words.zh, [(fact.column, fact.value.zh, fact.known) for fact in part.facts])
                for part in member.parts
            ],
        )
        for member in count.members
    ]
    assert told == [
        ("1", "person", True, [
            ("年龄为8岁，应在6至15岁之间：符合", [("age", "8岁", True)]),
            ("失学为失学，应为失学：符合", [("out_of_school", "失学", True)]),
        ]),
        ("P2", "person", None, [
            ("年龄为12岁，应在6至15岁之间：符合", [("age", "12岁", True)]),
            ("失学未知，应为失学：无法判定", [("out_of_school", "未知", False)]),
        ]),
    ]  # fmt: skip
    assert [part.row for part in found.walk() if part.unit == "person" and part.kind == "all_of"] == ["1", "P2"]
    assert [member["row"] for member in count.to_dict()["members"]] == ["1", "P2"]
    assert (found.row, found.members, found.to_dict()["row"], found.to_dict()["members"]) == ("", (), None, [])


def test_rows_of_higher_units_are_counted_and_not_told_one_by_one() -> None:
    village = {"village": {}, "household": [{"net_income": "1.00", "members": 1}, {"net_income": "2.00", "members": 1}]}
    found = explained("count(household, net_income > 1) <= 1", village, "village")
    assert [(part.kind, part.members) for part in found.walk() if part.rows] == [("aggregate", ())]
