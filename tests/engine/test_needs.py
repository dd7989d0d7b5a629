"""What would have to change: exactly at the line, by the step of the fact, in both languages; or why it is not said."""

import json
from fractions import Fraction
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from lika.engine import reference
from lika.engine.messages import Words
from lika.engine.needs import Need, Needs, needs_of
from tests.engine.test_explain import HOUSEHOLD
from tests.engine.world import checked


def needed(text: str, facts: Any = HOUSEHOLD, unit: str = "household") -> Needs:
    found = needs_of(checked(text, unit), facts)
    assert found is not None
    return found


def told(need: Need) -> Any:
    """The tree by its kinds and steps in Chinese."""
    if need.step is not None:
        return need.words.zh
    kind = f"{need.kind} {need.least}" if need.least else need.kind
    return (kind, need.criterion or "", [told(part) for part in need.parts]) if need.parts else need.words.zh


def test_what_is_met_needs_nothing() -> None:
    assert needs_of(checked("members = 9"), HOUSEHOLD) is None


@pytest.mark.parametrize(
    ("text", "words", "exact"),
    [
        ("net_income > 30000", "纯收入现为24,624.90元，应大于30,000.00元（最小改动：改为30,000.01元）", "30000.01"),
        ("net_income >= 30000", "纯收入现为24,624.90元，应不小于30,000.00元（最小改动：改为30,000.00元）", "30000"),
        ("net_income < 24624.90", "纯收入现为24,624.90元，应小于24,624.90元（最小改动：改为24,624.89元）", "24624.89"),
        (
            "net_income <= 24624.89",
            "纯收入现为24,624.90元，应不大于24,624.89元（最小改动：改为24,624.89元）",
            "24624.89",
        ),
        ("members < 9", "人口数现为9人，应小于9人（最小改动：改为8人）", "8"),
        ("members != 9", "人口数现为9人，不应等于9人（最小改动：改为8人）", "8"),
        ("members = 3", "人口数现为9人，应为3人", "3"),
        ("not (members > 3)", "人口数现为9人，应不大于3人（最小改动：改为3人）", "3"),
        ("members between 3 and 5", "人口数现为9人，应在3人至5人之间（最小改动：改为5人）", "5"),
        ("members in (3, 5)", "人口数现为9人，应为3人，或应为5人（最小改动：改为5人）", "5"),
        (
            "not (members in (8, 9))",
            "人口数现为9人，不应等于8人、9人（最小改动：改为10人）",
            "10",
        ),
        ("housing_grade = 'A'", "住房等级现为B级，应为A级", "A"),
        ("housing_grade in ('A', 'C')", "住房等级现为B级，应为A级、C级（最小改动：改为A级）", "A"),
        (
            "net_income * 2 > 80000.01",
            "纯收入现为24,624.90元，应大于40,000.005元（最小改动：改为40,000.01元）",
            "40000.01",
        ),
        (
            "round(net_income / 7, 1) >= 4000",
            "纯收入现为24,624.90元，应不小于27,999.65元（最小改动：改为27,999.65元）",
            "27999.65",
        ),
        ("safe_water", "安全饮水未填写，须先采集；采集结果应为是", True),
        ("debt <= 50000", "借款未填写，须先采集；采集结果应不大于50,000.00元", "0"),
        ("is_known(debt)", "借款未填写，须先采集；采集结果可为任意值", "0"),
        ("registered_on >= date('2017-01-01')", "建档日期未填写，须先采集；采集结果应不早于2017年1月1日", "2017-01-01"),
        ("net_income - debt > 5", "借款未填写，须先采集；采集结果应小于24,619.90元", "0"),
    ],
)
def test_one_fact_decides(text: str, words: str, exact: object) -> None:
    found = needed(text)
    assert found.need.words.zh == words
    assert [change.to_dict()["exact"] for change in found.way] == [exact]
    assert [change.step.kind for change in found.way] == ["fact"]


