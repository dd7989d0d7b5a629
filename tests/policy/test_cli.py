"""`lika policy …` as a person at a terminal meets it: another process, its output and exit code."""

import json
import os
import subprocess
import sys
from io import StringIO
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command
from django.utils import translation

from lika.core.errors import UserError
from tests.policy.conftest import FILES

ENGINES = ("reference", "duckdb")
GANSU = "cn-gansu/2016"

HOUSEHOLD = {
    "household": {
        "net_income": 24624.90,
        "members": 9,
        "housing_grade": "B",
        "safe_water": True,
        "poverty": "poor",
        "debt_illness": 100,
        "previous": [{"net_income_per_capita": 2736.10}],
    },
    "person": [
        {"age": 8, "out_of_school": "no"},
        {"age": 16, "out_of_school": "yes"},
        {"age": 40, "out_of_school": None},
    ],
}


def lika(*arguments: str, language: str = "en", **environment: str) -> subprocess.CompletedProcess[str]:
    """Run the command with no database within reach."""
    nowhere = "postgresql://nobody@127.0.0.1:9/none"
    plain = {name: value for name, value in os.environ.items() if not name.endswith("_DATABASE_URL")}
    return subprocess.run(
        [sys.executable, "-m", "lika", "policy", *arguments],
        capture_output=True,
        text=True,
        check=False,
        env={**plain, "LIKA_LANG": language, "LIKA_DATABASE_URL": nowhere, **environment},
    )


@pytest.fixture
def facts(tmp_path: Path):
    """Write a facts file and give its path."""

    def write(document: object = HOUSEHOLD) -> str:
        path = tmp_path / "facts.json"
        path.write_text(document if isinstance(document, str) else json.dumps(document), encoding="utf-8")
        return str(path)

    return write


def run(*arguments: str, language: str = "en") -> tuple[int, str, str]:
    """Run the command in this process: exit code, output, errors. `TestAsAProcess` shows that a shell sees the same."""
    out, err = StringIO(), StringIO()
    with translation.override(language):
        try:
            call_command("policy", *arguments, stdout=out, stderr=err, no_color=True)
        except SystemExit as end:
            return int(end.code or 0), out.getvalue(), err.getvalue()
    return 0, out.getvalue(), err.getvalue()


def asked(text: str, path: str, *more: str, unit: str = "household") -> dict:
    """The answer of one expression, as one line of JSON."""
    code, out, err = run("eval", text, "--unit", unit, "--facts", path, *more)
    assert (code, err, out.count("\n")) == (0, "", 1)
    return json.loads(out)


def refused(text: str, path: str, *more: str, unit: str = "household", language: str = "en") -> str:
    """What is said where the expression or the facts are refused."""
    code, out, err = run("eval", text, "--unit", unit, "--facts", path, *more, language=language)
    assert (code, out) == (2, "")
    return err.rstrip("\n")


LINE = ("--param", "exit_line=2736.10")
ANSWERS = {
    "at the line": ("net_income_per_capita > param.exit_line", LINE, {"value": False, "type": "boolean"}),
    "a fen below the line": (
        "net_income_per_capita > param.exit_line",
        ("--param", "exit_line=2736.09"),
        {"value": True, "type": "boolean"},
    ),
    "codes and truth": ("housing_grade in ('A', 'B') and safe_water", (), {"value": True, "type": "boolean"}),
    "count decided": (
        "count(person, age between 6 and 15 and out_of_school = 'yes') = 0",
        (),
        {"value": True, "type": "boolean"},
    ),
    "earlier year": (
        "previous(net_income_per_capita, 1) > param.exit_line_previous",
        ("--param", "exit_line_previous=2736.09"),
        {"value": True, "type": "boolean"},
    ),
    "is_known": ("is_known(debt)", (), {"value": False, "type": "boolean"}),
    "coalesce": ("coalesce(debt, 0)", (), {"value": "0.00", "type": "decimal"}),
    "unknown": ("debt < 50000", (), {"value": None, "type": "boolean"}),
    "quotient": ("net_income / members", (), {"value": "2736.10", "type": "decimal"}),
    "quotient rounded": ("1 / members", (), {"value": "0.11", "type": "decimal", "rounded": True}),
    "whole number": ("members + 1", (), {"value": 10, "type": "integer"}),
    "code": ("housing_grade", (), {"value": "B", "type": "code"}),
    "range": (
        "count(person, out_of_school = 'yes')",
        (),
        {"value": None, "type": "integer", "range": {"low": 1, "high": 2}},
    ),
    "range that decides": ("count(person, out_of_school = 'yes') >= 1", (), {"value": True, "type": "boolean"}),
    "chinese labels": ("房屋安全等级 = 'B' and 家庭人口 = 9", (), {"value": True, "type": "boolean"}),
    "day": (
        "reference_date",
        ("--at", "2016-12-31"),
        {"value": "2016-12-31", "type": "date"},
    ),
}


