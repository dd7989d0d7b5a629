"""`lika documents check | sweep`: the files of documents and photographs against the register."""

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand
from django.utils.translation import gettext as _

from lika.core.actors import SystemActor
from lika.core.areas import EVERYWHERE
from lika.core.permissions import Permission
from lika.register.actions.documents import sweep_documents
from lika.register.queries import document_stock

FOUND = 1


class Command(BaseCommand):
    help = _("Look through the files of documents and photographs.")

    def add_arguments(self, parser: ArgumentParser) -> None:
        words = parser.add_subparsers(dest="word", required=True)
        check = words.add_parser("check", help=_("say which documents lack their file, and how many files lack one"))
        check.add_argument("--read", action="store_true", help=_("read every file and compare its digest too"))
        words.add_parser("sweep", help=_("remove the files that belong to no document"))

    def handle(self, *args: Any, word: str, **options: Any) -> None:
        actor = SystemActor("documents", {Permission.DOCUMENTS_KEEP}, EVERYWHERE)
        if word == "sweep":
            self.stdout.write(_("%(count)d files removed.") % {"count": sweep_documents(by=actor)})
            return
        stock = document_stock(by=actor, read_all=options["read"])
        for document in stock.missing:
            self.stdout.write(_("%(document)s: its file is missing") % {"document": document})
        for document in stock.altered:
            self.stdout.write(_("%(document)s: its file is not what came") % {"document": document})
        self.stdout.write(
            _("%(documents)d documents; %(orphans)d files belong to none.")
            % {"documents": stock.documents, "orphans": stock.orphans}
        )
        if not stock.is_sound:
            raise SystemExit(FOUND)
