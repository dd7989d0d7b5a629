"""Reports over a snapshot: every division, exactly, with what leaves a figure open; and the command. 演示数据"""

import csv
import datetime as dt
import json
from io import StringIO
from pathlib import Path
from textwrap import dedent
from typing import Any

import pytest
from django.core.management import call_command
from django.utils import translation

from lika.core.errors import NotFound, PermissionRefused, UserError
from lika.engine.figures.parts import Added, FigureValue
from lika.engine.ranges import Fraction
from lika.policy.packs.checking import read_pack
from lika.policy.packs.resolved import ResolvedPack
from lika.register.choices import Axis
from lika.register.models import VillageYear
from lika.snapshots import actions, storage
from lika.snapshots.models import Snapshot
from lika.snapshots.queries.reporting import Reported, report_over
from tests import factories as make
from tests.reports.conftest import County, make_county, module_folder  # noqa: F401
from tests.snapshots.conftest import PACK, store

CLAUSE = "{ref: T §8, text: 发生率}"
REPORTS = f"""
    - id: incidence
      zh: 贫困发生率
      en: Incidence
      clause: {CLAUSE}
      figures:
        - id: poor
          zh: 贫困人口
          en: Poor people
          numerator: sum(household, if poverty = 'poor' then members else 0)
          unit_shown: {{zh: 人, en: people}}
          clause: {CLAUSE}
        - id: incidence
          zh: 贫困发生率
          en: Incidence of poverty
          numerator: sum(household, if poverty = 'poor' then members else 0)
          denominator: sum(village, rural_registered_population)
          places: 4
          unit_shown: {{zh: 比率, en: ratio}}
          clause: {CLAUSE}
        - id: income
          zh: 收入达标户
          en: Over the line
          numerator: count(household, met('income'))
          denominator: count(household)
          places: 4
          unit_shown: {{zh: 比率, en: ratio}}
          clause: {CLAUSE}
        - id: adults
          zh: 成年人
          en: Adults
          numerator: count(person, age >= 18)
          unit_shown: {{zh: 人, en: people}}
          clause: {CLAUSE}
        - id: open
          zh: 待定
          en: Open
          numerator:
          unit_shown: {{zh: 比率, en: ratio}}
          clause: {CLAUSE}
          basis: missing
          note: {{zh: 未见原文, en: not at hand}}
    - id: moved
      zh: 进出
      en: Moves
      clause: {CLAUSE}
      levels: [county]
      matrix: {{fact: poverty, years: 1}}
    - id: counties
      zh: 县
      en: Counties
      clause: {CLAUSE}
      levels: [county]
      figures:
        - {{id: all, zh: 户数, en: Households, numerator: count(household), unit_shown: {{zh: 户, en: households}},
           clause: {CLAUSE}}}
    """
COUNTY, TOWNSHIP, VILLAGE, OTHER = map(int, (make.COUNTY, make.TOWNSHIP, make.VILLAGE, make.OTHER_VILLAGE))


@pytest.fixture(scope="module")
def pack(module_folder: Path) -> ResolvedPack:  # noqa: F811
    """The pack of the snapshot tests with two reports, active."""
    for name, text in {**PACK, "reports/all.yaml": REPORTS}.items():
        path = module_folder / "test/exit" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(dedent(text).lstrip("\n"), encoding="utf-8")
    return store(read_pack(module_folder / "test/exit"))


@pytest.fixture(scope="module")
def taken(pack: ResolvedPack) -> Snapshot:
    """A snapshot of the county of five households, once for the module."""
    county = make_county()
    make.make_status(county.pupil, Axis.POVERTY, "30", on=dt.date(2016, 5, 1), before="20")
    for village, people in ((make.VILLAGE, 20), (make.OTHER_VILLAGE, 80)):
        VillageYear.objects.filter(village=village).update(rural_registered_population=people)
    return actions.take(by=make.make_actor(), at=make.AT, division=make.COUNTY)


@pytest.fixture
def reported(taken: Snapshot, pack: ResolvedPack, db: None) -> Reported:
    return report_over(make.make_actor(), snapshot=taken.pk, pack=pack, report="incidence")


def exactly(number: int, of: int, *, undecided: int = 0) -> Added:
    return Added(of, undecided, Fraction(number), Fraction(number + undecided))


