"""Every fault of a pack is told with file, line, column, what was expected and the nearest name."""

from textwrap import dedent, indent

import pytest
from django.utils import translation

from lika.policy.packs.checking import check_folder
from lika.policy.packs.faults import PackRefused
from tests.policy.conftest import FILES

DECIMAL = "Expected: a number of at most 14 digits, of these at most 2 after the point, without commas: 2736.10."

pytestmark = pytest.mark.usefixtures("in_english")


def told(folder, with_cases=False) -> list[str]:
    return [str(fault) for fault in check_folder(folder, with_cases=with_cases).faults]


def swapped(name: str, old: str, new: str) -> dict[str, str]:
    text = dedent(FILES[name])
    assert old in text
    return {name: text.replace(old, new, 1)}


def added(name: str, text: str) -> dict[str, str]:
    return {name: dedent(FILES.get(name, "")) + dedent(text)}


CRITERION = {
    "unit": "unit: household",
    "kind": "kind: exit",
    "order": "order: 20",
    "expression": "expression: safe_water",
    "clause": "clause: {ref: T §2, text: 饮水}",
}


def criterion(item_id: str = "water", **changes: str | None) -> dict[str, str]:
    """The sound criteria and one more, its lines changed or left out."""
    lines = [line for line in {**CRITERION, **changes}.values() if line is not None]
    body = "\n".join([f"- id: {item_id}", "  zh: 饮水", "  en: Water", *(indent(line, "  ") for line in lines)])
    return {"criteria/household.yaml": dedent(FILES["criteria/household.yaml"]) + body + "\n"}


def test_the_sound_pack_has_no_fault(write_pack):
    report = check_folder(write_pack())
    assert (report.faults, report.cases, report.pack.reference) == ([], 3, "test/one@1")


FORM = {
    "not yaml": (
        {"parameters.yaml": "- id: [line\n"},
        ["parameters.yaml:2:1: POL-002 This is not YAML: expected ',' or ']', but got '<stream end>'."],
    ),
    "anchor": (
        {"parameters.yaml": "- &line\n  id: line\n"},
        [
            (
                "parameters.yaml:1:3: POL-003 Anchors, merges and keys other than words are not used in packs."
                " Expected: plain YAML."
            ),
        ],
    ),
    "key twice": (
        swapped("parameters.yaml", "  zh: 标准线\n", "  zh: 标准线\n  zh: 标准\n"),
        ["parameters.yaml:3:3: POL-004 The key zh stands here twice."],
    ),
    "number in two ways": (
        swapped("parameters.yaml", "3000", "3_000"),
        [
            (
                "parameters.yaml:10:33: POL-005 3_000 can be read in two ways."
                " Expected: a number like 2736.10, a date like"
                " 2016-12-31, or text in quotes."
            ),
        ],
    ),
    "file missing": ({"SOURCES.md": None}, ["SOURCES.md: POL-006 The file is missing."]),
    "file unknown": (
        {"criterion/x.yaml": "[]"},
        [
            (
                "criterion/x.yaml: POL-007 No pack has such a file. Expected: pack.yaml, parameters.yaml, SOURCES.md,"
                " clauses.yaml, items.yaml, facts.yaml, patterns.yaml, calendar.yaml, changes.yaml, accounts.yaml,"
                " criteria/*.yaml, measures/*.yaml, quality/*.yaml, procedures/*.yaml, reports/*.yaml, cases/*.yaml."
            )
        ],
    ),
    "field missing": (
        criterion(clause=None),
        ["criteria/household.yaml:10:3: POL-008 The field clause is missing."],
    ),
    "field unknown": (
        criterion(order="ordre: 20\norder: 20"),
        ["criteria/household.yaml:15:3: POL-009 There is no field ordre here. Did you mean: order?"],
    ),
    "field unknown deep inside": (
        criterion(clause="clause: {ref: T §2, text: 饮水, txet: 水}"),
        ["criteria/household.yaml:17:33: POL-009 There is no field txet here. Did you mean: text?"],
    ),
    "wrong kind of value": (
        criterion(order="order: first"),
        ["criteria/household.yaml:15:10: POL-010 The value of order cannot be used. Expected: 1, 2, 3."],
    ),
    "jurisdiction": (
        swapped("pack.yaml", '"620000"', '"62000"'),
        ["pack.yaml:4:15: POL-010 The value of jurisdiction cannot be used. Expected: '620000'."],
    ),
    "choice": (
        criterion(kind="kind: exits"),
        [
            (
                "criteria/household.yaml:14:9: POL-011 kind cannot be exits. Expected: exit, measure, precise, entry."
                " Did you mean: exit?"
            )
        ],
    ),
    "unit": (
        criterion(unit="unit: houshold"),
        [
            (
                "criteria/household.yaml:13:9: POL-011 unit cannot be houshold. Expected: person, household, village,"
                " township, county, prefecture, province. Did you mean: household?"
            )
        ],
    ),
}


@pytest.mark.parametrize(("files", "expected"), FORM.values(), ids=FORM)
def test_faults_of_form(write_pack, files, expected):
    assert told(write_pack(files)) == expected


