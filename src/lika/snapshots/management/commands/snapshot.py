"""`lika snapshot take | list | verify`."""

import time
from typing import Any

from django.core.management.base import BaseCommand, CommandParser
from django.utils.translation import gettext as _

from lika.core.arguments import day
from lika.core.errors import UserError
from lika.snapshots import actions
from lika.snapshots.actions.snapshots import ALL_STATES
from lika.snapshots.models import Snapshot
from lika.snapshots.operators import operator
from lika.snapshots.queries import snapshots as reads


class Command(BaseCommand):
    """Take, list and verify snapshots."""

    help = _("Take, list and verify snapshots of the register.")

    def add_arguments(self, parser: CommandParser) -> None:
        """The three sub-commands."""
        commands = parser.add_subparsers(dest="action", required=True)
        take = commands.add_parser("take", help=str(_("freeze the register of an area at a standard time point")))
        take.add_argument("--at", type=day, required=True, help=str(_("standard time point, such as 2016-12-31")))
        take.add_argument("--division", required=True, help=str(_("code of the area, such as 621223")))
        take.add_argument("--year", type=int, help=str(_("data year (that of the time point unless given)")))
        take.add_argument(
            "--states", default=",".join(ALL_STATES), help=str(_("row states admitted, separated by commas"))
        )
        commands.add_parser("list", help=str(_("list the snapshots, newest first")))
        verify = commands.add_parser("verify", help=str(_("check that snapshots are as they were taken")))
        verify.add_argument("id", nargs="?", help=str(_("one snapshot; all of them unless given")))

    def handle(self, *args: Any, **options: Any) -> None:
        """Run the sub-command."""
        getattr(self, f"_{options['action']}")(options)

    def _take(self, options: dict[str, Any]) -> None:
        started = time.perf_counter()
        taken = actions.take(
            by=operator(),
            at=options["at"],
            division=options["division"],
            year=options["year"],
            states=[state.strip() for state in options["states"].split(",") if state.strip()],
        )
        seconds = time.perf_counter() - started
        self.stdout.write(_line(taken))
        self.stdout.write(_("Taken in %(seconds).1f s.") % {"seconds": seconds})

    def _list(self, options: dict[str, Any]) -> None:
        found = list(reads.list_snapshots(operator()))
        for snapshot in found:
            self.stdout.write(_line(snapshot))
        if not found:
            self.stdout.write(_("No snapshot yet. Take one with `lika snapshot take`."))

    def _verify(self, options: dict[str, Any]) -> None:
        wanted = (
            [reads.get_snapshot(operator(), options["id"])] if options["id"] else list(reads.list_snapshots(operator()))
        )
        faults: list[UserError] = []
        for snapshot in wanted:
            try:
                reads.refuse_altered(snapshot)
                self.stdout.write(_("%(id)s is as it was taken.") % {"id": snapshot.pk})
            except UserError as error:
                self.stderr.write(str(error))
                faults.append(error)
        if faults:
            raise SystemExit(2)


def _line(snapshot: Snapshot) -> str:
    told = _("%(id)s  time point %(at)s  period %(from)s to %(to)s  %(households)d households  %(persons)d persons") % {
        "id": snapshot.pk,
        "at": snapshot.at.isoformat(),
        "from": snapshot.period_from.isoformat(),
        "to": snapshot.period_to.isoformat(),
        "households": snapshot.households,
        "persons": snapshot.persons,
    }
    left_out = snapshot.drafts_left_out
    return told + (_("  %(drafts)d drafts left out") % {"drafts": left_out} if left_out else "")