def open_of(reported: Reported, figure: str, value: FigureValue) -> dict[str, int]:
    units = next(each.units for each in reported.figures if each.item.id == figure)
    return value.undecided(units)


def test_every_division_has_every_figure(reported: Reported):
    assert reported.divisions == {3: (COUNTY,), 4: (TOWNSHIP,), 5: (VILLAGE, OTHER)}
    assert set(reported.values) == {
        (code, figure)
        for code in (COUNTY, TOWNSHIP, VILLAGE, OTHER)
        for figure in ("poor", "incidence", "income", "adults")
    }
    # 3 poor people, and 1 + 2 who have left poverty, in the one village; 2 poor in the other.
    people = {code: reported.values[code, "poor"] for code in (COUNTY, TOWNSHIP, VILLAGE, OTHER)}
    assert people == {
        COUNTY: FigureValue(exactly(5, 5)),
        TOWNSHIP: FigureValue(exactly(5, 5)),
        VILLAGE: FigureValue(exactly(3, 3)),
        OTHER: FigureValue(exactly(2, 2)),
    }


def test_a_quotient_above_is_that_of_the_sums(reported: Reported):
    found = {code: reported.values[code, "incidence"] for code in (COUNTY, VILLAGE, OTHER)}
    assert found == {
        COUNTY: FigureValue(exactly(5, 5), exactly(100, 2)),
        VILLAGE: FigureValue(exactly(3, 3), exactly(20, 1)),
        OTHER: FigureValue(exactly(2, 2), exactly(80, 1)),
    }
    assert {code: value.rounded(4) for code, value in found.items()} == {
        COUNTY: Fraction("0.05"),  # and not the mean of 15 % and 2.5 %
        VILLAGE: Fraction("0.15"),
        OTHER: Fraction("0.025"),
    }


def test_what_nobody_knows_stays_open_with_the_units_in_question(reported: Reported):
    income = {code: reported.values[code, "income"] for code in (COUNTY, VILLAGE, OTHER)}
    assert {code: (open_of(reported, "income", value), value.rounded(4)) for code, value in income.items()} == {
        COUNTY: ({"household": 1}, None),  # the silent household has no income on record
        VILLAGE: ({}, Fraction(6667, 10000)),
        OTHER: ({"household": 1}, None),
    }
    between = income[COUNTY].value
    assert (between.low, between.high) == (Fraction(3, 5), Fraction(4, 5))  # type: ignore[union-attr]
    assert reported.value(COUNTY, "open") is None


def test_a_report_is_told_of_its_levels_only(taken: Snapshot, pack: ResolvedPack, db: None):
    found = report_over(make.make_actor(), snapshot=taken.pk, pack=pack, report="counties")
    assert found.divisions == {3: (COUNTY,)}
    assert found.values == {(COUNTY, "all"): FigureValue(exactly(5, 5))}


def test_a_matrix_tells_where_households_came_from(taken: Snapshot, pack: ResolvedPack, db: None):
    found = report_over(make.make_actor(), snapshot=taken.pk, pack=pack, report="moved")
    assert {
        name: (value.rounded(0), len(open_of(found, name, value))) for (_code, name), value in found.values.items()
    } == {
        "from_none__to_none": (1, 0),
        "from_none__to_none_people": (1, 0),
        "from_poor__to_poor": (2, 0),
        "from_poor__to_poor_people": (5, 0),
        "from_poor__to_exited": (1, 0),
        "from_poor__to_exited_people": (1, 0),
        "from_exited__to_exited": (1, 0),
        "from_exited__to_exited_people": (2, 0),
        "from_removed__to_removed": (0, 0),  # who stays is always told; of the moves only those that there were
        "from_removed__to_removed_people": (0, 0),
    }


def test_it_is_the_same_again_and_another_formula_tells_another(reported: Reported, pack: ResolvedPack):
    again = report_over(make.make_actor(), snapshot=reported.snapshot.pk, pack=pack, report="incidence")
    assert again.digest == reported.digest
    report = pack.reports[0]
    formula = "sum(household, if poverty = 'exited' then members else 0)"
    exited = report.figures[0].model_copy(update={"numerator": formula})
    other = pack.model_copy(update={"reports": (report.model_copy(update={"figures": [exited, *report.figures[1:]]}),)})
    changed = report_over(make.make_actor(), snapshot=reported.snapshot.pk, pack=other, report="incidence")
    assert changed.values[COUNTY, "poor"] == FigureValue(exactly(3, 5))
    assert changed.values[COUNTY, "incidence"] == reported.values[COUNTY, "incidence"]
    assert changed.digest != reported.digest


