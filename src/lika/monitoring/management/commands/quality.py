"""`lika quality --snapshot ID`: hold a snapshot against the rules of quality."""

from typing import Any
from uuid import UUID

from django.core.management.base import BaseCommand, CommandParser
from django.utils.translation import gettext as _

from lika.monitoring import actions
from lika.monitoring.queries.runs import by_rule
from lika.snapshots.operators import operator


class Command(BaseCommand):
    """Run all rules that hold in the area of a snapshot."""

    help = _("Hold every unit of a snapshot against the rules of quality; open and close faults.")

    def add_arguments(self, parser: CommandParser) -> None:
        """The options."""
        which = parser.add_mutually_exclusive_group(required=True)
        which.add_argument("--snapshot", help=str(_("ID of the snapshot (lika snapshot list)")))
        which.add_argument("--job", type=UUID, help=str(_("ID of a run that was asked for on the page")))

    def handle(self, *args: Any, **options: Any) -> None:
        """Run, and print the faults of each rule; a run that was asked for on the page is told there."""
        if options["job"] is not None:
            actions.do_job(by=actions.job_asker(options["job"]), job=options["job"])
            return
        done = actions.run_quality(by=operator(), snapshot=options["snapshot"])
        for row, rate in by_rule(done, done.snapshot.division):
            self.stdout.write(
                _("  %(faulty)8d faulty  %(sound)8d sound  %(unknown)8d not judged  %(title)s")
                % {"faulty": rate.faulty, "sound": rate.sound, "unknown": rate.unknown, "title": row.title}
            )
        self.stdout.write(_("Faults: %(count)d. Digest %(digest)s") % {"count": done.faults, "digest": done.digest})
