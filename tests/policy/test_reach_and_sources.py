"""Where and when a pack may rule, and where SOURCES.md says that each clause went."""

from textwrap import dedent

import pytest

from lika.divisions.sources import is_official
from lika.policy.packs.checking import check_folder
from tests.policy.conftest import FILES

pytestmark = pytest.mark.usefixtures("in_english")


def told(folder, with_cases=False) -> list[str]:
    return [str(fault) for fault in check_folder(folder, with_cases=with_cases).faults]


def head(old: str, new: str, *, extending: bool = False) -> str:
    text = dedent(FILES["pack.yaml"]).lstrip("\n")
    if extending:
        text = text.replace("test/one", "test/two").replace("groups:", "extends: test/one@1\ngroups:")
    assert old in text
    return text.replace(old, new)


class TestArea:
    @pytest.mark.parametrize("code", ["99", "999999", "629999", "620000000001"])
    def test_an_area_that_does_not_exist_is_refused(self, write_pack, code):
        assert told(write_pack({"pack.yaml": head("620000", code)})) == [
            (f"pack.yaml:4:15: POL-046 No division has the code {code}. Expected: an official code, like '620000'.")
        ]

    @pytest.mark.parametrize("code", ["62", "620000", "621223", "621223100201", "622623"])
    def test_official_codes_of_every_level_and_those_that_ended_exist(self, code):
        assert is_official(code)

    def test_an_overlay_lies_inside_its_base(self, write_pack, overlay):
        write_pack()
        assert told(overlay({"pack.yaml": head("620000", "621223", extending=True)})) == []
        assert told(overlay({"pack.yaml": head("620000", "451081", extending=True)})) == [
            (
                "pack.yaml:4:15: POL-047 The jurisdiction lies outside that of test/one@1, which this pack extends."
                " Expected: a division within 620000."
            )
        ]


class TestDays:
    def test_the_last_day_is_not_before_the_first(self, write_pack):
        assert told(write_pack({"pack.yaml": head("2020-12-31", "2015-12-31")})) == [
            ("pack.yaml:5:31: POL-045 The validity ends before it begins. Expected: a day not before from.")
        ]
        assert told(write_pack({"pack.yaml": head("2020-12-31", "2016-01-01")})) == []

    @pytest.mark.parametrize(
        "days", ["from: 2015-12-31, to: 2020-12-31", "from: 2016-01-01, to: 2021-01-01", "from: 2016-01-01, to: null"]
    )
    def test_an_overlay_is_valid_within_its_base(self, write_pack, overlay, days):
        write_pack()
        text = head("from: 2016-01-01, to: 2020-12-31", days, extending=True)
        assert told(overlay({"pack.yaml": text})) == [
            (
                "pack.yaml:5:8: POL-048 The pack is valid longer than test/one@1, which it extends."
                " Expected: days within 2016-01-01 – 2020-12-31."
            )
        ]

    def test_a_base_without_end_leaves_the_end_open(self, write_pack, overlay):
        write_pack({"pack.yaml": head("2020-12-31", "null")})
        text = head("to: 2020-12-31", "to: null", extending=True)
        assert told(overlay({"pack.yaml": text})) == []


