"""Reports worked out once and kept: by whom, of what, as a job, to a file; and between two snapshots. 演示数据"""

import csv
import datetime as dt
import json
from collections.abc import Iterator
from io import StringIO
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest
from django.core.management import call_command
from django.utils import timezone

from lika.core import audit
from lika.core.areas import Area
from lika.core.errors import NotFound, PermissionRefused, UserError
from lika.core.models import AuditEntry
from lika.engine.figures.parts import Added, FigureValue
from lika.engine.ranges import Fraction
from lika.engine.screening.program import program
from lika.policy.packs.resolved import ResolvedPack
from lika.register.choices import Axis
from lika.register.models import Household, Placement
from lika.reports import actions
from lika.reports.choices import ReportState
from lika.reports.models import ReportDivision, ReportFigure, ReportRun
from lika.reports.numbers import kept, read, small_in, smallest_unmarked
from lika.reports.queries.runs import Sight, has_failed, is_going, report_read
from lika.snapshots import actions as snapshots
from lika.snapshots.models import Snapshot
from lika.snapshots.queries.reporting import report_over
from tests import factories as make
from tests.reports.conftest import module_folder  # noqa: F401
from tests.reports.test_figures import COUNTY, OTHER, TOWNSHIP, VILLAGE, pack, taken, typed

__all__ = ["pack", "taken"]
LATER = dt.date(2017, 12, 31)
told = Sight(Area(), {}).read


def asked(taken: Snapshot, pack: ResolvedPack, report: str = "incidence", **more: Any) -> ReportRun:
    return actions.run_report(by=make.make_actor(), snapshot=taken.pk, pack=pack, report=report, **more)


def acts(run: ReportRun) -> list[tuple[str, Any]]:
    """What the audit holds of a run, with what it says of small numbers."""
    rows = AuditEntry.objects.filter(subject_id=str(run.pk)).order_by("at", "id")
    return [(row.action, audit.told(row)[1]) for row in rows]


