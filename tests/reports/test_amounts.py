"""Sums of what is personal: who reads them, and where they would tell what single households have. 演示数据"""

import json
from decimal import Decimal
from pathlib import Path

import pytest

from lika.accounts.choices import Role
from lika.accounts.queries import actor_of
from lika.core.areas import Area
from lika.core.permissions import Permission
from lika.engine.figures.parts import part_of
from lika.policy.figures import language_of
from lika.policy.packs.resolved import ResolvedPack
from lika.reports import actions
from lika.reports.models import ReportDivision, ReportRun
from lika.reports.queries.runs import Sight, report_read
from lika.snapshots.actions import take as take_snapshot
from lika.snapshots.models import Snapshot
from tests import factories as make
from tests.console.officials import also, official, signed_in
from tests.console.taking import lines, take
from tests.reports.conftest import module_folder, write_pack  # noqa: F401
from tests.reports.test_figures import COUNTY, OTHER, TOWNSHIP, VILLAGE, typed

CLAUSE = "{ref: T §8, text: 发生率}"
REPORT = f"""
    - id: money
      zh: 金额
      en: Money
      clause: {CLAUSE}
      figures:
        - {{id: people, zh: 人口, en: People, numerator: "sum(household, members)", unit_shown: {{zh: 人, en: people}},
           clause: {CLAUSE}}}
        - {{id: wages, zh: 工资合计, en: Wages, numerator: "sum(household, wage)", places: 2,
           unit_shown: {{zh: 元, en: yuan}}, clause: {CLAUSE}}}
        - {{id: mean, zh: 户均工资, en: Wages a household, numerator: "sum(household, wage)",
           denominator: count(household), places: 2, unit_shown: {{zh: 元, en: yuan}}, clause: {CLAUSE}}}
    """
LOOKS = (Permission.SCREENING_VIEW, Permission.SCREENING_RUN, Permission.REGISTER_VIEW)


@pytest.fixture(scope="module")
def pack(module_folder: Path) -> ResolvedPack:  # noqa: F811
    return write_pack(module_folder, money=REPORT)


@pytest.fixture(scope="module")
def taken(pack: ResolvedPack) -> Snapshot:
    """One household has wages in the one village, beside one that has none; five have wages in the other."""
    make.make_county_year()
    for village, wages in ((make.VILLAGE, [0, 900]), (make.OTHER_VILLAGE, [100] * 5)):
        for at, wage in enumerate(wages):
            household = make.make_household(village, number=f"{village}-{at}", members=2)
            make.make_household_year(household, wage=Decimal(wage))
        make.make_village_year(village)
    return take_snapshot(by=make.make_actor(), at=make.AT, division=make.COUNTY)


@pytest.fixture
def run(taken: Snapshot, pack: ResolvedPack, db: None) -> ReportRun:
    return actions.run_report(by=make.make_actor(), snapshot=taken.pk, pack=pack, report="money")


def test_down_to_the_level_where_no_sum_is_of_a_few(run: ReportRun):
    assert {each.figure: each.told_to for each in run.figures.all()} == {"people": None, "wages": 4, "mean": 4}
    reader = make.make_actor(permissions=LOOKS)
    read = report_read(reader, run, TOWNSHIP)
    assert {
        row.division: (row.value("wages").value.low if row.value("wages") else None, sorted(row.withheld))  # type: ignore[union-attr]
        for row in (read.own, *read.below)
    } == {TOWNSHIP: (1400, []), VILLAGE: (None, ["mean", "wages"]), OTHER: (None, ["mean", "wages"])}
    assert [row.value("people").value.low for row in read.below] == [4, 10]  # type: ignore[union-attr]


def test_who_sees_persons_in_full_sees_them_there_alone(run: ReportRun):
    own = make.make_actor(make.OTHER_VILLAGE, permissions=(*LOOKS, Permission.REGISTER_PERSONAL))
    read = report_read(own, run, OTHER)
    assert (read.own.value("wages").value.low, read.own.withheld) == (500, frozenset())  # type: ignore[union-attr]
    whole = report_read(make.make_actor(), run, COUNTY)
    assert whole.own.withheld == frozenset()


