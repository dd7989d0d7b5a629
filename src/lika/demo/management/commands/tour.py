"""`lika tour [N]`: twenty invented households through the loop; with a number, one of them at length."""

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand
from django.utils.translation import gettext as _

from lika.demo import tour
from lika.demo.loop import actor


class Command(BaseCommand):
    help = _("Walk twenty invented households through the loop, naming the file at each step.")

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("number", nargs="?", type=int, choices=range(1, 21), metavar="1-20")

    def handle(self, *args: Any, **options: Any) -> None:
        by = actor()
        for line in tour.lines(by, chosen=options["number"]):
            self.stdout.write(line)
        broken = [stop.household.number for stop in tour.stops(by) if not stop.holds]
        if broken:
            self.stderr.write(_("These households no longer show what they were made for: %s") % ", ".join(broken))
            raise SystemExit(1)