class TestKept:
    def test_every_figure_is_kept_as_it_came_out(self, taken: Snapshot, pack: ResolvedPack, db: None):
        told_now = report_over(make.make_actor(), snapshot=taken.pk, pack=pack, report="incidence")
        run = asked(taken, pack)
        assert (run.state, run.pack, run.pack_sha256, run.digest, run.run_by) == (
            ReportState.DONE, "test/exit@1", pack.sha256, told_now.digest, make.make_actor().name,
        )  # fmt: skip
        assert {
            (row.division, name): value for row in run.divisions.all() for name, value in told(row).values.items()
        } == dict(told_now.values)
        assert [(each.figure, each.units, each.condition, each.made) for each in run.figures.all()] == [
            ("poor", ["household"], "", False),
            ("incidence", ["household", "village"], "", False),
            ("income", ["household", "household"], "met('income')", False),
            ("adults", ["person"], "", False),
            ("open", [], "", False),
        ]

    def test_it_is_worked_out_once(self, taken: Snapshot, pack: ResolvedPack, db: None):
        first = asked(taken, pack)
        again = asked(taken, pack)
        other = asked(taken, pack, "counties")
        assert (again.pk, other.pk != first.pk) == (first.pk, True)
        assert (ReportRun.objects.count(), ReportFigure.objects.filter(run=first).count()) == (2, 5)
        assert ReportDivision.objects.filter(run=first).count() == 4
        assert [action for action, _new in acts(first)] == ["report.asked", "report.worked_out"]

    @pytest.mark.parametrize("column", ["pack_sha256", "program"])
    def test_what_was_asked_of_another_pack_or_program_is_not_worked_out(
        self, taken: Snapshot, pack: ResolvedPack, db: None, column: str
    ):
        by = make.make_actor()
        waits = actions.ask_for_report(by=by, snapshot=taken.pk, pack=pack, report="incidence")
        ReportRun.objects.filter(pk=waits.pk).update(**{column: "0" * 64})
        with pytest.raises(UserError, match="REP-024"):
            actions.do_report(by=by, run=waits.pk)
        waits.refresh_from_db()
        assert (waits.state, waits.fault, waits.divisions.count()) == (ReportState.FAILED, "REP-024", 0)
        assert acts(waits)[-1][0] == "report.failed"
        assert acts(waits)[-1][1]["fault"] == "REP-024"

    @pytest.mark.parametrize("column", ["pack_sha256", "program"])
    def test_by_another_version_or_program_it_is_worked_out_anew(
        self, taken: Snapshot, pack: ResolvedPack, db: None, column: str
    ):
        first = asked(taken, pack)
        ReportRun.objects.filter(pk=first.pk).update(**{column: "0" * 64})
        again = asked(taken, pack)
        assert (again.pk != first.pk, again.digest, again.program) == (True, first.digest, program())

    def test_what_never_began_is_asked_for_again_and_stays_one(self, taken: Snapshot, pack: ResolvedPack, db: None):
        by = make.make_actor()
        first = actions.ask_for_report(by=by, snapshot=taken.pk, pack=pack, report="incidence")
        ReportRun.objects.update(asked_at=timezone.now() - dt.timedelta(minutes=5))
        other = make.make_actor(name="other")
        again = actions.ask_for_report(by=other, snapshot=taken.pk, pack=pack, report="incidence")
        assert (again.pk, again.run_by, is_going(again)) == (first.pk, other.name, True)
        assert [action for action, _new in acts(first)] == ["report.asked", "report.asked"]

    def test_what_came_to_its_end_meanwhile_is_not_taken_for_dead(self, taken: Snapshot, pack: ResolvedPack, db: None):
        run = asked(taken, pack)
        run.state = ReportState.RUNNING  # as it was read a moment ago
        assert (is_going(run), run.state, has_failed(run)) == (False, ReportState.DONE, False)

    def test_kept_figures_that_somebody_changed_are_found(self, taken: Snapshot, pack: ResolvedPack, db: None):
        run, other = asked(taken, pack), asked(taken, pack, "counties")
        assert sorted(typed("verify").splitlines()) == sorted(
            f"{each.pk}  {each.report}  {taken.pk}  sound" for each in (run, other)
        )
        row = run.divisions.get(division=VILLAGE)
        for value in (kept(FigureValue(Added(3, 0, Fraction(2), Fraction(2)))), [1], "2", [[1, 0, "x", 2], None, 0]):
            row.values["poor"] = value
            row.save()
            with pytest.raises(UserError, match="REP-025"):
                typed("verify")

    def test_refusals_leave_nothing(self, taken: Snapshot, pack: ResolvedPack, db: None):
        by = make.make_actor()
        with pytest.raises(NotFound, match="SCR-008"):
            actions.ask_for_report(by=by, snapshot=taken.pk, pack=pack, report="nothing")
        with pytest.raises(PermissionRefused, match="ACC-002"):
            actions.ask_for_report(by=make.make_actor(make.VILLAGE), snapshot=taken.pk, pack=pack, report="incidence")
        with pytest.raises(NotFound, match="REP-022"):
            actions.do_report(by=by, run=uuid4())
        assert ReportRun.objects.count() == 0
        done = asked(taken, pack)
        with pytest.raises(UserError, match="REP-023"):
            actions.do_report(by=by, run=done.pk)

    def test_a_killed_process_leaves_it_to_be_asked_for_again(self, taken: Snapshot, pack: ResolvedPack, db: None):
        by = make.make_actor()
        run = actions.ask_for_report(by=by, snapshot=taken.pk, pack=pack, report="incidence")
        assert (is_going(run), has_failed(run)) == (True, False)
        same = actions.ask_for_report(by=by, snapshot=taken.pk, pack=pack, report="incidence")
        assert same.pk == run.pk
        ReportRun.objects.filter(pk=run.pk).update(
            state=ReportState.RUNNING, asked_at=timezone.now() - dt.timedelta(minutes=5)
        )
        run.refresh_from_db()
        assert (is_going(run), has_failed(run)) == (False, True)
        again = asked(taken, pack)
        assert (again.pk != run.pk, again.state) == (True, ReportState.DONE)

    def test_a_reader_is_told_of_the_own_area(self, taken: Snapshot, pack: ResolvedPack, db: None):
        run = asked(taken, pack)
        whole = report_read(make.make_actor(), run)
        assert (whole.own.division, [each.division for each in whole.below], whole.path) == (COUNTY, [TOWNSHIP], ())
        deeper = report_read(make.make_actor(), run, TOWNSHIP)
        assert ([each.division for each in deeper.below], deeper.path) == ([VILLAGE, OTHER], (COUNTY,))
        villager = make.make_actor(make.VILLAGE)
        own = report_read(villager, run)
        assert (own.own.division, own.below, own.path) == (VILLAGE, (), ())
        for code in (COUNTY, TOWNSHIP, OTHER):
            with pytest.raises(NotFound, match="REP-020"):
                report_read(villager, run, code)