def test_what_is_withheld_cannot_be_taken_from_what_is_told(run: ReportRun):
    """A town of two villages, one of them seen in full: the town less that village is the other village."""
    officer = official(Role.VILLAGE, make.OTHER_VILLAGE)
    below = report_read(actor_of(officer), run, OTHER)
    assert (below.own.value("wages").value.low, below.own.withheld) == (500, frozenset())  # type: ignore[union-attr]
    both = actor_of(also(officer, Role.PREFECTURE, "621200000000"))
    read = report_read(both, run, TOWNSHIP)
    assert {
        row.division: (row.value("wages").value.low if row.value("wages") else None, sorted(row.withheld))  # type: ignore[union-attr]
        for row in (read.own, *read.below)
    } == {TOWNSHIP: (1400, []), VILLAGE: (None, ["mean", "wages"]), OTHER: (None, ["mean", "wages"])}
    town = actor_of(also(official(Role.TOWNSHIP), Role.PREFECTURE, "621200000000"))
    assert [row.withheld for row in report_read(town, run, TOWNSHIP).below] == [frozenset(), frozenset()]


@pytest.mark.parametrize(
    ("in_full", "viewed", "top", "told"),
    [
        (TOWNSHIP, COUNTY, 3, True),  # the town is told, and all of it is seen
        (OTHER, OTHER, 3, True),  # the town is not told
        (OTHER, TOWNSHIP, 3, False),
        (OTHER, COUNTY, 5, True),  # the report begins below the town
        (VILLAGE, COUNTY, 3, False),  # another village is seen
    ],
)
def test_below_the_level_a_sum_is_told_where_nothing_is_left(in_full: int, viewed: int, top: int, told: bool):
    areas = (Area.of([f"{code:012d}"]) for code in (in_full, viewed))
    sight = Sight(next(areas), {"wages": 4}, next(areas), top)
    row = ReportDivision(division=OTHER, level=5, values={})
    assert sight.read(row).withheld == (frozenset() if told else frozenset({"wages"}))


def test_page_file_and_command_hold_to_it(run: ReportRun, tmp_path: Path):
    page = f"/analysis/reports/{run.pk}/?division={make.TOWNSHIP}"
    found = {role: signed_in(role).get(page).content.decode() for role in (Role.COUNTY, Role.PROVINCE)}
    assert {role: ("900" in text, text.count(">不显示<"), "1,400" in text) for role, text in found.items()} == {
        Role.COUNTY: (True, 0, True), Role.PROVINCE: (False, 5, True),
    }  # fmt: skip
    asked = {"of": run.pk, "division": make.TOWNSHIP}
    cells = {role: [row[3:6] for row in lines(take(signed_in(role), "report", asked))] for role in found}
    assert cells == {
        Role.COUNTY: [["14", "0", "1400.00"], ["4", "0", "900.00"], ["10", "0", "500.00"]],
        Role.PROVINCE: [["14", "0", "1400.00"], ["4", "0", ""], ["10", "0", ""]],
    }
    words = ("run", "money", "--snapshot", run.snapshot_id, "--pack", "test/exit")
    # The operator of the machine is no official who answers for these persons.
    told = json.loads(typed(*words, "--json"))["divisions"]
    assert {code: told[code]["wages"] for code in (make.TOWNSHIP, make.VILLAGE)} == {
        make.TOWNSHIP: {"value": "1400.00", "in_question": {}}, make.VILLAGE: {"withheld": True},
    }  # fmt: skip
    target = tmp_path / "money.csv"
    printed = typed(*words, "--division", make.TOWNSHIP, "--to", str(target))
    assert printed.count("Wages: Not shown") == 2
    assert 'Not shown everywhere,"Wages, Wages a household: Amounts of persons' in target.read_text(
        encoding="utf-8-sig"
    )


@pytest.mark.parametrize(
    ("text", "added"),
    [
        ("count(household, wage > 100)", []),
        ("sum(household, members)", ["members"]),
        ("sum(household, if wage > 100 then members else 0)", ["members"]),
        ("sum(household, if poverty = 'poor' then 100 * members - wage else 0)", ["members", "wage"]),
        ("sum(household, count(person, age > 60))", []),
        ("sum(household, sum(person, age))", ["age"]),
    ],
)
def test_what_is_added_up(pack: ResolvedPack, text: str, added: list[str]):
    part = part_of(language_of(pack, at=make.AT).checked(text))
    assert part is not None
    assert sorted(use.name for use in part.added) == added
