"""`lika bench national [--households N] [--seed N] [--changed SHARE] [--folder FOLDER] [--keep FOLDER] [--json]`."""

import json
import sys
import tempfile
from argparse import ArgumentParser, ArgumentTypeError
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand
from django.utils.translation import gettext as _

from lika.core.errors import UserError
from lika.engine.snapshots.layout import MANIFEST
from lika.snapshots.national.generating import Nation, generate
from lika.snapshots.national.measuring import Figures, as_json, criteria, measure

_MOST = 100_000_000
_SNAPSHOT = "snapshot"
# On a terminal every county is told on one line; in a file each tenth is told on its own.
_LINES = 10


class Command(BaseCommand):
    help = _("Measure screening on an invented country of any size.")
    requires_system_checks = ()  # they import every page of the site; this one measures seconds
    without_database = frozenset({"*"})

    def add_arguments(self, parser: ArgumentParser) -> None:
        words = parser.add_subparsers(dest="word", required=True, metavar="WORD")
        national = words.add_parser(
            "national", help=_("households over the real divisions, screened by forty criteria")
        )
        national.add_argument(
            "--households", type=_number, default=1_000_000, metavar="N", help=_("households; 3.3 persons in each")
        )
        national.add_argument("--seed", type=int, default=1, metavar="N", help=_("another seed, other households"))
        national.add_argument(
            "--changed",
            type=_share,
            default=0.001,
            metavar="SHARE",
            help=_("share of the households that change before they are screened again"),
        )
        national.add_argument(
            "--folder", type=Path, metavar="FOLDER", help=_("make it there, or use what is there; nothing is removed")
        )
        national.add_argument("--json", action="store_true", help=_("print JSON"))

    def handle(self, *args: Any, **options: Any) -> None:
        if options["folder"] is not None:
            self._national(options["folder"].resolve(), options)
            return
        with tempfile.TemporaryDirectory(prefix="lika-bench-") as folder:
            self._national(Path(folder), options)

    def _national(self, folder: Path, options: dict[str, Any]) -> None:
        snapshot = folder / f"{_SNAPSHOT}-{options['households']}-{options['seed']}"
        if not (snapshot / MANIFEST).is_file():
            self._generate(snapshot, options)
        figures = measure(folder, snapshot, share=options["changed"])
        if options["json"]:
            self.stdout.write(json.dumps(as_json(figures), indent=2))
        else:
            self._print(figures)
        if not figures.again_equal:
            raise UserError(
                "BEN-003",
                _("Screening again what changed gave another result than screening everything."),
                remedy=_("This is a defect of Lika: please report the seed and the number of households."),
            )

    def _generate(self, snapshot: Path, options: dict[str, Any]) -> None:
        compiled, _plan = criteria()
        told = [0]

        def progress(done: int, counties: int, was_there: bool) -> None:
            end = "\n" if done == counties else ""
            if sys.stderr.isatty():
                line = _("%(done)d of %(counties)d counties made") % {"done": done, "counties": counties}
                self.stderr.write(f"\r{line}", ending=end)
            elif done * _LINES // counties > told[0]:
                told[0] = done * _LINES // counties
                self.stderr.write(_("%(done)d of %(counties)d counties made") % {"done": done, "counties": counties})

        generate(Nation(options["households"], options["seed"], compiled.checked), snapshot, progress=progress)

    def _print(self, figures: Figures) -> None:
        told = as_json(figures)
        for line in (
            _("%(households)d households, %(persons)d persons in %(counties)d counties; %(criteria)d criteria"),
            _("Screened and written in %(seconds).2f s, %(rows_per_second)d rows a second"),
            _("Bare scan of the same columns and groups: %(floor_seconds).2f s; %(ratio).2f times as long"),
            _("Memory at most %(peak_megabytes)d MiB; files checked in %(verify_seconds).2f s"),
            _("Snapshot %(snapshot_bytes)d bytes, results %(result_bytes)d bytes, %(rollups)d counts of divisions"),
            _("Digest %(digest)s"),
            _("One household found and screened in %(household_milliseconds).1f ms"),
            _(
                "%(again_households)d households changed: screened again in %(again_seconds).2f s, "
                "%(again_parts)d files worked out and %(again_parts_kept)d taken over"
            ),
            _("%(cores)d cores, load %(load).1f"),
        ):
            self.stdout.write(line % told)


def _number(text: str) -> int:
    """A number of households."""
    if text.isdecimal() and 0 < int(text) <= _MOST:
        return int(text)
    raise ArgumentTypeError(_("“%(text)s” is not a number from 1 to %(most)d.") % {"text": text, "most": _MOST})


def _share(text: str) -> float:
    """A share above nothing, at most all."""
    try:
        share = float(text)
    except ValueError:
        share = 0.0
    if 0 < share <= 1:
        return share
    raise ArgumentTypeError(_("“%(text)s” is not a share such as 0.001.") % {"text": text})
