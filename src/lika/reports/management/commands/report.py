"""`lika report list --pack P`, `lika report run ID --snapshot S --pack P [--before S] [--division CODE] [--json] [--to
FILE]`: reports are worked out once and kept; `lika report do RUN` works out what a page asked for, `lika report verify`
holds what is kept against its digests."""

import json
from argparse import ArgumentParser
from collections.abc import Sequence
from pathlib import Path
from typing import Any
from uuid import UUID

from django.core.management.base import BaseCommand
from django.utils.translation import gettext as _

from lika.core.errors import UserError
from lika.core.language import listed
from lika.core.leaving import FileKind, Sheet, whole_file, write
from lika.divisions import queries as divisions
from lika.policy import queries as policy
from lika.reports import actions
from lika.reports.choices import ReportState
from lika.reports.figures import (
    fields_of,
    lines_of,
    marks_of,
    plain,
    rows_of,
    small_of,
    small_warning,
    withheld_words,
)  # fmt: skip
from lika.reports.models import ReportFigure, ReportRun
from lika.reports.queries.runs import (
    DivisionFigures,
    ReportRead,
    altered_run,
    divisions_read,
    is_as_worked_out,
    nothing_of,
    report_read,
    runs,
    sight_of,
)  # fmt: skip
from lika.snapshots.operators import operator
from lika.snapshots.queries.reporting import refuse_unreportable


class Command(BaseCommand):
    """Figures of a policy pack for every division of a snapshot."""

    help = _("Work out the reports of a policy pack over a snapshot.")

    def add_arguments(self, parser: ArgumentParser) -> None:
        """The words and options."""
        words = parser.add_subparsers(dest="word", required=True, metavar="WORD")
        shown = words.add_parser("list", help=_("list the reports of a pack with their formulas"))
        shown.add_argument("--pack", required=True, help=_("pack, such as cn-gansu/2016 or cn-gansu/2016@1"))
        run = words.add_parser("run", help=_("work out a report for every division of a snapshot"))
        run.add_argument("report", metavar="ID")
        run.add_argument("--snapshot", required=True, help=_("ID of the snapshot (lika snapshot list)"))
        run.add_argument("--pack", required=True, help=_("pack, such as cn-gansu/2016 or cn-gansu/2016@1"))
        run.add_argument(
            "--before",
            default="",
            metavar="ID",
            help=_("tell the report's matrix between this earlier snapshot and it"),
        )
        run.add_argument("--division", metavar="CODE", help=_("show this division and those below it"))
        run.add_argument("--what-if", action="store_true", help=_("trial run: outside the pack's area or dates"))
        run.add_argument("--json", action="store_true", help=_("print JSON, all divisions below too"))
        run.add_argument(
            "--to",
            type=Path,
            metavar="FILE",
            help=_("write all divisions below too to a file: .xlsx, .csv or .parquet"),
        )
        asked = words.add_parser("do", help=_("work out a report that was asked for on the page"))
        asked.add_argument("run", type=UUID, metavar="RUN")
        words.add_parser("verify", help=_("hold the figures of all reports against their digests"))

    def handle(self, *args: Any, word: str, **options: Any) -> None:
        """List, run, or do what was asked for."""
        if word == "do":
            actions.do_report(by=actions.report_asker(options["run"]), run=options["run"])
        elif word == "verify":
            self._verify()
        elif word == "list":
            self._list(options["pack"])
        else:
            self._run(options)

    def _list(self, reference: str) -> None:
        pack = policy.get(reference).pack()
        for line in policy.report_lines(pack, at=pack.valid.first):
            self.stdout.write(f"{line.id}  {line.title}  [{line.clause_ref}]")
            for figure in line.figures:
                self.stdout.write(f"  {figure.title}: {figure.formula or _('basis to be supplied')}")

    def _verify(self) -> None:
        altered = []
        for run in runs(operator()).filter(state=ReportState.DONE):
            sound = is_as_worked_out(run)
            self.stdout.write(f"{run.pk}  {run.report}  {run.snapshot_id}  {_('sound') if sound else _('ALTERED')}")
            altered += [] if sound else [str(run.pk)]
        if altered:
            raise altered_run(listed(altered))

    def _run(self, options: dict[str, Any]) -> None:
        # Whatever may be refused is refused before anything is worked out or written.
        by, pack = operator(), policy.get(options["pack"]).pack()
        kind = None if options["to"] is None else _kind(options["to"])
        asked = {name: options[name] for name in ("snapshot", "report", "before", "what_if")}
        snapshot, _report, _before = refuse_unreportable(by, pack=pack, **asked)
        code = None if options["division"] is None else divisions.place(options["division"]).number
        if code is not None and not snapshot.division <= code <= snapshot.last:
            raise nothing_of(options["division"])
        run = actions.run_report(by=by, pack=pack, **asked)
        read = report_read(by, run, code)
        if options["to"] is not None and kind is not None:
            self._write_file(read, options["to"], kind)
        if options["json"]:
            self._print_json(read)
        else:
            self._print(read)

    def _write_file(self, read: ReportRead, path: Path, kind: FileKind) -> None:
        by, run, figures = operator(), read.run, read.figures
        sight, rows = sight_of(by, run, figures), divisions_read(by, run, read.own.division)
        small = small_of(map(sight.read, rows.iterator()), figures)
        sheet = Sheet(run.title, marks_of(run, figures, small), fields_of(figures))
        with whole_file(path) as target:
            count = write(target, kind, sheet, rows_of(rows.iterator(), figures, sight))
            # Before the file has its name: what lies there is always in the audit.
            actions.note_written(
                by=by, run=run, kind=kind.value, division=read.own.division, rows=count, small=small
            )  # fmt: skip

    def _print_json(self, read: ReportRead) -> None:
        by, run, figures = operator(), read.run, read.figures
        sight = sight_of(by, run, figures)
        rows = [sight.read(each) for each in divisions_read(by, run, read.own.division).iterator()]
        small = small_of(rows, figures)
        actions.note_written(by=by, run=run, kind="json", division=read.own.division, rows=len(rows), small=small)
        self.stdout.write(json.dumps(_told(run, figures, rows, small), ensure_ascii=False, indent=2))

    def _print(self, read: ReportRead) -> None:
        run = read.run
        self.stdout.write(f"{run.title} ({run.pack})  {run.snapshot_id}")
        if run.before_id:
            self.stdout.write(_("Since %(snapshot)s") % {"snapshot": run.before_id})
        self.stdout.write(f"[{run.clause_ref}] {run.clause_text}")
        for line in lines_of([read.own, *read.below], read.figures):
            self.stdout.write(f"\n{line.code}  {line.name}")
            for each, cell in zip(read.figures, line.cells, strict=True):
                more = f" ({cell.open})" if cell.open else ""
                self.stdout.write(f"  {each.title}: {cell.text}{more}")
        self.stdout.write("")
        for each in read.figures:
            if each.formula and not each.made:  # of an overlap or a matrix the names say it all
                self.stdout.write(f"{each.title} = {each.formula}")
        shown = [read.own, *read.below]
        if any(row.withheld for row in shown):
            self.stdout.write(withheld_words())
        if warning := small_warning(small_of(shown, read.figures)):
            self.stdout.write(warning)
        self.stdout.write(_("Digest %(digest)s") % {"digest": run.digest})