ROW = "| T §1 | 超过标准 | `criteria/household.yaml`: income; `parameters.yaml`: line |"
SOURCES = {
    "clause twice": (f"{ROW}\n{ROW}", ["SOURCES.md:6:1: POL-081 The clause T §1 has two rows."]),
    "file": (
        f"{ROW}\n| T §3 | 其他 | `criteria/village.yaml`: village_exit |",
        ["SOURCES.md:6:1: POL-082 The pack has no file criteria/village.yaml."],
    ),
    "id": (
        ROW.replace("income", "income, incom"),
        [("SOURCES.md:5:1: POL-083 criteria/household.yaml declares no incom. Did you mean: income?")],
    ),
    "another clause": (
        f"{ROW}\n| T §3 | 其他 | `parameters.yaml`: line |",
        ["SOURCES.md:6:1: POL-084 line cites another clause. Expected: the row of T §1."],
    ),
    "clause without row": (
        "| T §2 | 其他 | not software |",
        [
            ("criteria/household.yaml:9:17: POL-085 SOURCES.md has no row for the clause T §1. Did you mean: T §2?"),
            "parameters.yaml:7:17: POL-085 SOURCES.md has no row for the clause T §1. Did you mean: T §2?",
        ],
    ),
    "item without row": (
        ROW.replace("; `parameters.yaml`: line", ""),
        ["parameters.yaml:7:17: POL-086 SOURCES.md does not name line in the row of T §1."],
    ),
    "words": (
        f"{ROW}\n| T §3 | 其他 | later |",
        [
            (
                "SOURCES.md:6:1: POL-080 This row is not understood. Expected: | T §1 | … | `criteria/….yaml`: id, id;"
                " `parameters.yaml`: id | — | not software | — | not yet in this pack: … | — | not in the sources: … |."
            )
        ],
    ),
}


@pytest.mark.parametrize(("rows", "expected"), SOURCES.values(), ids=SOURCES)
def test_sources_are_held_against_the_pack(write_pack, rows, expected):
    text = f"# Sources\n\n| Clause | Content | Where |\n|---|---|---|\n{rows}\n"
    assert told(write_pack({"SOURCES.md": text}), with_cases=True) == expected


@pytest.mark.parametrize("cells", ["| T §3 | 其他 |", "| T §3 | 其他 | 再其他 | not software |"])
def test_a_row_has_three_cells(write_pack, cells):
    text = f"| Clause | Content | Where |\n|---|---|---|\n{ROW}\n{cells}\n"
    (fault,) = told(write_pack({"SOURCES.md": text}), with_cases=True)
    assert fault.startswith("SOURCES.md:4:1: POL-080 ")


@pytest.mark.parametrize(
    "where", ["not software", "not software: a date", "not yet in this pack: x", "not in the sources: x"]
)
def test_a_clause_may_have_gone_elsewhere(write_pack, where):
    text = f"| Clause | Content | Where |\n|---|---|---|\n{ROW}\n| T §3 | 其他 | {where} |\n"
    assert told(write_pack({"SOURCES.md": text}), with_cases=True) == []


def test_the_clause_of_a_single_value_has_a_row_too(write_pack):
    text = dedent(FILES["parameters.yaml"]).replace("value: 3000}", "value: 3000, clause: {ref: T §9, text: 调整}}")
    (fault,) = told(write_pack({"parameters.yaml": text}), with_cases=True)
    assert fault.startswith("parameters.yaml:10:53: POL-085 SOURCES.md has no row for the clause T §9.")


class TestNever:
    @staticmethod
    def never(verdicts: str) -> dict[str, str]:
        return {"criteria/household.yaml": dedent(FILES["criteria/household.yaml"]) + f"  never: {verdicts}\n"}

    def test_what_a_case_shows_is_not_never(self, write_pack):
        assert told(write_pack(self.never("[met, unknown]")), with_cases=True) == [
            (
                "criteria/household.yaml:10:10: POL-044 income is said never to be met, but the case over is."
                " Expected: never without that verdict."
            ),
            (
                "criteria/household.yaml:10:10: POL-044 income is said never to be unknown, but the case unknown is."
                " Expected: never without that verdict."
            ),
        ]

    def test_a_case_that_does_not_name_the_criterion_contradicts_it_too(self, write_pack):
        other = dedent(FILES["criteria/household.yaml"]).replace("id: income", "id: other")
        files = {
            "criteria/other.yaml": other + "  never: [unknown, met, not met]\n",
            "SOURCES.md": dedent(FILES["SOURCES.md"]).replace("; `par", "; `criteria/other.yaml`: other; `par"),
        }
        codes = [line.split(" ")[:2] for line in told(write_pack(files), with_cases=True)]
        assert codes == [["criteria/other.yaml:10:10:", "POL-044"]] * 3