def test_numbers_come_back_as_they_were(taken: Snapshot, pack: ResolvedPack, db: None):
    found = report_over(make.make_actor(), snapshot=taken.pk, pack=pack, report="incidence")
    assert {key: read(kept(value)) for key, value in found.values.items()} == dict(found.values)
    # 5 poor people of the county are no small number, 3 and 2 of the villages are; villages are no people.
    units = {each.item.id: each.units for each in found.figures}
    small = {code: small_in(found.values[code, "incidence"], units["incidence"]) for code in (COUNTY, VILLAGE, OTHER)}
    assert (smallest_unmarked(), small) == (5, {COUNTY: 0, VILLAGE: 1, OTHER: 1})


class TestFile:
    def test_small_numbers_are_marked_and_the_audit_keeps_it(
        self, taken: Snapshot, pack: ResolvedPack, db: None, tmp_path: Path
    ):
        target = tmp_path / "incidence.csv"
        target.write_text("before")
        typed("run", "incidence", "--snapshot", taken.pk, "--pack", "test/exit", "--to", str(target))
        rows = list(csv.reader(target.read_text(encoding="utf-8-sig").splitlines()))
        run = ReportRun.objects.get()
        assert (run.small > 0, [path.name for path in tmp_path.iterdir()]) == (True, ["incidence.csv"])
        (mark,) = [row[1] for row in rows if row and row[0] == "Small numbers" and len(row) == 2]
        assert mark == (
            f"{run.small} numbers of people or households are from 1 to 4, which points at people: for work in the"
            " office, not to be published as they are."
        )
        heading = next(at for at, row in enumerate(rows) if row[:2] == ["Level", "Code"])
        assert sum(int(row[-1]) for row in rows[heading + 1 :]) == run.small
        action, new = acts(run)[-1]
        assert (action, new["kind"], new["rows"], new["small"]) == ("report.written", "csv", 4, run.small)

    def test_a_part_tells_its_own_small_numbers(self, taken: Snapshot, pack: ResolvedPack, db: None, tmp_path: Path):
        target = tmp_path / "village.csv"
        words = ("run", "incidence", "--snapshot", taken.pk, "--pack", "test/exit", "--division", make.VILLAGE)
        answer = json.loads(typed(*words, "--json", "--to", str(target)))
        run = ReportRun.objects.get()
        small = sum(
            small_in(value, units)
            for each in run.divisions.filter(division=VILLAGE)
            for name, units in run.figures.values_list("figure", "units")
            if (value := read(each.values[name]) if name in each.values else None)
        )
        assert (0 < small < run.small, list(answer["divisions"]), answer["small"]) == (True, [make.VILLAGE], small)
        assert f"{small} numbers of people" in target.read_text(encoding="utf-8-sig")
        assert [
            (action, new["kind"], new["division"], new["rows"], new["small"]) for action, new in acts(run)[-2:]
        ] == [("report.written", kind, make.VILLAGE, 1, small) for kind in ("csv", "json")]

    def test_what_is_not_in_the_audit_does_not_stand_there(
        self, taken: Snapshot, pack: ResolvedPack, db: None, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ):
        def refused(**_told: Any) -> None:
            raise OSError("no audit")

        monkeypatch.setattr(actions, "note_written", refused)
        target = str(tmp_path / "incidence.csv")
        with pytest.raises(OSError, match="no audit"):
            typed("run", "incidence", "--snapshot", taken.pk, "--pack", "test/exit", "--to", target)
        assert list(tmp_path.iterdir()) == []

    def test_a_wrong_division_writes_and_works_out_nothing(
        self, taken: Snapshot, pack: ResolvedPack, db: None, tmp_path: Path
    ):
        target = tmp_path / "incidence.csv"
        run = ("run", "incidence", "--snapshot", taken.pk, "--pack", "test/exit", "--to", str(target))
        with pytest.raises(NotFound, match="REP-020"):
            typed(*run, "--division", make.ELSEWHERE)
        assert (list(tmp_path.iterdir()), ReportRun.objects.count()) == ([], 0)

    def test_what_fails_in_the_middle_leaves_the_old_file(
        self, taken: Snapshot, pack: ResolvedPack, db: None, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ):
        target = tmp_path / "incidence.csv"
        target.write_text("before")

        def broken(*_args: Any) -> Iterator[Any]:
            yield {"level": "x"}
            raise OSError("gone")

        monkeypatch.setattr("lika.reports.management.commands.report.rows_of", broken)
        with pytest.raises(OSError, match="gone"):
            typed("run", "incidence", "--snapshot", taken.pk, "--pack", "test/exit", "--to", str(target))
        assert ([path.name for path in tmp_path.iterdir()], target.read_text()) == (["incidence.csv"], "before")