MEANING = {
    "folder": (
        swapped("pack.yaml", "test/one", "test/other"),
        [
            (
                "pack.yaml:1:5: POL-012 The pack is called test/other, but its folder is test/one."
                " Expected: a folder path that ends with the id."
            )
        ],
    ),
    "id twice": (
        criterion("income"),
        ["criteria/household.yaml:10:7: POL-013 The criterion income is declared twice."],
    ),
    "no content": (
        criterion(expression="expression:"),
        [
            (
                "criteria/household.yaml:16:3: POL-014 water has nothing to judge by."
                " Expected: content, or basis: missing"
                " with a note that says what the document does not give."
            )
        ],
    ),
    "missing with content": (
        criterion(basis="basis: missing", note="note: {zh: 无, en: none}"),
        [
            (
                "criteria/household.yaml:16:15: POL-015 water says that its basis is missing and yet has content."
                " Expected: no content, or another basis."
            )
        ],
    ),
    "note": (
        criterion(basis="basis: reading"),
        [
            (
                "criteria/household.yaml:10:3: POL-016 water needs a note: what is"
                " read into the document, or what it does"
                " not give. Expected: note."
            )
        ],
    ),
    "demonstration": (
        criterion(basis="basis: demo", note="note: {zh: 演示, en: shown}"),
        [
            (
                "criteria/household.yaml:18:10: POL-017 water sets a demonstration value in a pack that is not for"
                " demonstration. Expected: demo: true in pack.yaml, or another basis."
            )
        ],
    ),
    "value does not fit": (
        swapped("parameters.yaml", "2736.10", "2736.105"),
        [f"parameters.yaml:9:33: POL-018 The value does not fit the type of line. {DECIMAL}"],
    ),
    "truth is no number": (
        swapped("parameters.yaml", "2736.10", "true"),
        [f"parameters.yaml:9:33: POL-018 The value does not fit the type of line. {DECIMAL}"],
    ),
    "code outside its list": (
        added(
            "parameters.yaml",
            """
            - id: grade
              zh: 等级
              en: Grade
              type: code
              codes: CL-DANGER
              clause: {ref: T §3, text: 等级}
              values:
                - {from: 2016-01-01, value: E}
            """,
        ),
        ["parameters.yaml:19:33: POL-018 The value does not fit the type of grade. Expected: A, B, C, D, N."],
    ),
    "two values from one day": (
        swapped("parameters.yaml", "2017-01-01", "2016-01-01"),
        ["parameters.yaml:10:14: POL-019 line has two values from the same day."],
    ),
    "code list": (
        added(
            "parameters.yaml",
            """
            - id: grade
              zh: 等级
              en: Grade
              type: code
              codes: CL-DANGR
              clause: {ref: T §3, text: 等级}
              values:
                - {from: 2016-01-01, value: A}
            """,
        ),
        ["parameters.yaml:16:10: POL-020 There is no code list CL-DANGR. Did you mean: CL-DANGER, CL-DROP?"],
    ),
    "group": (
        criterion(group="group: exits"),
        ["criteria/household.yaml:18:10: POL-021 There is no group exits. Expected: exit. Did you mean: exit?"],
    ),
    "measure": (
        criterion(kind="kind: measure"),
        [
            (
                "criteria/household.yaml:10:3: POL-022 water: a measure, and only a"
                " measure, has a label and the source of its"
                " statistics. Expected: label and statistic with kind: measure, neither with another kind."
            )
        ],
    ),
    "name of a registered fact": (
        added(
            "facts.yaml",
            """
            - id: debt
              unit: household
              zh: 借贷
              en: Debt
              type: decimal
              places: 2
              clause: {ref: T §4, text: 借贷}
              formula: debt_illness
            """,
        ),
        ["facts.yaml:1:7: POL-023 The name debt is taken. Expected: another name."],
    ),
}


@pytest.mark.parametrize(("files", "expected"), MEANING.values(), ids=MEANING)
def test_faults_of_meaning(write_pack, files, expected):
    assert told(write_pack(files)) == expected


EXPRESSIONS = {
    "plain": ("safe_watr", "criteria/household.yaml:16:15: ENG-020"),
    "after others": ("food_secure and safe_watr", "criteria/household.yaml:16:31: ENG-020"),
    "in quotes": ("'food_secure and safe_watr'", "criteria/household.yaml:16:32: ENG-020"),
    "code in quotes": ("'housing_grade in (''A'', ''Z'')'", "criteria/household.yaml:16:41: ENG-031"),
    "in lines": ("|\n  food_secure\n    and safe_watr", "criteria/household.yaml:18:11: ENG-020"),
    "folded": (">\n  food_secure\n  and safe_watr", "criteria/household.yaml:18:9: ENG-020"),
    "unfinished": ("food_secure and", "criteria/household.yaml:16:30: ENG-002"),
}


@pytest.mark.parametrize(("text", "beginning"), EXPRESSIONS.values(), ids=EXPRESSIONS)
def test_an_expression_is_refused_at_its_place_in_the_file(write_pack, text, beginning):
    (fault,) = told(write_pack(criterion(expression=f"expression: {text}")))
    assert fault.startswith(beginning + " ")


