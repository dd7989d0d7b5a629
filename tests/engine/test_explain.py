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
        "人均纯收入 2,736.10 元，应大于 退出线 2,736.10 元：不符合",
        "net income per capita 2,736.10 元, must be above exit line 2,736.10 元: not met",
    )
    assert [(fact.column, fact.value.zh, fact.known) for fact in found.facts] == [
        ("net_income_per_capita", "2,736.10 元", True)
    ]
    assert [(one.label.zh, one.value.zh, one.clause, one.given) for one in found.parameters] == [
        ("退出线", "2,736.10 元", "第十章第一条", True)
    ]
    (derived,) = found.parts
    (formula,) = derived.parts
    assert formula.words.zh == "纯收入 ÷ 人口数：2,736.10"
    shown = [(fact.label.zh, fact.value.zh) for fact in formula.facts]
    assert shown == [("纯收入", "24,624.90 元"), ("人口数", "9 人")]


def test_a_quotient_is_shown_rounded_half_up() -> None:
    facts = {"household": {"net_income": "10.01", "members": 8}}
    assert explained("net_income_per_capita", facts).value.zh == "1.25 元"
    facts = {"household": {"net_income": "10.02", "members": 8}}
    assert explained("-net_income_per_capita", facts).value.zh == "-1.25 元"
    facts = {"household": {"net_income": "0.01", "members": 2}}
    assert explained("net_income_per_capita", facts).value.zh == "0.01 元"


def test_a_range_names_its_ends_and_the_rows_that_are_unknown() -> None:
    found = explained("count(person, age between 6 and 15 and out_of_school = 'yes') <= 1")
    assert found.answer is None
    assert found.words == Words(
        "符合“年龄在 6 到 15 之间且失学 为 失学”的人数 1 至 2 人，应不大于 1：无法判定",
        "number of persons with: age from 6 to 15 and out of school equal to out of school 1 to 2 person,"
        " must be at most 1: unknown",
    )
    (count,) = found.parts
    assert count.rows == RowsCounted("person", met=("1",), unknown=("P2",))
    assert found.reasons == (
        Words("人 P2：人的“失学”没有填写", "person P2: out of school of the person is not recorded"),
    )


def test_criteria_are_explained_one_inside_the_other() -> None:
    found = explained("met('income') and met('water')")
    assert [part.criterion for part in found.parts] == ["income", "water"]
    assert [part.answer for part in found.parts] == [False, None]
    assert [part.words.zh for part in found.parts] == ["标准「收入达标」：不符合", "标准「饮水安全」：无法判定"]
    assert found.parts[1].reasons == (Words("户的“安全饮水”没有填写", "safe water of the household is not recorded"),)
    assert found.reasons == ()


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("debt < param.debt_limit", "户的“借款”没有填写"),
        ("net_income < param.debt_limit", "参数“大额借贷”待补充依据"),
        ("net_income / (members - 9) > 1", "除数为 0 或可能为 0"),
        ("max(person, wage) > 1", "人 1、P2：人的“工资”没有填写"),
        ("previous(members, 1) > 1", "户的“人口数（上一年）”没有填写"),
        ("previous(net_income_per_capita, 1) > 1", "户的“人口数（上一年）”没有填写"),
    ],
)
def test_every_unknown_has_its_reason(text: str, reason: str) -> None:
    found = explained(text)
    assert found.answer is None
    assert reason in [one.zh for one in found.reasons]


def test_an_empty_group_and_a_missing_date_are_reasons() -> None:
    facts: dict[str, Any] = {"household": {}, "person": []}
    assert explained("avg(person, wage) > 1", facts).reasons == (Words("没有人", "there are no persons"),)
    alone = {"person": {"birth_date": "2000-01-01"}}
    assert explained("age > 1", alone, "person").reasons == (Words("没有给出标准时点", "no reference date is given"),)


def test_what_is_known_needs_no_reason() -> None:
    assert explained("safe_water and members < 3").reasons == ()


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("housing_grade in ('A', 'B')", "住房等级 B级，应为 A级、B级 之一：符合"),
        ("housing_grade = 'A'", "住房等级 B级，应为 A级：不符合"),
        ("net_income < param.debt_limit", "纯收入 24,624.90 元，应小于 大额借贷 待补充依据：无法判定"),
        ("members between 3 and 10", "人口数 9 人，应在 3 到 10 之间：符合"),
        ("safe_water or members > 3", "以下至少一项应符合：符合"),
        ("not (members > 3)", "以下一项不应成立：不符合"),
        ("reference_date >= date('2016-01-01')", "标准时点 2016-12-31，应不早于 2016-01-01：符合"),
        ("count(person)", "人数：2 人"),
        ("is_known(debt)", "借款已知：不符合"),
        ("coalesce(debt, 0)", "借款（未知时取 0）：0.00 元"),
        ("round(net_income / 7, 1)", "（纯收入 ÷ 7）（四舍五入到 1 位小数）：3,517.8"),
        ("all(person, labour)", "每人都符合“劳动力”：无法判定"),
        ("least(members, 3)", "人口数、3中的最小值：3 人"),
        ("if safe_water then 1 else 2", "若安全饮水则 1，否则 2：未知"),
    ],
)
def test_sentences(text: str, words: str) -> None:
    assert explained(text).words.zh == words


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
            "value": {"zh": "2,736.10 元", "en": "2,736.10 元"},
            "known": True,
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
