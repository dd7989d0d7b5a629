"""reports/*.yaml: what is sound is kept and shown whole, what is wrong is refused with its place."""

import copy
import datetime as dt
import json
from collections.abc import Callable
from io import StringIO
from typing import Any

import pytest
from django.core.management import call_command
from django.utils import translation

from lika.accounts.choices import Role
from lika.core.actors import SystemActor
from lika.core.areas import EVERYWHERE
from lika.core.permissions import Permission
from lika.policy import actions, queries
from lika.policy.packs.checking import check_folder, read_pack
from lika.policy.packs.differences import differences
from lika.policy.packs.library import Library
from lika.policy.packs.resolved import from_canonical
from tests.console.officials import signed_in
from tests.policy.conftest import FILES, WritePack

AT = dt.date(2016, 12, 31)
CLAUSE = {"ref": "T §1", "text": "超过标准"}
NOTE = {"zh": "说明", "en": "why"}
RATIO = {"zh": "比率", "en": "ratio"}
SOURCES = FILES["SOURCES.md"].replace(
    "`parameters.yaml`: line |", "`parameters.yaml`: line; `reports/all.yaml`: over |"
)
SOUND: dict[str, Any] = {
    "id": "over",
    "zh": "超过标准的户",
    "en": "Households over the line",
    "clause": CLAUSE,
    "levels": ["township", "county"],
    "figures": [
        {"id": "all", "zh": "户数", "en": "Households", "numerator": "count(household)",
         "unit_shown": {"zh": "户", "en": "households"}, "clause": CLAUSE},
        {"id": "share", "zh": "比例", "en": "Share", "numerator": "count(household, met('income'))",
         "denominator": "count(household)", "places": 4, "unit_shown": RATIO, "clause": CLAUSE},
        {"id": "open", "zh": "待定", "en": "Open", "numerator": None, "unit_shown": RATIO, "clause": CLAUSE,
         "basis": "missing", "note": NOTE},
    ],
}  # fmt: skip
CASES = """
    - id: two
      zh: 两户
      en: Two households
      unit: county
      at: 2016-12-31
      facts:
        county: {}
        household:
          - {net_income_per_capita: 2736.11}
          - {net_income_per_capita: 2736.10}
          - {net_income_per_capita: 2736.10}
      figures: {over: {all: 3, share: 0.3333}}
    - id: not-known
      zh: 一户未登记
      en: One not on record
      unit: township
      at: 2016-12-31
      facts:
        township: {}
        household:
          - {net_income_per_capita: 2736.11}
          - {members: 3}
      figures: {over: {all: 2, share: unknown}}
    """


def files(report: dict[str, Any] = SOUND, cases: str = CASES) -> dict[str, str]:
    """The files of a pack with a report; JSON is YAML, and each figure stands on one line, from the third on."""
    head = {key: value for key, value in report.items() if key != "figures"}
    lines = ["- " + json.dumps(head, ensure_ascii=False)[:-1] + ', "figures": [']
    lines += ["    " + json.dumps(each, ensure_ascii=False) + "," for each in report["figures"]]
    return {
        "reports/all.yaml": "\n".join([*lines, "    ]}"]) + "\n",
        "cases/reports.yaml": cases,
        "SOURCES.md": SOURCES,
    }


def bent(change: Callable[[dict[str, Any]], Any]) -> dict[str, Any]:
    report = copy.deepcopy(SOUND)
    change(report)
    return report


def put(index: int, **fields: Any) -> Callable[[dict[str, Any]], Any]:
    return lambda report: report["figures"][index].update(fields)


def told(folder) -> list[str]:
    with translation.override("en"):
        return [f"{fault.spot.file}:{fault.spot.line} {fault.code}" for fault in check_folder(folder).faults]


def test_a_sound_report_is_kept_whole(write_pack: WritePack):
    folder = write_pack(files())
    assert told(folder) == []
    pack = read_pack(folder)
    (report,) = from_canonical(pack.canonical).reports
    assert report == pack.reports[0]
    assert [figure.numerator for figure in report.figures] == [
        "count(household)", "count(household, met('income'))", None,
    ]  # fmt: skip
    assert from_canonical(pack.canonical).cases[-1].figures == {"over": {"all": "2", "share": "unknown"}}


