"""`lika divisions load | show CODE | check`: the administrative divisions."""

import datetime as dt
from argparse import ArgumentParser
from dataclasses import asdict
from pathlib import Path
from time import monotonic
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils.translation import gettext as _

from lika.core.actors import SystemActor
from lika.core.areas import EVERYWHERE
from lika.core.arguments import day
from lika.core.permissions import Permission
from lika.divisions import actions, queries, sources, verification
from lika.divisions.models import Division


class Command(BaseCommand):
    help = _("Load, show and check the administrative divisions.")

    def add_arguments(self, parser: ArgumentParser) -> None:
        words = parser.add_subparsers(dest="word", required=True)
        load = words.add_parser("load", help=_("load the official codes that come with Lika, or a file of your own"))
        what = load.add_mutually_exclusive_group()
        what.add_argument("--province", metavar="CODE", help=_("only one province, e.g. 62"))
        what.add_argument("--file", type=Path, metavar="FILE.csv", help=_("your own divisions and changes"))
        load.add_argument(
            "--overwrite", action="store_true", help=_("bring divisions changed here back to the official ones")
        )
        show = words.add_parser("show", help=_("show one division"))
        show.add_argument("code", help=_("2, 4, 6, 9 or 12 digits, or a natural village's code"))
        show.add_argument("--at", type=day, metavar="DATE", help=_("what the code meant on a day"))
        words.add_parser("check", help=_("compare the table with the official codes and with its own rules"))

    def handle(self, *args: Any, word: str, **options: Any) -> None:
        if word == "load":
            self._load(options["province"], options["file"], options["overwrite"])
        elif word == "show":
            self._show(options["code"], options["at"])
        else:
            self._check()

    def _load(self, province: str | None, file: Path | None, overwrite: bool) -> None:
        begun = monotonic()
        batch = sources.packaged(province) if file is None else sources.from_file(file)
        actor = SystemActor("divisions", {Permission.DIVISIONS_MANAGE}, EVERYWHERE)
        loaded = actions.load(by=actor, batch=batch, overwrite=overwrite or file is not None)
        if loaded.nothing:
            self.stdout.write(_("Nothing to do: all divisions of %(source)s are loaded.") % {"source": batch.name})
        else:
            words = _("%(added)s divisions added, %(changed)s changed, %(changes)s changes of code (%(seconds).1f s).")
            self.stdout.write(words % (asdict(loaded) | {"seconds": monotonic() - begun}))
        if loaded.kept:
            self.stdout.write(
                _("%(kept)s divisions differ from the source and were kept as they are.") % {"kept": loaded.kept}
            )

    def _show(self, code: str, at: dt.date | None) -> None:
        division = queries.get(code) if at is None else queries.resolve(code, at=at)
        self.stdout.write(f"{division.code}  {queries.path_label(division.code)}")
        self.stdout.write(f"{_('Level')}: {division.get_level_display()}")
        self.stdout.write(f"{_('Valid')}: {division.valid_from or '…'} – {division.valid_to or '…'}")
        self._write_divisions(_("Before"), queries.predecessors(division))
        self._write_divisions(_("Became"), queries.successors(division))
        self.stdout.write("{}: {} – {}".format(_("Village numbers"), *division.area_range()))
        for level, count in queries.counts_by_level(division.code).items():
            if level > division.level:
                self.stdout.write(f"{level.label}: {count}")

    def _write_divisions(self, label: str, divisions: Any) -> None:
        if divisions:
            self.stdout.write(f"{label}: {', '.join(map(str, divisions))}")

    def _check(self) -> None:
        findings = verification.findings()
        for finding in findings:
            self.stdout.write(f"- {finding}")
        if findings:
            raise CommandError(_("The divisions are not whole."))
        self.stdout.write(_("%(count)s divisions, all rules hold.") % {"count": Division.objects.count()})