def test_refusals(taken: Snapshot, pack: ResolvedPack, db: None, monkeypatch: pytest.MonkeyPatch):
    by = make.make_actor()
    with pytest.raises(NotFound, match="SCR-008"):
        report_over(by, snapshot=taken.pk, pack=pack, report="nothing")
    with pytest.raises(NotFound, match="SNP-020"):
        report_over(make.make_actor(make.ELSEWHERE), snapshot=taken.pk, pack=pack, report="incidence")
    with pytest.raises(PermissionRefused, match="ACC-002"):
        report_over(make.make_actor(make.VILLAGE), snapshot=taken.pk, pack=pack, report="incidence")
    past = pack.model_copy(update={"valid": pack.valid.model_copy(update={"first": make.AT.replace(year=2017)})})
    with pytest.raises(UserError, match="SCR-003"):
        report_over(by, snapshot=taken.pk, pack=past, report="incidence")
    assert report_over(by, snapshot=taken.pk, pack=past, report="incidence", what_if=True).values
    file = next((storage.folder_of(taken) / "household").iterdir())
    before = file.read_bytes()
    file.write_bytes(before[:-1] + b"x")
    with pytest.raises(UserError, match="SNP-007"):
        report_over(by, snapshot=taken.pk, pack=pack, report="incidence")
    file.write_bytes(before)


def typed(*words: str) -> str:
    out = StringIO()
    with translation.override("en"):
        call_command("report", *words, stdout=out)
    return out.getvalue()


def test_the_command(taken: Snapshot, reported: Reported, tmp_path: Path):
    run = ("run", "incidence", "--snapshot", taken.pk, "--pack", "test/exit")
    lines = typed(*run).splitlines()
    assert lines[0] == f"Incidence (test/exit@1)  {taken.pk}"
    assert [line for line in lines if "Over the line: " in line] == [
        "  Over the line: Cannot be known (60% to 80%; 1 household in question)",
        "  Over the line: Cannot be known (60% to 80%; 1 household in question)",
    ]
    assert [line for line in lines if "Open: " in line] == ["  Open: Basis to be supplied"] * 2
    assert lines[-1] == f"Digest {reported.digest}"
    below = typed(*run, "--division", make.TOWNSHIP).splitlines()
    assert [line.split()[0] for line in below if line.startswith("62")] == [
        make.TOWNSHIP, make.VILLAGE, make.OTHER_VILLAGE,
    ]  # fmt: skip
    told: dict[str, Any] = json.loads(typed(*run, "--json"))
    assert told["divisions"][make.COUNTY]["poor"] == {"value": "5", "in_question": {}}
    assert told["divisions"][make.COUNTY]["income"] == {
        "value": None, "in_question": {"household": 1}, "range": {"low": "3/5", "high": "4/5"},
    }  # fmt: skip
    assert told["divisions"][make.COUNTY]["open"] is None
    target = tmp_path / "incidence.csv"
    typed(*run, "--to", str(target))
    rows = list(csv.reader(target.read_text(encoding="utf-8-sig").splitlines()))
    assert rows[0] == ["Incidence"]
    assert ["Digest", reported.digest] in rows
    heading = next(at for at, row in enumerate(rows) if row[:2] == ["Level", "Code"])
    assert [row[1] for row in rows[heading + 1 :]] == [make.COUNTY, make.TOWNSHIP, make.VILLAGE, make.OTHER_VILLAGE]
    assert rows[heading + 1][3:5] == ["5", "0"]
    with pytest.raises(UserError, match="REP-021"):
        typed(*run, "--to", str(tmp_path / "incidence.txt"))
    with pytest.raises(NotFound, match="REP-020"):
        typed(*run, "--division", make.ELSEWHERE)


def test_the_list(pack: ResolvedPack, db: None):
    lines = typed("list", "--pack", "test/exit").splitlines()
    assert lines[0] == "incidence  Incidence  [T §8]"
    assert lines[5] == "  Open: basis to be supplied"