@pytest.mark.parametrize(
    ("change", "expected"),
    [
        (put(0, numerator="share(household, met('income'))"), ["reports/all.yaml:2 POL-109"]),
        (put(0, numerator="count(county)"), ["reports/all.yaml:2 POL-109"]),
        (put(1, denominator="count(household) + 1"), ["reports/all.yaml:3 POL-109"]),
        (put(0, numerator="sum(household, no_such_fact)"), ["reports/all.yaml:2 ENG-020"]),
        (put(0, numerator="count(household, met('nothing'))"), ["reports/all.yaml:2 ENG-022"]),
        (put(0, numerator="sum(household, param.nothing)"), ["reports/all.yaml:2 ENG-021"]),
        (put(0, numerator="sum(household, net_income / members)"), ["reports/all.yaml:2 ENG-061"]),
        (put(1, id="all"), ["reports/all.yaml:3 POL-108"]),
        (put(2, denominator="count(household)"), ["reports/all.yaml:4 POL-110"]),
        (put(2, basis="given"), ["reports/all.yaml:4 POL-014"]),
        (put(1, basis="missing", note=NOTE), ["reports/all.yaml:3 POL-015"]),
        (put(1, basis="reading"), ["reports/all.yaml:3 POL-016"]),
        (put(1, basis="demo", note=NOTE), ["reports/all.yaml:3 POL-017"]),
        (put(1, clause={"ref": "T §9", "text": "…"}), ["reports/all.yaml:3 POL-085"]),
        (lambda report: report.update(levels=["hamlet"]), ["reports/all.yaml:1 POL-011"]),
        (lambda report: report.update(figures=[]), ["reports/all.yaml:1 POL-008"]),
    ],
)
def test_what_is_wrong_is_refused_at_its_place(write_pack: WritePack, change, expected: list[str]):
    assert told(write_pack(files(bent(change)))) == expected


SPREAD = {key: value for key, value in SOUND.items() if key != "figures"} | {"figures": []}


@pytest.mark.parametrize(
    ("fields", "expected"),
    [
        ({"overlap": {"criteria": ["income", "water"]}}, ["reports/all.yaml:1 POL-113"]),
        ({"overlap": {"criteria": ["income", "income"]}}, ["reports/all.yaml:1 POL-113"]),
        ({"overlap": {"criteria": ["income"]}}, ["reports/all.yaml:1 POL-010"]),
        ({"matrix": {"fact": "net_income"}}, ["reports/all.yaml:1 POL-114"]),
        ({"matrix": {"fact": "poverty", "years": 5}}, ["reports/all.yaml:1 POL-114"]),
        ({"matrix": {"fact": "poverty", "years": 0}}, ["reports/all.yaml:1 POL-010"]),
        ({"matrix": {"fact": "poverty"}}, ["reports/all.yaml:1 POL-043"]),
        ({}, ["reports/all.yaml:1 POL-008"]),
    ],
)
def test_an_overlap_or_matrix_of_what_cannot_be_is_refused(write_pack: WritePack, fields, expected: list[str]):
    none = {**files(SPREAD | fields), "cases/reports.yaml": None}
    assert told(write_pack(none)) == expected


FIGURE = {"id": "union", "zh": "户数", "en": "Households", "numerator": "count(household)",
          "unit_shown": {"zh": "户", "en": "households"}, "clause": CLAUSE}  # fmt: skip


@pytest.mark.parametrize(
    ("fields", "expected"),
    [
        ({"overlap": {"criteria": ["income", "water"], "among": "members > 1"}, "figures": []}, []),
        # A figure made of the overlap has the id of a written one: under one id a reader would find two numbers.
        ({"overlap": {"criteria": ["income", "water"]}, "figures": [FIGURE]}, ["reports/all.yaml:2 POL-126"]),
        ({"overlap": {"criteria": ["income", "water"]}, "figures": [{**FIGURE, "id": "union_2"}]}, []),
        ({"matrix": {"fact": "poverty"}, "figures": [{**FIGURE, "id": "from_poor__to_exited"}]},
         ["reports/all.yaml:2 POL-126"]),
        ({"overlap": {"criteria": ["income", "water"], "among": "members"}, "figures": []},
         ["reports/all.yaml:1 POL-127"]),
        ({"overlap": {"criteria": ["income", "water"], "among": "no_such_fact"}, "figures": []},
         ["reports/all.yaml:1 ENG-020"]),
    ],
)  # fmt: skip
def test_ids_of_what_is_made_and_whom_an_overlap_is_about(write_pack: WritePack, fields, expected: list[str]):
    water = (
        "- {id: water, unit: household, zh: 饮水, en: Water, kind: exit, group: exit, order: 9,"
        " expression: safe_water, clause: {ref: T §1, text: 超过标准}}\n"
    )
    pack = {**files(SPREAD | fields), "cases/reports.yaml": None, "criteria/water.yaml": water}
    told_of = told(write_pack(pack))
    assert [each for each in told_of if each.rpartition(" ")[2] in ("POL-126", "POL-127", "ENG-020")] == expected


@pytest.mark.parametrize(
    ("cases", "expected"),
    [
        (CASES.replace("0.3333", "0.3334"), ["cases/reports.yaml:12 POL-042"]),
        (CASES.replace("share: unknown", "share: 0.5000"),
         ["cases/reports.yaml:23 POL-042", "reports/all.yaml:3 POL-043"]),
        (CASES.replace("{over: {all: 3", "{under: {all: 3"),
         ["cases/reports.yaml:12 POL-040", "reports/all.yaml:3 POL-043"]),
        (CASES.replace("{over: {all: 3", "{over: {none: 3"), ["cases/reports.yaml:12 POL-040"]),
        (CASES.replace("unit: county", "unit: village").replace("county: {}", "village: {}"),
         ["cases/reports.yaml:4 POL-112"]),
        (CASES.replace("all: 2, share: unknown", "all: 2"), ["reports/all.yaml:3 POL-043"]),
        (CASES.replace("figures: {over: {all: 3, share: 0.3333}}", "expect: {}"),
         ["cases/reports.yaml:1 POL-008", "reports/all.yaml:3 POL-043"]),
        (CASES.replace("0.3333", "third"), ["cases/reports.yaml:12 POL-010"]),
    ],
)  # fmt: skip
def test_golden_cases_hold_on_every_engine(write_pack: WritePack, cases: str, expected: list[str]):
    assert told(write_pack(files(cases=cases))) == expected