@pytest.mark.parametrize(
    ("text", "words", "target"),
    [
        (
            "net_income_per_capita > param.exit_line",
            Words(
                "人均纯收入现为2,736.10元，应大于2,736.10元（不由一项数据单独决定）",
                "net income per capita is 2,736.10 元, must be above 2,736.10 元 (no single fact decides it)",
            ),
            Fraction("2736.11"),
        ),
        (
            "net_income / members + net_income > 30000",
            Words(
                "（纯收入÷人口数）+纯收入现为27,361.00，应大于30,000.00（不由一项数据单独决定）",
                "(net income ÷ members) + net income is 27,361.00, must be above 30,000.00 (no single fact decides it)",
            ),
            None,
        ),
        (
            "count(person) > 2",
            Words(
                "人数现为2人，应大于2人（不由一项数据单独决定）",
                "number of people is 2 people, must be above 2 people (no single fact decides it)",
            ),
            Fraction(3),
        ),
    ],
)
def test_where_no_single_fact_decides_the_value_of_the_whole_is_needed(
    text: str, words: Words, target: Fraction | None
) -> None:
    found = needed(text)
    assert found.need.step is not None
    assert found.need.step.kind == "value"
    if target is not None:
        assert (found.need.words, [change.target for change in found.way]) == (words, [target])


def test_all_that_fails_and_any_that_would_do() -> None:
    assert told(needed("safe_water and members > 3 and housing_grade = 'A'").need) == (
        "all", "", ["安全饮水未填写，须先采集；采集结果应为是", "住房等级现为B级，应为A级"],
    )  # fmt: skip
    assert told(needed("safe_water or members > 10").need) == (
        "any", "", ["安全饮水未填写，须先采集；采集结果应为是", "人口数现为9人，应大于10人（最小改动：改为11人）"],
    )  # fmt: skip


def test_other_criteria_stand_by_their_names() -> None:
    assert told(needed("met('income') and met('water')").need) == (
        "all", "", [
            ("all", "income", ["人均纯收入现为2,736.10元，应大于2,736.10元（不由一项数据单独决定）"]),
            ("all", "water", ["安全饮水未填写，须先采集；采集结果应为是"]),
        ],
    )  # fmt: skip


FIVE: dict[str, Any] = {
    "household": {"members": 5},
    "person": [{"labour": True, "id": "甲"}, {"labour": False}, {"labour": False, "id": "丙"}, {}, {"labour": True}],
}
_WORKING = ["第2人：劳动力现为否，应为是", "丙：劳动力现为否，应为是", "第4人：劳动力未填写，须先采集；采集结果应为是"]


def test_so_many_members_have_to_change() -> None:
    assert told(needed("count(person, labour) >= 4", FIVE).need) == ("some 2", "", _WORKING)
    assert needed("count(person, labour) >= 4", FIVE).need.words == Words(
        "以下3人中至少2人须改变", "at least 2 of the following 3 people must change"
    )
    assert told(needed("share(person, labour) > 0.6", FIVE).need) == ("some 2", "", _WORKING)
    assert told(needed("any(person, wage > 5)", {**FIVE, "person": [{"wage": 1}, {}]}).need) == (
        "some 1", "", [
            "第1人：工资现为1.00元，应大于5.00元（最小改动：改为5.01元）",
            "第2人：工资未填写，须先采集；采集结果应大于5.00元",
        ],
    )  # fmt: skip
    assert told(needed("count(person, labour) <= 1", FIVE).need) == (
        "some 2", "", [
            "甲：劳动力现为是，应为否",
            "第4人：劳动力未填写，须先采集；采集结果应为否",
            "第5人：劳动力现为是，应为否",
        ],
    )  # fmt: skip
    assert told(needed("count(person, labour) = 2", FIVE).need) == "第4人：劳动力未填写，须先采集；采集结果应为否"
    assert told(needed("all(person, labour)", FIVE).need) == ("all", "", _WORKING)


COUNTED = "(if members > 20 then 1 else 0) + (if housing_grade = 'A' then 1 else 0) + (if debt < 5 then 1 else 0)"