def test_the_job_works_with_the_rights_of_who_asked(taken: Snapshot, pack: ResolvedPack, db: None):
    run = actions.ask_for_report(by=make.make_actor(), snapshot=taken.pk, pack=pack, report="incidence")
    with pytest.raises(NotFound, match="REP-022"):  # nobody who signs in asked for it
        call_command("report", "do", str(run.pk), stdout=StringIO())
    run.refresh_from_db()
    assert run.state == ReportState.WAITING


@pytest.fixture(scope="module")
def later(taken: Snapshot) -> Snapshot:
    """The same county a year later: one poor household left poverty, one was removed, one is gone, one is new."""
    by_number = {each.number: each for each in Household.objects.all()}
    make.make_status(by_number["A1"], Axis.POVERTY, "30", on=dt.date(2017, 5, 1), before="20")
    make.make_status(by_number["B1"], Axis.POVERTY, "90", on=dt.date(2017, 6, 1), before="20")
    Placement.objects.filter(household=by_number["A3"]).update(ended_on=dt.date(2017, 3, 1))
    new = make.make_household(make.OTHER_VILLAGE, number="N1", members=4, status_on=dt.date(2017, 2, 1))
    make.make_household_year(new, year=2017)
    return snapshots.take(by=make.make_actor(), at=LATER, division=make.COUNTY)


def test_moves_between_two_snapshots(taken: Snapshot, later: Snapshot, pack: ResolvedPack, db: None):
    run = asked(later, pack, "moved", before=taken.pk)
    (county,) = run.divisions.all()
    values = {name: value.rounded(0) for name, value in told(county).values.items() if value.rounded(0) != 0}
    assert values == {
        "from_absent__to_poor": 1, "from_absent__to_poor_people": 4,
        "from_poor__to_exited": 1, "from_poor__to_exited_people": 3,
        "from_poor__to_removed": 1, "from_poor__to_removed_people": 2,
        "from_exited__to_absent": 1, "from_exited__to_absent_people": 2,
        "from_exited__to_exited": 1, "from_exited__to_exited_people": 1,
        "from_none__to_none": 1, "from_none__to_none_people": 1,
    }  # fmt: skip
    assert [code for code, _zh, _en in run.matrix][-1] == "absent"
    again = asked(later, pack, "moved", before=taken.pk)
    alone = asked(later, pack, "moved")
    assert (again.pk, alone.pk != run.pk, alone.before_id) == (run.pk, True, None)
    words = typed("run", "moved", "--snapshot", later.pk, "--pack", "test/exit", "--before", taken.pk)
    assert f"Since {taken.pk}" in words
    assert [line for line in words.splitlines() if line.startswith("  Not on record →")] == [
        "  Not on record → Poor: 1 household", "  Not on record → Poor (people): 4 people",
    ]  # fmt: skip


@pytest.mark.parametrize(("report", "turned", "code"), [("incidence", False, "SCR-071"), ("moved", True, "SCR-072")])
def test_what_cannot_be_told_between_two(
    taken: Snapshot, later: Snapshot, pack: ResolvedPack, db: None, report: str, turned: bool, code: str
):
    first, second = (later, taken) if turned else (taken, later)
    with pytest.raises(UserError, match=code):
        asked(second, pack, report, before=first.pk)
    assert ReportRun.objects.count() == 0