def _kind(path: Path) -> FileKind:
    """The kind of file that a name asks for. Raises REP-021."""
    try:
        return FileKind(path.suffix.removeprefix(".").lower())
    except ValueError:
        raise UserError(
            "REP-021",
            _("No report can be written as %(name)s.") % {"name": path.name},
            remedy=_("End the name with one of: %(kinds)s.") % {"kinds": listed(f".{kind}" for kind in FileKind)},
        ) from None


def _told(
    run: ReportRun, figures: Sequence[ReportFigure], rows: Sequence[DivisionFigures], small: int
) -> dict[str, Any]:
    """A report for machines: every figure of some divisions, numbers as exact texts."""
    return {
        "report": run.report,
        "snapshot": run.snapshot_id,
        "before": run.before_id,
        "pack": run.pack,
        "pack_sha256": run.pack_sha256,
        "digest": run.digest,
        "small": small,
        "divisions": {f"{row.division:012d}": {each.figure: _value(each, row) for each in figures} for row in rows},
    }


def _value(figure: ReportFigure, row: DivisionFigures) -> dict[str, Any] | None:
    """None where the figure waits for its basis; a value that cannot be known is null, with the units in question."""
    if figure.figure in row.withheld:
        return {"withheld": True}
    value = row.value(figure.figure)
    if value is None:
        return None
    number, known = plain(figure, value), value.value
    answer: dict[str, Any] = {
        "value": None if number is None else str(number), "in_question": value.undecided(figure.units),
    }  # fmt: skip
    if number is None and known is not None:
        answer["range"] = {"low": str(known.low), "high": str(known.high)}
    return answer