@pytest.mark.parametrize("engine", ENGINES)
@pytest.mark.parametrize(("text", "more", "answer"), ANSWERS.values(), ids=ANSWERS)
def test_answers(facts, engine, text, more, answer):
    assert asked(text, facts(), "--engine", engine, *more) == answer


@pytest.mark.parametrize("engine", ENGINES)
def test_supplied_facts_come_before_formulas(facts, engine):
    document = {"household": {"net_income": 24624.90, "members": 9, "net_income_per_capita": 2736.11}}
    text = "net_income_per_capita > param.exit_line"
    assert asked(text, facts(document), "--engine", engine, *LINE) == {"value": True, "type": "boolean"}
    document["household"]["net_income_per_capita"] = None
    assert asked(text, facts(document), "--engine", engine, *LINE) == {"value": None, "type": "boolean"}


@pytest.mark.parametrize("engine", ENGINES)
def test_village_incidence_over_its_households(facts, engine):
    text = "sum(household, if poverty = 'poor' then members else 0) / rural_registered_population"
    document = {
        "village": {"rural_registered_population": 1000},
        "household": [{"poverty": "poor", "members": 30}, {"poverty": "exited", "members": 970}],
    }
    more = ("--engine", engine, "--param", "village_incidence=0.03")
    assert asked(f"{text} <= param.village_incidence", facts(document), *more, unit="village")["value"] is True
    document["household"][1]["members"] = None
    assert asked(f"{text} <= param.village_incidence", facts(document), *more, unit="village")["value"] is True
    document["household"][0]["members"] = None
    assert asked(f"{text} <= param.village_incidence", facts(document), *more, unit="village")["value"] is None


@pytest.mark.parametrize("engine", ENGINES)
def test_a_pack_gives_parameters_and_criteria(facts, engine):
    more = ("--pack", GANSU, "--at", "2016-12-31", "--engine", engine)
    pack = {"pack": "cn-gansu/2016@1", "at": "2016-12-31"}
    path = facts()
    assert asked("param.large_debt", path, *more) == {"value": "50000.00", "type": "decimal", **pack}
    assert asked("net_income_per_capita > param.exit_line", path, *more) == {"value": None, "type": "boolean", **pack}
    assert asked("met('income')", path, *more, *LINE) == {"value": False, "type": "boolean", **pack}
    assert asked("met('income') and met('two_worries')", path, *more, *LINE)["value"] is False
    assert asked("met('two_worries')", path, *more)["value"] is None


def test_parameters_are_valued_at_the_day(facts):
    more = ("--pack", "demo/cn-gansu-dangchang/2016", "--at")
    assert [asked("param.exit_line", facts(), *more, day)["value"] for day in ("2015-12-31", "2016-01-01")] == [
        "2855.00",
        "2952.00",
    ]
    assert asked("param.exit_line", facts(), *more, "2013-12-31")["value"] is None


def test_a_day_on_which_the_pack_does_not_rule_is_marked(facts):
    assert asked("param.large_debt", facts(), "--pack", GANSU, "--at", "2021-01-01") == {
        "value": "50000.00",
        "type": "decimal",
        "pack": "cn-gansu/2016@1",
        "at": "2021-01-01",
        "in_force": False,
    }


def test_the_day_of_the_facts_is_the_day_of_the_parameters(facts):
    path = facts({**HOUSEHOLD, "reference_date": "2017-06-30"})
    found = asked("param.exit_line", path, "--pack", "demo/cn-gansu-dangchang/2016")
    assert (found["value"], found["at"]) == ("2952.00", "2017-06-30")
    found = asked("reference_date", path, "--at", "2016-12-31")
    assert found == {"value": "2016-12-31", "type": "date"}


def test_a_pack_may_be_named_by_its_folder(facts, write_pack):
    assert asked("param.line", facts(), "--pack", str(write_pack()), "--at", "2016-12-31")["value"] == "2736.10"


REFUSALS = {
    "unknown fact": (
        "members > 1 and\n net_incom > 2",
        "2:2: ENG-020 The unit household has no fact net_incom. Did you mean: net_income",
    ),
    "unknown parameter": (
        "members > param.exit_line",
        "1:11: ENG-021 There is no parameter exit_line. Name a pack with ",
    ),
    "unknown criterion": ("met('income')", "1:5: ENG-022 "),
    "unknown function": ("average(person, age)", "1:1: ENG-024 "),
    "fact of another unit": ("age > 6", "1:1: ENG-026 "),
    "code outside its list": ("housing_grade = 'Z'", "1:17: ENG-031 The code 'Z' is not in the list "),
    "sql": ("1 = 1; DROP TABLE person", "1:6: ENG-009 "),
    "sql comment": ("members > 1 -- and more", "1:13: ENG-009 "),
    "select": ("SELECT members FROM household", "1:8: ENG-001 "),
    "unfinished": ("members >", "1:10: ENG-002 "),
    "empty": ("", "1:1: ENG-002 "),
    "types": ("members = 'A'", "1:11: ENG-030 "),
}


