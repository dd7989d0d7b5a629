"""`lika duplicates --division CODE`: look across the households of an area for duplicates and evasion."""

import datetime as dt
from typing import Any
from uuid import UUID

from django.core.management.base import BaseCommand, CommandParser
from django.utils.translation import gettext as _

from lika.core.arguments import day
from lika.core.language import Said
from lika.monitoring import actions
from lika.policy.patterns import find
from lika.snapshots.operators import operator


class Command(BaseCommand):
    """Look for everything that the packs of an area declare."""

    help = _("Look across households for duplicates and evasion; open, keep and close leads.")

    def add_arguments(self, parser: CommandParser) -> None:
        """The options: an area, or a run that somebody asked for on the page."""
        which = parser.add_mutually_exclusive_group(required=True)
        which.add_argument("--division", help=str(_("Code of the division")))
        which.add_argument("--run", type=UUID, help=str(_("ID of a run that was asked for on the page")))
        parser.add_argument("--at", type=day, help=str(_("Day as of which is looked (today)")))

    def handle(self, *args: Any, **options: Any) -> None:
        """Look, and print what was found of each pattern."""
        by = operator() if options["run"] is None else actions.asker_of(options["run"])
        at: dt.date | None = options["at"]
        run = options["run"] or actions.ask_for_leads(by=by, division=options["division"], at=at).pk
        done = actions.look_for_leads(by=by, run=run)
        counts = dict.fromkeys(done.searched, 0)
        for pattern, found in done.counts.values_list("pattern", "found"):
            counts[pattern] += found
        for pattern, found in counts.items():
            item = find(pattern)
            title = str(Said(item.zh, item.en)) if item else pattern
            self.stdout.write(_("  %(found)8d  %(title)s") % {"found": found, "title": title})
        self.stdout.write(
            _("Leads: %(found)d, of them new %(added)d, open again %(reopened)d; gone %(gone)d.")
            % {"found": done.found, "added": done.added, "reopened": done.reopened, "gone": done.gone}
        )