def test_a_formula_is_refused_once_and_not_in_what_uses_it(write_pack):
    facts = """
        - id: per_room
          unit: household
          zh: 人均间数
          en: Per room
          type: decimal
          places: 2
          clause: {ref: T §4, text: 住房}
          formula: house_aera / members
        """
    files = criterion(expression="expression: per_room > 1 and per_room < 9") | {"facts.yaml": facts}
    (fault,) = told(write_pack(files))
    assert fault.startswith("facts.yaml:8:12: ENG-020 ")
    assert "house_area" in fault


def test_all_faults_are_told_at_once_in_reading_order(write_pack):
    files = (
        criterion(kind="kind: exits", clause="clause: {ref: T}")
        | swapped("parameters.yaml", "2736.10", "2736.105")
        | swapped("pack.yaml", "title:", "titel:")
    )
    codes = [line.split(" ")[:2] for line in told(write_pack(files))]
    assert codes == [
        ["criteria/household.yaml:14:9:", "POL-011"],
        ["criteria/household.yaml:17:11:", "POL-008"],
        ["pack.yaml:1:1:", "POL-008"],
        ["pack.yaml:3:1:", "POL-009"],
    ]


def test_a_reference_to_an_item_at_fault_is_no_second_fault(write_pack):
    files = swapped("parameters.yaml", "  type: decimal\n", "  type: decimla\n")
    assert [line.split(" ")[1] for line in told(write_pack(files))] == ["POL-011"]


CASES = {
    "criterion unknown": (
        "expect: {incomes: met}",
        "cases/household.yaml:8:12: POL-040 There is no criterion incomes in the resolved pack. Did you mean: income?",
    ),
    "parameter unknown": (
        "assume: {lines: 3}\n  expect: {income: met}",
        "cases/household.yaml:8:12: POL-040 There is no parameter lines in the resolved pack. Did you mean: line?",
    ),
    "fact unknown": (
        "expect: {income: met}",
        "cases/household.yaml:7:24: ENG-071",
    ),
}


@pytest.mark.parametrize(("rest", "expected"), CASES.values(), ids=CASES)
def test_faults_of_cases(write_pack, rest, expected):
    fact = "incom" if expected.endswith("ENG-071") else "net_income_per_capita"
    case = "- id: bad\n  zh: 错\n  en: Bad\n  unit: household\n  at: 2016-12-31\n  facts:\n"
    text = f"{case}    household: {{{fact}: 2736.11}}\n  {rest}\n"
    folder = write_pack({"cases/household.yaml": text + dedent(FILES["cases/household.yaml"])})
    (fault,) = told(folder, with_cases=True)
    assert fault.startswith(expected)


def test_a_fact_of_a_lower_unit_is_refused_at_its_place(write_pack):
    files = swapped(
        "cases/household.yaml", "    household: {net", "    person:\n      - {agee: 6}\n    household: {net"
    )
    (fault,) = told(write_pack(files), with_cases=True)[:1]
    assert fault.startswith("cases/household.yaml:8:16: ENG-071 ")


def test_a_wrong_verdict_is_told_once_with_its_engines(write_pack):
    folder = write_pack(swapped("cases/household.yaml", "expect: {income: met}", "expect: {income: not met}"))
    assert told(folder, with_cases=True) == [
        "cases/household.yaml:8:20: POL-042 income is met (engine: reference, duckdb). Expected: not met.",
        "criteria/household.yaml:1:3: POL-043 No golden case shows income: met. Expected: a case for each verdict.",
    ]


def test_a_case_about_another_unit_is_refused(write_pack):
    files = swapped("cases/household.yaml", "unit: household", "unit: village")
    assert told(write_pack(files), with_cases=True) == [
        (
            "cases/household.yaml:8:12: POL-041 The criterion income is about another unit than the case."
            " Expected: household."
        )
    ]


def test_a_criterion_without_basis_needs_only_the_unknown_case(write_pack):
    files = criterion(expression="expression:", basis="basis: missing", note="note: {zh: 无, en: none}")
    files |= swapped("SOURCES.md", "not software", "`criteria/household.yaml`: water")
    assert told(write_pack(files), with_cases=True) == [
        "criteria/household.yaml:10:3: POL-043 No golden case shows water: unknown. Expected: a case for each verdict."
    ]


def test_faults_speak_chinese_too(write_pack):
    with translation.override("zh-hans"):
        lines = told(write_pack(criterion(order="ordre: 20\norder: 20")))
    assert lines == ["criteria/household.yaml:15:3: POL-009 此处没有字段 ordre。 是否指：order？"]


def test_refusing_raises_all_faults_under_one_code(write_pack):
    report = check_folder(write_pack({"SOURCES.md": None}))
    with pytest.raises(PackRefused) as refusal:
        report.accepted()
    assert (refusal.value.code, [fault.code for fault in refusal.value.errors]) == ("POL-001", ["POL-006"])
