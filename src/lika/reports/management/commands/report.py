"""`lika report list --pack P`, `lika report run ID --snapshot S --pack P [--division CODE] [--json] [--to FILE]`."""

import json
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand
from django.utils.translation import gettext as _

from lika.core.errors import NotFound, UserError
from lika.core.language import Said, listed
from lika.core.leaving import FileKind, Sheet, write
from lika.divisions import queries as divisions
from lika.engine.figures.parts import FigureValue
from lika.policy import figures
from lika.policy import queries as policy
from lika.reports.figures import below, fields_of, lines_of, plain, rows_of
from lika.snapshots.operators import operator
from lika.snapshots.queries.reporting import Reported, report_over


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
        run.add_argument("--division", metavar="CODE", help=_("show this division and those below it"))
        run.add_argument("--what-if", action="store_true", help=_("trial run: outside the pack's area or dates"))
        run.add_argument("--json", action="store_true", help=_("print JSON, all divisions"))
        run.add_argument(
            "--to", type=Path, metavar="FILE", help=_("write all divisions to a file: .xlsx, .csv or .parquet")
        )

    def handle(self, *args: Any, word: str, **options: Any) -> None:
        """List or run."""
        pack = policy.get(options["pack"]).pack()
        if word == "list":
            for line in policy.report_lines(pack, at=pack.valid.first):
                self.stdout.write(f"{line.id}  {line.title}  [{line.clause_ref}]")
                for figure in line.figures:
                    self.stdout.write(f"  {figure.title}: {figure.formula or _('basis to be supplied')}")
            return
        kind = None if options["to"] is None else _kind(options["to"])
        found = report_over(
            operator(),
            snapshot=options["snapshot"],
            pack=pack,
            report=options["report"],
            what_if=options["what_if"],
        )
        if kind is not None:
            self._write_file(found, options["to"], kind)
        if options["json"]:
            self.stdout.write(json.dumps(_told(found), ensure_ascii=False, indent=2))
        else:
            self._print(found, options["division"])

    def _write_file(self, found: Reported, path: Path, kind: FileKind) -> None:
        title = str(Said(found.report.zh, found.report.en))
        marks = [
            (_("Snapshot"), found.snapshot.pk),
            (_("Policy pack"), found.pack.reference),
            (_("Clause"), f"{found.report.clause.ref} {found.report.clause.text}"),
            (_("Digest"), found.digest),
        ]
        with path.open("wb") as target:
            write(target, kind, Sheet(title, marks, fields_of(found)), rows_of(found))

    def _print(self, found: Reported, division: str | None) -> None:
        code = None if division is None else int(divisions.get(division).code)
        codes = below(found, code)
        if not codes:
            raise NotFound(
                "REP-020",
                _("The report tells nothing of %(division)s.") % {"division": division or found.snapshot.division},
                remedy=_("Choose a division within the snapshot, of a level that the report tells of."),
            )
        words = figures.in_words(found.figures)
        self.stdout.write(f"{Said(found.report.zh, found.report.en)} ({found.pack.reference})  {found.snapshot.pk}")
        self.stdout.write(f"[{found.report.clause.ref}] {found.report.clause.text}")
        for line in lines_of(found, codes):
            self.stdout.write(f"\n{line.code}  {line.name}")
            for each, cell in zip(found.figures, line.cells, strict=True):
                more = f" ({cell.open})" if cell.open else ""
                self.stdout.write(f"  {Said(each.item.zh, each.item.en)}: {cell.text}{more}")
        self.stdout.write("")
        written = {figure.id for figure in found.report.figures}  # of an overlap or a matrix the names say it all
        for each in found.figures:
            if each.item.id in words and each.item.id in written:
                self.stdout.write(f"{Said(each.item.zh, each.item.en)} = {Said(*words[each.item.id])}")
        self.stdout.write(_("Digest %(digest)s") % {"digest": found.digest})


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


def _told(found: Reported) -> dict[str, Any]:
    """A report for machines: every figure of every division, numbers as exact texts."""
    return {
        "report": found.report.id,
        "snapshot": found.snapshot.pk,
        "pack": found.pack.reference,
        "pack_sha256": found.pack.sha256,
        "digest": found.digest,
        "divisions": {
            f"{code:012d}": {each.item.id: _value(found, each.item.id, code) for each in found.figures}
            for _level, codes in sorted(found.divisions.items())
            for code in codes
        },
    }


def _value(found: Reported, figure: str, code: int) -> dict[str, Any] | None:
    """None where the figure waits for its basis; a value that cannot be known is null, with the units in question."""
    value: FigureValue | None = found.value(code, figure)
    if value is None:
        return None
    item = next(each.item for each in found.figures if each.item.id == figure)
    number, known = plain(item, value), value.value
    told: dict[str, Any] = {"value": None if number is None else str(number), "in_question": value.undecided}
    if number is None and known is not None:
        told["range"] = {"low": str(known.low), "high": str(known.high)}
    return told
