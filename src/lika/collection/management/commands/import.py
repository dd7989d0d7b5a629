"""`lika import register | template | batch | collected`: workbooks into the register, from the command line."""

# ruff: noqa: N999 - the command is called `import`

import json
from argparse import ArgumentParser
from pathlib import Path
from typing import Any
from uuid import UUID

from django.core.management.base import BaseCommand, CommandError
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from lika.accounts.models import User
from lika.accounts.queries import actor_of
from lika.collection import actions, marking, template, uploads
from lika.collection.choices import BatchState, Severity, Stage
from lika.collection.layouts import queries as profiles
from lika.collection.report import ImportReport
from lika.collection.rounds.actions import do_workbook
from lika.collection.schema import SHEETS, SHEETS_BY_KEY, Sheet, sheets_asked
from lika.core.actors import Actor, SystemActor
from lika.core.areas import EVERYWHERE, Area
from lika.core.errors import NotFound, printable
from lika.core.language import chosen
from lika.core.permissions import Permission
from lika.divisions import queries as divisions

_SHOWN = 50
_REFUSED = 1


class Command(BaseCommand):
    help = _("Import the register from a workbook, or make the template.")
    without_database = frozenset({"template"})

    def add_arguments(self, parser: ArgumentParser) -> None:
        words = parser.add_subparsers(dest="word", required=True)
        register = words.add_parser("register", help=_("import households, members and yearly data"))
        register.add_argument(
            "file", type=Path, metavar="FILE", help=_("a workbook, a CSV or Parquet file, or a folder or ZIP of such")
        )
        register.add_argument("--dry-run", action="store_true", help=_("only check, write nothing"))
        register.add_argument(
            "--good-rows", action="store_true", help=_("leave out households with errors, import the others")
        )
        register.add_argument(
            "--marked", type=Path, metavar="OUT.xlsx", help=_("write the workbook again with its faults marked")
        )
        register.add_argument(
            "--year", type=int, metavar="YEAR", help=_("the data year of members whose row does not name one")
        )
        register.add_argument(
            "--profile",
            default="",
            metavar="NAME[@VERSION]",
            help=_("the words of another system; see lika import profiles"),
        )
        register.add_argument("--user", metavar="NAME", help=_("act as this user, within their area"))
        register.add_argument("--json", action="store_true", help=_("print the report as JSON"))
        words.add_parser("profiles", help=_("list the mapping profiles for files of other systems"))
        made = words.add_parser("template", help=_("write the empty workbook"))
        made.add_argument("file", type=Path, metavar="OUT.xlsx")
        made.add_argument("--division", metavar="CODE", help=_("with what is collected in this place only"))
        batch = words.add_parser("batch", help=_("run an import that was uploaded to the site"))
        batch.add_argument("batch", metavar="ID")
        brought = words.add_parser(
            "collected", help=_("take in a workbook of the yearly collection brought on the site")
        )
        brought.add_argument("workbook", type=UUID, metavar="ID")

    def handle(self, *args: Any, word: str, **options: Any) -> None:
        if word == "template":
            options["file"].write_bytes(template.build(_sheets(options["division"])))
            self.stdout.write(_("Written: %(file)s") % {"file": options["file"]})
        elif word == "profiles":
            for line in profiles.lines(_actor(None)):
                self.stdout.write(f"{line.profile.label}  {chosen(line.profile.zh, line.profile.en)}")
        elif word == "batch":
            uploads.run_uploaded(options["batch"])
        elif word == "collected":
            do_workbook(workbook=options["workbook"])
        else:
            self._register(options)

    def _register(self, options: dict[str, Any]) -> None:
        report = actions.import_register(
            by=_actor(options["user"]),
            path=options["file"],
            dry_run=options["dry_run"],
            good_rows=options["good_rows"],
            data_year=options["year"],
            profile=options["profile"],
            progress=_Ticker(self) if not options["json"] else _quiet,
        )
        if options["marked"] is not None:
            layout = profiles.layout_of(report.profile)
            marking.write(options["file"], options["file"].name, options["marked"], report.findings, layout)
        if options["json"]:
            self.stdout.write(json.dumps(report.as_json(), ensure_ascii=False, indent=2))
        else:
            self._tell(report)
        if report.state == BatchState.REFUSED or (report.dry_run and report.errors):
            raise CommandError(_("The workbook has errors; nothing was written."), returncode=_REFUSED)

    def _tell(self, report: ImportReport) -> None:
        for finding in report.findings[:_SHOWN]:
            sheet = f"{finding.file} {finding.sheet_label}".strip()
            place = f"{sheet} {finding.column}{finding.row or ''} {finding.field_label}".strip()
            label = Severity(finding.rule.severity).label
            # The name of a sheet or a heading may come from the workbook.
            self.stdout.write(printable(f"{finding.code} {label}  {place}: {finding.message} {finding.remedy}"))
        if len(report.findings) > _SHOWN:
            self.stdout.write(_("… and %(count)d more.") % {"count": len(report.findings) - _SHOWN})
        for sheet, fates in report.counts.items():
            words = _("%(sheet)s: %(new)d new, %(changed)d changed, %(unchanged)d unchanged, %(left_out)d left out")
            counts = {fate: fates.get(fate, 0) for fate in ("new", "changed", "unchanged", "left_out")}
            self.stdout.write(words % {"sheet": SHEETS_BY_KEY[sheet].zh, **counts})
        errors = ngettext("%(count)d error", "%(count)d errors", report.errors) % {"count": report.errors}
        warnings = ngettext("%(count)d warning", "%(count)d warnings", report.warnings) % {"count": report.warnings}
        state = BatchState(report.state).label
        words = _("%(errors)s, %(warnings)s. %(state)s.")
        self.stdout.write(words % {"errors": errors, "warnings": warnings, "state": state})


class _Ticker:
    """Prints a line at each new tenth of a stage."""

    def __init__(self, command: Command) -> None:
        self._write = command.stdout.write
        self._last: tuple[Stage, int] | None = None

    def __call__(self, stage: Stage, done: int, total: int) -> None:
        tenth = 10 * done // total if total else 0
        if (stage, tenth) != self._last:
            self._last = (stage, tenth)
            self._write(f"{stage.label} {10 * tenth} %")


def _quiet(_stage: Stage, _done: int, _total: int) -> None:
    """Machines wait for the report."""


def _actor(name: str | None) -> Actor:
    if name is None:
        return SystemActor("import", {Permission.REGISTER_IMPORT, Permission.REGISTER_STATUS}, EVERYWHERE)
    user = User.objects.filter(username=name).first()
    if user is None:
        raise NotFound("COL-009", _("There is no such user."), remedy=_("Check the name."))
    return actor_of(user)


def _sheets(division: str | None) -> tuple[Sheet, ...]:
    """The sheets of the template: those common to all, or those of a place. Raises DIV-001, DIV-010."""
    return SHEETS if division is None else sheets_asked(Area.of([divisions.get(division).code]))
