"""Values that no pack may hold: beyond all digits, on no day, typed in a way YAML reads as something else."""

from textwrap import dedent

import pytest
from django.utils import translation

from lika.policy.packs.checking import check_folder
from tests.policy.conftest import FILES

pytestmark = pytest.mark.usefixtures("in_english")

DECIMAL = "Expected: a number of at most 14 digits, of these at most 2 after the point, without commas: 2736.10."


def told(folder) -> list[str]:
    return [str(fault) for fault in check_folder(folder, with_cases=False).faults]


def with_value(text: str) -> dict[str, str]:
    return {"parameters.yaml": dedent(FILES["parameters.yaml"]).replace("2736.10", text, 1)}


@pytest.mark.parametrize(
    "text",
    ["1234567890123", "9" * 25, "9" * 40, f"{'9' * 40}.10", "-1234567890123.00", "2736.105", f"0.{'1' * 60}", "many"],
)
def test_a_number_that_does_not_fit_is_refused_with_the_digits_it_may_have(write_pack, text):
    assert told(write_pack(with_value(text))) == [
        f"parameters.yaml:9:33: POL-018 The value does not fit the type of line. {DECIMAL}"
    ]


@pytest.mark.parametrize("text", ["123456789012.34", "-999999999999.99", "0.10", "0"])
def test_a_number_of_as_many_digits_as_allowed_holds(write_pack, text):
    assert told(write_pack(with_value(text))) == []


@pytest.mark.parametrize("text", ["9" * 5000, f"{'9' * 5000}.10"])
def test_a_number_of_thousands_of_digits_is_refused_without_repeating_it(write_pack, text):
    assert told(write_pack(with_value(text))) == [
        "parameters.yaml:9:33: POL-027 This number is longer than any that can be used. Expected: at most 100 digits."
    ]


def test_a_whole_number_has_nine_digits(write_pack):
    text = dedent(FILES["parameters.yaml"]).replace("type: decimal\n  places: 2", "type: integer")
    text = text.replace("2736.10", "1234567890")
    assert told(write_pack({"parameters.yaml": text})) == [
        (
            "parameters.yaml:8:33: POL-018 The value does not fit the type of line."
            " Expected: a whole number of at most 9 digits, without commas: 16."
        )
    ]


@pytest.mark.parametrize("text", ["9" * 40, "2736.105", "many"])
def test_an_assumed_value_fits_its_parameter_too(write_pack, text):
    cases = dedent(FILES["cases/household.yaml"]).replace("  facts:", f"  assume: {{line: {text}}}\n  facts:", 1)
    assert told(write_pack({"cases/household.yaml": cases})) == [
        f"cases/household.yaml:6:18: POL-018 The value does not fit the type of line. {DECIMAL}"
    ]


@pytest.mark.parametrize("opening", ["[", "{a: "])
def test_yaml_nested_without_end_is_refused_where_it_becomes_too_deep(write_pack, opening):
    closing = {"[": "]", "{a: ": "}"}[opening]
    (fault,) = told(write_pack({"criteria/deep.yaml": opening * 3000 + closing * 3000}))
    assert fault == (
        f"criteria/deep.yaml:1:{100 * len(opening) + 1}: POL-002 This is not YAML of a pack: it is nested too deep."
    )


def test_a_day_that_does_not_exist_is_said_to_be_none(write_pack):
    text = dedent(FILES["parameters.yaml"]).replace("2016-01-01", "2016-02-30")
    assert told(write_pack({"parameters.yaml": text})) == [
        "parameters.yaml:9:14: POL-024 There is no day 2016-02-30. Expected: 2016-12-31."
    ]


def test_a_number_with_a_comma_is_told_to_go_without(write_pack):
    assert told(write_pack(with_value("50,000.00"))) == [
        (
            "parameters.yaml:9:36: POL-028 The comma in a number ends it: YAML reads on with 000.00."
            " Expected: numbers without commas, like 50000.00."
        )
    ]


TEXTS = {
    "truth": ("expression: net_income_per_capita > param.line", "expression: true", 8, 15, "expression", "'true'"),
    "number": ("zh: 收入", "zh: 16", 3, 7, "zh", "'16'"),
}


@pytest.mark.parametrize(("old", "new", "line", "column", "name", "example"), TEXTS.values(), ids=TEXTS)
def test_what_yaml_reads_as_something_else_belongs_in_quotes(write_pack, old, new, line, column, name, example):
    text = dedent(FILES["criteria/household.yaml"]).replace(old, new)
    assert told(write_pack({"criteria/household.yaml": text})) == [
        (
            f"criteria/household.yaml:{line}:{column}: POL-010 The value of {name} cannot be used."
            f" Expected: text in quotes, like {example}."
        )
    ]


def test_a_version_belongs_in_quotes(write_pack):
    text = dedent(FILES["pack.yaml"]).replace('"1"', "1")
    assert told(write_pack({"pack.yaml": text})) == [
        "pack.yaml:2:10: POL-010 The value of version cannot be used. Expected: text in quotes, like '1'."
    ]


def test_an_empty_text_is_told_to_say_something(write_pack):
    text = dedent(FILES["criteria/household.yaml"]).replace("ref: T §1", "ref: ''")
    assert told(write_pack({"criteria/household.yaml": text})) == [
        (
            "criteria/household.yaml:9:17: POL-010 The value of clause.ref cannot be used."
            " Expected: a text that is not empty."
        )
    ]


@pytest.mark.parametrize(
    "content", ["- id: 收入".encode("gbk"), b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"], ids=["gbk", "xls"]
)
@pytest.mark.parametrize("name", ["criteria/other.yaml", "SOURCES.md"])
def test_a_file_in_another_encoding_is_to_be_saved_as_utf_8(write_pack, content, name):
    folder = write_pack()
    (folder / name).write_bytes(content)
    assert told(folder) == [f"{name}: POL-025 The file is not UTF-8 text. Expected: a file saved as UTF-8."]


@pytest.mark.parametrize("text", ["", "# nothing yet\n"])
@pytest.mark.parametrize("name", ["criteria/household.yaml", "parameters.yaml", "cases/more.yaml"])
def test_an_empty_file_is_named(write_pack, name, text):
    folder = write_pack()
    (folder / name).write_text(text, encoding="utf-8")
    assert told(folder) == [f"{name}: POL-026 The file is empty. Expected: - id: …, or [] where there is nothing."]


def test_a_circle_is_told_once(write_pack):
    item = (
        "- {{id: {0}, unit: household, zh: 环, en: Ring, kind: exit, order: 20, expression: \"met('{1}')\","
        " clause: {{ref: T §1, text: 环}}}}\n"
    )
    ring = "".join(item.format(*pair) for pair in [("a", "b"), ("b", "c"), ("c", "a"), ("x", "y"), ("y", "x")])
    faults = told(write_pack({"criteria/ring.yaml": ring}))
    assert [line.split(" ")[1] for line in faults] == ["ENG-053", "ENG-053"]
    assert ["a → b → c" in faults[0] or "b → c → a" in faults[0], "x → y" in faults[1]] == [True, True]


def test_these_faults_speak_chinese(write_pack):
    with translation.override("zh-hans"):
        assert told(write_pack(with_value("2736.105"))) == [
            (
                "parameters.yaml:9:33: POL-018 该值与 line 的类型不符。"
                " 应为：最多 14 位数字，其中小数最多 2 位，不加逗号，如 2736.10。"
            )
        ]
