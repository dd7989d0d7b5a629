"""`lika explain NUMBER --user NAME`: why a household's results are what they are, as JSON or as a paper."""

from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandParser
from django.utils.translation import gettext as _

from lika.console.explaining import ExplanationFormat, take_explanation
from lika.core.leaving import whole_file
from lika.register.queries import household_visible_to
from lika.snapshots.operators import acting_user


class Command(BaseCommand):
    """Whoever is named by `--user` reads what their posts let them read, and the audit keeps that it was taken."""

    help = _("Explain a household's current results: working, standards, clauses, what would have to change.")

    def add_arguments(self, parser: CommandParser) -> None:
        """The options."""
        parser.add_argument("number", metavar="NUMBER", help=str(_("number of the household, as in the list")))
        parser.add_argument("--user", required=True, metavar="NAME", help=str(_("act as this user, within their area")))
        parser.add_argument(
            "--pack", default="", metavar="ID", help=str(_("pack (the one screened last unless given)"))
        )
        parser.add_argument("--criterion", default="", metavar="ID", help=str(_("this criterion alone")))
        parser.add_argument("--pdf", type=Path, metavar="FILE", help=str(_("write a paper instead of printing JSON")))

    def handle(self, *args: Any, **options: Any) -> None:
        """Print or write it. Raises SCR-053 for a user that there is not, and as `take_explanation`."""
        by = acting_user(options["user"])
        found = household_visible_to(by, options["number"])
        kind = ExplanationFormat.PDF if options["pdf"] else ExplanationFormat.JSON
        _name, content = take_explanation(
            by=by, household=found.id, kind=kind, pack=options["pack"], criterion=options["criterion"]
        )
        if options["pdf"]:
            with whole_file(options["pdf"]) as target:
                target.write(content)
            self.stdout.write(_("Written: %(file)s") % {"file": options["pdf"]})
        else:
            self.stdout.write(content.decode(), ending="")