@pytest.mark.parametrize(("text", "beginning"), REFUSALS.values(), ids=REFUSALS)
def test_refused_expressions_say_where_and_why(facts, text, beginning):
    assert refused(text, facts()).startswith(beginning)


def test_refusals_speak_chinese(facts):
    assert refused("net_incom > 1", facts(), language="zh-hans").startswith("1:1: ENG-020 户没有指标")


FAULTY_FACTS = {
    "unknown fact": ({"household": {"net_incom": 1}}, "ENG-071 household.net_incom: "),
    "wrong code": ({"household": {"housing_grade": "E"}}, "ENG-072 household.housing_grade: "),
    "wrong kind": ({"household": {"members": "many"}}, "ENG-070 household.members: "),
    "wrong row": ({"household": {}, "person": [{"age": 1}, {"aeg": 2}]}, "ENG-071 household.person[1].aeg: "),
    "another unit": ({"village": {}}, "ENG-079 "),
    "number beyond all bounds": ('{"household": {"net_income": 1e99999999}}', "ENG-073 household.net_income: "),
    "number below all places": ('{"household": {"net_income": 1e-99999999}}', "ENG-073 household.net_income: "),
    "no unit": ({"person": []}, "ENG-074 "),
}


@pytest.mark.parametrize(("document", "words"), FAULTY_FACTS.values(), ids=FAULTY_FACTS)
@pytest.mark.parametrize("engine", ENGINES)
def test_refused_facts_say_where_and_why(facts, engine, document, words):
    path = facts(document)
    assert refused("members > 1", path, "--engine", engine).startswith(f"{path}: {words}")


def test_what_is_not_json_says_line_and_column(facts):
    path = facts('{"household":\n  {"members": 3,}}')
    assert refused("members > 1", path).startswith(f"{path}:2:")
    assert "POL-070 This is not JSON" in refused("members > 1", path)


@pytest.mark.parametrize("language", ["en", "zh-hans"])
def test_a_name_in_the_facts_cannot_write_to_the_terminal(facts, language):
    path = facts({"household": {"net\x1b[31m\n\u202eincome": 1}})
    said = refused("members > 1", path, language=language)
    assert said.startswith(f"{path}: ENG-071 household.net\\x1b[31m\\n\\u202eincome")
    assert [character for character in said if not character.isprintable()] == []


@pytest.mark.parametrize(
    ("language", "words"), [("en", "the kind of unit that is asked about"), ("zh", "对哪一类单位计算")]
)
def test_the_help_of_a_question_explains_it_with_an_example(language, words):
    done = lika("eval", "--help", language=language)
    assert (done.returncode, words in done.stdout) == (0, True)
    assert '--facts facts.json --param exit_line=2736.10\n  facts.json: {"household": ' in done.stdout


def test_the_example_of_the_help_gives_an_answer(facts):
    path = facts({"household": {"net_income": 24624.90, "members": 9}})
    answer = {"value": False, "type": "boolean"}
    assert asked("net_income_per_capita > param.exit_line", path, *LINE) == answer


@pytest.mark.usefixtures("in_english")
class TestBeforeTheQuestion:
    def test_a_missing_file_is_named(self, tmp_path):
        with pytest.raises(UserError) as refusal:
            run("eval", "members > 1", "--unit", "household", "--facts", str(tmp_path / "none.json"))
        assert (refusal.value.code, str(tmp_path / "none.json") in str(refusal.value)) == ("POL-072", True)

    @pytest.mark.parametrize(
        "given",
        [
            "exit_line=many",
            "exit_line=2736.105",
            "exit_line=1234567890123",
            "job_age_from=18.5",
            "job_age_from=1234567890",
            "anything=A",
            f"anything={'9' * 39}",
            f"anything={'9' * 5000}",
            f"anything={'0' * 5000}",
            f"anything={'9' * 38}.5",
        ],
    )
    def test_a_parameter_that_does_not_fit_is_refused(self, facts, given):
        with pytest.raises(UserError) as refusal:
            run("eval", "members > 1", "--unit", "household", "--facts", facts(), "--pack", GANSU, "--param", given)
        assert refusal.value.code == "POL-071"

    def test_an_unknown_pack_is_refused_with_the_nearest(self, facts):
        with pytest.raises(UserError) as refusal:
            run("eval", "members > 1", "--unit", "household", "--facts", facts(), "--pack", "cn-gansu/2017")
        assert (
            str(refusal.value) == "POL-050 There is no pack cn-gansu/2017. Did you mean: cn-gansu/2016, cn-jilin/2017?"
        )

    def test_a_version_that_does_not_lie_in_the_folder_is_refused(self):
        with pytest.raises(UserError) as refusal:
            run("show", "cn-gansu/2016@7")
        assert refusal.value.code == "POL-053"


