"""`lika workdays load`: the published work days that come with Lika."""

from typing import Any

from django.core.management.base import BaseCommand, CommandParser
from django.utils.translation import gettext as _

from lika.casework.actions import days
from lika.core.actors import SystemActor
from lika.core.areas import EVERYWHERE
from lika.core.permissions import Permission


class Command(BaseCommand):
    """Enter the years that are not there yet."""

    help = _("Enter the published holidays and make-up work days of the years that are not in the calendar yet.")

    def add_arguments(self, parser: CommandParser) -> None:
        """The one word."""
        parser.add_subparsers(dest="word", required=True).add_parser("load", help=_("enter what is not there yet"))

    def handle(self, *args: Any, **options: Any) -> None:
        """Load, and print which years."""
        years = days.load_days(by=SystemActor("workdays", {Permission.WORKDAYS_KEEP}, EVERYWHERE))
        if years:
            words = _("Work days of %(first)s to %(last)s entered.") % {"first": years[0], "last": years[-1]}
        else:
            words = _("Nothing to do: every year that is published is in the calendar.")
        self.stdout.write(words)
