"""`lika accounts add`: the first administrator, and any official, from the command line."""

import getpass
import sys
from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from lika.accounts import actions
from lika.accounts.choices import Role, Sector
from lika.core.actors import SystemActor
from lika.core.areas import EVERYWHERE
from lika.core.permissions import Permission


class Command(BaseCommand):
    help = _("Add an official with an account and a first post.")

    def add_arguments(self, parser: ArgumentParser) -> None:
        commands = parser.add_subparsers(dest="command", required=True)
        add = commands.add_parser("add", help=_("add an official with an account and a post"))
        add.add_argument("username", help=_("the name to sign in with"))
        add.add_argument("--name", required=True, help=_("the official's name"))
        add.add_argument("--role", required=True, choices=[str(role) for role in Role], help=_("role of the post"))
        add.add_argument("--division", required=True, help=_("12-digit code of the post's division"))
        add.add_argument("--sector", default="", choices=[str(sector) for sector in Sector], help=_("line of work"))
        add.add_argument("--title", default="", help=_("the official name of the post"))

    def handle(self, *args: Any, **options: Any) -> None:
        password = self._password()
        by = SystemActor("command-line", [Permission.ACCOUNTS_MANAGE], area=EVERYWHERE)
        with transaction.atomic():
            official = actions.add_official(
                by=by, name=options["name"], username=options["username"], password=password
            )
            actions.give_post(
                by=by,
                official=official,
                role=Role(options["role"]),
                division=options["division"],
                sector=options["sector"],
                title=options["title"],
                valid_from=timezone.localdate(),
            )
        self.stdout.write(_("Added: %(username)s") % {"username": options["username"]})

    def _password(self) -> str:
        """Asked at the terminal, or read from standard input; never an argument that others can list."""
        return getpass.getpass() if sys.stdin.isatty() else sys.stdin.readline().rstrip("\n")