def test_an_inherited_formula_must_still_hold(write_pack: WritePack, overlay: WritePack):
    write_pack(files())
    gone = "remove: [{kind: criterion, id: income, reason: {zh: 不适用, en: not here}}]\n"
    assert told(overlay(head=gone)) == ["pack.yaml:7 POL-111"]
    removed = gone.replace("]\n", ", {kind: report, id: over, reason: {zh: 不适用, en: not here}}]\n")
    assert told(overlay(head=removed)) == []
    assert told(overlay()) == []


def test_a_version_tells_what_it_changed_in_a_figure(write_pack: WritePack):
    before = read_pack(write_pack(files()))
    changed = bent(put(1, numerator="count(household, safe_water)"))
    after = read_pack(write_pack(files(changed)))
    with translation.override("en"):
        assert differences(before, after) == [
            "report over changed: share.numerator: count(household, met('income')) → count(household, safe_water)"
        ]


def test_reports_in_words(write_pack: WritePack):
    (line,) = queries.report_lines(read_pack(write_pack(files())), at=AT)
    with translation.override("zh-hans"):
        assert [(str(each.title), str(each.formula), each.expression, each.missing) for each in line.figures] == [
            ("户数", "户数", "count(household)", False),
            ("比例", "符合“收入”的户数 ÷ 户数", "count(household, met('income')) / count(household)", False),
            ("待定", "None", "", True),
        ]
        assert line.levels == "乡镇、县"


@pytest.mark.django_db
def test_the_page_shows_reports_with_formula_and_clause(write_pack: WritePack):
    actions.load(by=SystemActor("policy", {Permission.POLICY_MANAGE}, EVERYWHERE), path=write_pack(files()))
    client = signed_in(Role.VILLAGE)
    page = client.get("/policy/test/one/?version=1&show=reports").content.decode()
    assert "符合“收入”的户数 ÷ 户数" in page
    assert page.count("待补充依据") == 1
    assert 'id="report-over"' in page
    clauses = client.get("/policy/test/one/?version=1").content.decode()
    assert "?show=reports&amp;version=1#report-over" in clauses


def test_the_shipped_reports_of_gansu():
    pack = read_pack(Library.shipped().folder("cn-gansu/2016"))
    formulas = {
        report.id: [figure.id for figure in report.figures if figure.numerator is not None] for report in pack.reports
    }
    assert formulas == {
        "incidence": ["poor_households", "poor_people", "rural_population", "incidence"],
        "changes": ["entered", "left", "returned", "stayed", "removed"],
        "income_gap": ["below_people", "below_share", "shortfall", "gap"],
        "eight_precise": ["registered", "identification", "family", "cause", "income"],
        "seven_measures": [
            f"{measure}_{what}"
            for measure in ("industry", "job_transfer", "relocation", "education", "health", "ecology", "safety_net")
            for what in ("households", "people")
        ],
        "seven_overlap": [],
    }
    (precise,) = (report for report in pack.reports if report.id == "eight_precise")
    assert [figure.zh for figure in precise.figures[1:]] == [
        "对象识别认定准", "家庭情况核实准", "致贫原因分析准", "计划措施制定准", "扶贫政策落实准", "人均收支核查准",
        "对象进出录入准", "台账进度记录准",
    ]  # fmt: skip
    assert [figure.id for figure in precise.figures if figure.numerator is None] == [
        "plan", "policy", "changes", "ledger",
    ]  # fmt: skip


def test_an_overlap_and_a_matrix_are_told_in_one_line():
    pack = read_pack(Library.shipped().folder("cn-gansu/2016"))
    with translation.override("zh-hans"):
        lines = {line.id: line for line in queries.report_lines(pack, at=AT)}
    assert (lines["changes"].matrix, lines["changes"].overlap) == ("贫困状态", "")
    overlap = lines["seven_overlap"]
    assert (overlap.matrix, overlap.figures) == ("", ())
    assert overlap.overlap == (
        "产业发展脱贫、转移就业脱贫、易地搬迁脱贫、教育扶贫、健康扶贫、生态保护脱贫、兜底保障脱贫"
    )


def test_policy_show_prints_them():
    out = StringIO()
    with translation.override("en"):
        call_command("policy", "show", "cn-gansu/2016", stdout=out)
    assert (
        "    sum(household, if poverty = 'poor' then members else 0) / sum(village, rural_registered_population)"
        in out.getvalue()
    )