def test_of_conditions_that_are_counted_so_many_more() -> None:
    """What is not known leaves the sum unknown, so it is to be collected on every way."""
    assert told(needed(f"{COUNTED} >= 2").need) == (
        "all", "", [
            "借款未填写，须先采集；采集结果应小于5.00元",
            ("some 1", "", ["人口数现为9人，应大于20人（最小改动：改为21人）", "住房等级现为B级，应为A级"]),
        ],
    )  # fmt: skip
    assert [part.words for part in needed(f"{COUNTED} >= 2").need.parts][1] == Words(
        "以下2项中至少1项须改变", "at least 1 of the following 2 conditions must change"
    )


@pytest.mark.parametrize(
    ("text", "words"),
    [
        (
            "debt < param.debt_limit",
            Words("无法给出：参数“大额借贷”待补充依据", "cannot be given: the parameter “large debt” awaits a source"),
        ),
        (
            "members > 99999",
            Words("无法给出：该项数据取不到所需的值", "cannot be given: the fact cannot take the value that is needed"),
        ),
        ("1 > 2", Words("无法给出：这里不取决于记录的数据", "cannot be given: this does not depend on recorded facts")),
        (
            "members > 10 and members < 10",
            Words(
                "无法给出：各项要求相互牵制，没有找到一组能同时满足的改变",
                "cannot be given: what is asked hangs together, and no set of changes was found that fulfils all of it",
            ),
        ),
        (
            "not is_known(members)",
            Words("无法给出：已有的数据不能改为未知", "cannot be given: what is known cannot be made unknown"),
        ),
    ],
)
def test_where_nothing_can_be_given_it_is_said_why(text: str, words: Words) -> None:
    found = needed(text)
    assert (found.given, found.way, found.need.words) == (False, (), words)


def test_one_fact_asked_twice_changes_once() -> None:
    assert [change.to_dict()["exact"] for change in needed("net_income > 30000 and net_income > 40000").way] == [
        "40000.01"
    ]


def test_five_thousand_conditions() -> None:
    found = needed(" and ".join(f"members > {10 + index % 7}" for index in range(5000)))
    assert [change.target for change in found.way] == [Fraction(17)]


def test_the_whole_as_json() -> None:
    found = needed("safe_water and net_income > 30000").to_dict()
    assert json.loads(json.dumps(found, ensure_ascii=False)) == found
    words = {
        "zh": "安全饮水未填写，须先采集；采集结果应为是",
        "en": "safe water is not recorded and is to be collected; it must be yes",
    }
    assert found["tree"]["parts"][0] == {
        "kind": "step",
        "words": words,
        "least": None,
        "criterion": None,
        "step": {
            "kind": "fact",
            "unit": "household",
            "path": [],
            "row": None,
            "column": "safe_water",
            "label": {"zh": "安全饮水", "en": "safe water"},
            "now": {"zh": "未知", "en": "unknown"},
            "wanted": {"zh": "应为是", "en": "must be yes"},
            "to": {"zh": "是", "en": "yes"},
            "exact": True,
            "collect": True,
            "reasons": [],
        },
        "parts": [],
    }
    assert found["given"] is True
    assert [(change["column"], change["exact"]) for change in found["way"]] == [
        ("safe_water", True),
        ("net_income", "30000.01"),
    ]


CENTS = st.integers(-(10**6), 10**6)


def yuan(fen: int) -> str:
    sign = "-" if fen < 0 else ""
    return f"{sign}{abs(fen) // 100}.{abs(fen) % 100:02d}"


