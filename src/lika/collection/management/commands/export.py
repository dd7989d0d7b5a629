"""`lika export register | make`: the register of an area as a file, from the command line."""

from argparse import ArgumentParser
from pathlib import Path
from typing import Any
from uuid import UUID

from django.core.management.base import BaseCommand
from django.utils.translation import gettext as _

from lika.accounts.models import User
from lika.accounts.queries import actor_of
from lika.collection.choices import ExportFormat
from lika.collection.exporting import actions, comparisons
from lika.core.errors import NotFound


class Command(BaseCommand):
    help = _("Write the register of an area to a file.")

    def add_arguments(self, parser: ArgumentParser) -> None:
        words = parser.add_subparsers(dest="word", required=True)
        register = words.add_parser("register", help=_("without personal data; with them, two persons ask on the site"))
        register.add_argument("file", type=Path, metavar="OUT")
        register.add_argument("--division", required=True, metavar="CODE")
        register.add_argument("--year", required=True, type=int)
        register.add_argument("--format", choices=ExportFormat.values, default=ExportFormat.CSV.value)
        register.add_argument("--reason", required=True, help=_("kept in the audit and in the file"))
        register.add_argument("--user", required=True, metavar="NAME", help=_("act as this user, within their area"))
        made = words.add_parser("make", help=_("make the file of an export that was asked for on the site"))
        made.add_argument("export", type=UUID, metavar="ID")

        compared = words.add_parser("compare", help=_("compare a file of another system that was uploaded to the site"))
        compared.add_argument("comparison", type=UUID, metavar="ID")

    def handle(self, *args: Any, word: str, **options: Any) -> None:
        if word == "make":
            actions.make(options["export"])
            return
        if word == "compare":
            comparisons.make(options["comparison"])
            return
        user = User.objects.filter(username=options["user"]).first()
        if user is None:
            raise NotFound("COL-009", _("There is no such user."), remedy=_("Check the name."))
        by = actor_of(user)
        asked = actions.ask(
            by=by, division=options["division"], data_year=options["year"], kind=ExportFormat(options["format"]),
            personal=False, reason=options["reason"],
        )  # fmt: skip
        actions.make(asked.id)
        made, content = actions.take(by=by, export=asked.id)
        options["file"].write_bytes(content)
        for sheet, rows in made.rows.items():
            self.stdout.write(f"{sheet}: {rows:,}")
        self.stdout.write(_("Written: %(file)s") % {"file": options["file"]})
