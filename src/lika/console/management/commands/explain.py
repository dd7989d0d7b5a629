"""`lika explain NUMBER --user NAME [--unit village …]`: why a unit's current results are what they are."""

from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandParser
from django.utils.translation import gettext as _

from lika.console.explaining import ExplanationFormat, take_division_explanation, take_explanation
from lika.console.queries.division_why import UNIT_OF_LEVEL, current_of_division
from lika.core.leaving import whole_file
from lika.divisions import queries as divisions
from lika.register.queries import household_visible_to
from lika.snapshots.choices import UnitKind
from lika.snapshots.operators import acting_user


class Command(BaseCommand):
    """Whoever is named by `--user` reads what their posts let them read, and the audit keeps that it was taken."""

    help = _("Explain a unit's current results: working, standards, clauses, what would have to change.")

    def add_arguments(self, parser: CommandParser) -> None:
        """The options."""
        parser.add_argument(
            "number", metavar="NUMBER", help=str(_("number of the household, as in the list, or code of the division"))
        )
        parser.add_argument(
            "--unit",
            default=UnitKind.HOUSEHOLD.value,
            choices=[kind.value for kind in (UnitKind.HOUSEHOLD, *UNIT_OF_LEVEL.values())],
            help=str(_("kind of unit that is explained (household unless given)")),
        )
        parser.add_argument("--user", required=True, metavar="NAME", help=str(_("act as this user, within their area")))
        parser.add_argument(
            "--pack", default="", metavar="ID", help=str(_("pack (the one screened last unless given)"))
        )
        parser.add_argument("--criterion", default="", metavar="ID", help=str(_("this criterion alone")))
        parser.add_argument("--pdf", type=Path, metavar="FILE", help=str(_("write a paper instead of printing JSON")))

    def handle(self, *args: Any, **options: Any) -> None:
        """Print or write it.

        Raises SCR-053 for a user that there is not, DIV-001 and DIV-010 for the code of a division, and as
        `take_explanation`.
        """
        by = acting_user(options["user"])
        kind = ExplanationFormat.PDF if options["pdf"] else ExplanationFormat.JSON
        asked = {"by": by, "kind": kind, "criterion": options["criterion"]}
        if options["unit"] == UnitKind.HOUSEHOLD:
            found = household_visible_to(by, options["number"])
            _name, content = take_explanation(**asked, household=found.id, pack=options["pack"])
        else:
            place = divisions.get(options["number"])
            screening = current_of_division(place, UnitKind(options["unit"]), options["pack"])
            _name, content = take_division_explanation(**asked, screening=screening, division=place)
        if options["pdf"]:
            with whole_file(options["pdf"]) as target:
                target.write(content)
            self.stdout.write(_("Written: %(file)s") % {"file": options["pdf"]})
        else:
            self.stdout.write(content.decode(), ending="")