class TestPacksOnDisk:
    def test_check_tells_every_fault_of_a_folder(self, write_pack):
        text = FILES["criteria/household.yaml"].replace("param.line", "param.lne")
        folder = write_pack({"criteria/household.yaml": text})
        out = StringIO()
        with translation.override("en"), pytest.raises(CommandError, match="Not all packs hold"):
            call_command("policy", "check", str(folder), stdout=out)
        assert out.getvalue().splitlines() == [
            f"{folder}: faults found: 1",
            "  criteria/household.yaml:8:39: ENG-021 There is no parameter lne. Did you mean: line?",
        ]

    def test_check_counts_what_it_looked_at(self, write_pack):
        assert run("check", str(write_pack()))[1] == (
            "test/one@1 holds: criteria 1, parameters 1, without basis 0, golden cases 3 on reference, duckdb.\n"
        )

    def test_list(self):
        listed = run("list")[1].splitlines()
        assert [line.split("  ")[0] for line in listed] == [
            "cn-gansu/2016@1",
            "cn-guangxi-jingxi/2014@1",
            "cn-hebei-wuyi/2017@1",
            "cn-jilin/2017@1",
            "cn/leads@1",
            "cn/quality@1",
            "cn/record@1",
            "demo/cn-gansu-dangchang/2016@1",
            "demo/cn-guangxi-jingxi/2014@1",
            "demo/cn-leads@1",
            "demo/cn-record@1",
        ]

    def test_the_installation_may_name_another_folder(self, write_pack):
        root = write_pack().parents[1]
        done = lika("list", LIKA_PACKS_DIR=str(root))
        assert (done.returncode, done.stdout) == (0, "test/one@1  测试包  Test pack\n")

    def test_show_marks_what_has_no_basis(self):
        assert (
            "income_stable (household)  年人均纯收入稳定  [001 ch10 §1-6]\n    待补充依据"
            in run("show", GANSU, language="zh-hans")[1]
        )

    def test_show_gives_the_canonical_text(self):
        canonical = json.loads(run("show", GANSU, "--json")[1])
        assert (canonical["id"], canonical["version"], len(canonical["criteria"])) == (GANSU, "1", 43)

    def test_diff(self):
        assert run("diff", GANSU, GANSU)[1] == "No difference.\n"
        assert "parameter exit_line_previous added" in run("diff", GANSU, "demo/cn-gansu-dangchang/2016")[1]


class TestAsAProcess:
    """From outside, with no database within reach."""

    @pytest.mark.parametrize("engine", ENGINES)
    def test_an_answer_is_one_line_of_json(self, facts, engine):
        text = "net_income_per_capita > param.exit_line"
        done = lika("eval", text, "--unit", "household", "--facts", facts(), "--engine", engine, *LINE)
        assert (done.returncode, done.stdout, done.stderr) == (0, '{"value": false, "type": "boolean"}\n', "")

    def test_a_refused_expression_exits_with_2_and_its_position(self, facts):
        done = lika("eval", "members > 1 and\n net_incom > 2", "--unit", "household", "--facts", facts())
        assert (done.returncode, done.stdout) == (2, "")
        assert done.stderr.startswith("2:2: ENG-020 The unit household has no fact net_incom.")

    def test_refused_facts_exit_with_2(self, facts):
        path = facts({"household": {"housing_grade": "E"}})
        done = lika("eval", "members > 1", "--unit", "household", "--facts", path, language="zh")
        assert (done.returncode, done.stdout) == (2, "")
        assert done.stderr.startswith(f"{path}: ENG-072 household.housing_grade")

    def test_a_wrong_unit_and_a_parameter_without_value_exit_with_2(self, facts):
        done = [
            lika("eval", "members > 1", "--unit", "family", "--facts", facts()),
            lika("eval", "members > 1", "--unit", "household", "--facts", facts(), "--param", "exit_line"),
            lika("eval", "members > 1", "--unit", "household", "--facts", facts(), "--pack", "cn-gansu/2017"),
        ]
        assert [each.returncode for each in done] == [2, 2, 2]
        assert ["family" in done[0].stderr, "exit_line" in done[1].stderr, "POL-050" in done[2].stderr] == [True] * 3

    def test_check_of_a_broken_folder_exits_with_1(self, write_pack):
        done = lika("check", str(write_pack({"SOURCES.md": None})))
        assert (done.returncode, "SOURCES.md: POL-006 The file is missing." in done.stdout) == (1, True)