@settings(max_examples=300, deadline=None, derandomize=True, database=None)
@given(now=CENTS, line=CENTS, operator=st.sampled_from(["<", "<=", ">", ">=", "=", "!="]))
def test_the_change_is_the_least_one(now: int, line: int, operator: str) -> None:
    """One fen nearer to what is recorded, and the criterion is not met."""
    one = checked(f"net_income {operator} {yuan(line)}")
    found = needs_of(one, {"household": {"net_income": yuan(now)}})
    if found is None:
        assert reference.evaluate(one, {"household": {"net_income": yuan(now)}}) is True
        return
    (target,) = (change.target * 100 for change in found.way if isinstance(change.target, Fraction))
    nearer = int(target) + (1 if target < now else -1)
    assert reference.evaluate(one, {"household": {"net_income": yuan(int(target))}}) is True
    assert reference.evaluate(one, {"household": {"net_income": yuan(nearer)}}) is False


@pytest.mark.parametrize(
    "text",
    [
        "net_income_per_capita > 5000 and net_income_per_capita < 4000",
        "net_income_per_capita > 5000 and net_income < 100",
        "round(net_income / members, 2) > 5000 and round(net_income / members, 2) < 2000",
        "net_income_per_capita > 5000 and members = 3",
    ],
)
def test_no_way_is_given_where_one_change_would_move_what_the_other_half_rests_on(text: str) -> None:
    found = needed(text)
    assert (found.given, found.way) == (False, ())


def test_a_derived_fact_asked_of_twice_is_one_change() -> None:
    (change,) = needed("net_income_per_capita > 5000 and net_income_per_capita > 4000").way
    assert (change.step.kind, change.target) == ("value", Fraction("5000.01"))


@pytest.mark.parametrize(
    ("text", "words"),
    [
        # 24,624.90 ÷ 7 ÷ 9 is 390.8714…: to two places it would look like what it must be.
        ("net_income / 7 / members <= 390.871", "纯收入÷7÷人口数现为390.8714，应不大于390.871（不由一项数据单独决定）"),
        (
            "net_income / 7 / members <= 390.8714",
            "纯收入÷7÷人口数现为390.87143，应不大于390.8714（不由一项数据单独决定）",
        ),
        ("net_income / 7 / members >= 390.872", "纯收入÷7÷人口数现为390.87，应不小于390.872（不由一项数据单独决定）"),
        # Beside a ratio a quotient is one.
        (
            "1 / (net_income / members) >= share(person, age >= 0)",
            "1÷（纯收入÷人口数）现为0%，应不小于100%（不由一项数据单独决定）",
        ),
    ],
)
def test_a_value_does_not_look_like_what_it_must_be(text: str, words: str) -> None:
    need = needed(text).need
    steps = [need, *need.parts]
    assert [each.words.zh for each in steps if each.step is not None][:1] == [words]


def village_of(households: int, **first: object) -> dict[str, Any]:
    """A village of so many households with two members each, none of which has an income; the first may have more."""
    rows: list[dict[str, Any]] = [{"members": 2, "net_income": "0.00"} for _each in range(households)]
    rows[0] |= first
    return {"village": {}, "household": rows}


@pytest.mark.parametrize(
    ("text", "many"),
    [
        ("count(household, net_income > 100) >= 3", "至少还须有3户符合该条件（涉及61户，此处不逐一列出）"),
        ("share(household, members > 1) < 0.5", "至少须有31户不再符合该条件（涉及61户，此处不逐一列出）"),
        ("all(household, net_income > 100)", "涉及61户，此处不逐一列出"),
        ("any(household, net_income > 100)", "涉及61户，此处不逐一列出"),
        ("min(household, net_income) > 100", "涉及61户，此处不逐一列出"),
        ("is_known(sum(household, net_income))", "涉及61户，此处不逐一列出"),
    ],
)
def test_of_many_rows_it_is_told_how_many_and_not_which(text: str, many: str) -> None:
    """Sixty are told one by one; nobody reads a list of a county's households, and it would take minutes to prove."""
    unknown = {"net_income": None} if "is_known" in text else {}
    listed = needs_of(checked(text, "village"), village_of(60, **unknown))
    assert listed is not None
    assert listed.given is True
    told_of_many = needs_of(checked(text, "village"), village_of(61, **unknown))
    assert told_of_many is not None
    assert (told_of_many.given, told(told_of_many.need)) == (False, many)
