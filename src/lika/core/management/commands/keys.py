"""`lika keys rotate | copy`: the keys that encrypt the data, and a copy of them to be kept apart."""

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand
from django.utils.translation import gettext as _

from lika.core import keys, master
from lika.core.actors import SystemActor
from lika.core.areas import EVERYWHERE
from lika.core.permissions import Permission


class Command(BaseCommand):
    help = _("Change the master key that seals the keys of the encrypted data; copy the keys.")

    def add_arguments(self, parser: ArgumentParser) -> None:
        words = parser.add_subparsers(dest="word", required=True)
        rotate = words.add_parser("rotate", help=_("seal the data keys under a new master key, while the site runs"))
        rotate.add_argument(
            "--new-key-file",
            type=Path,
            metavar="FILE",
            help=_("32 random bytes in Base64 (default: made here and put in the place of the old key)"),
        )
        copy = words.add_parser("copy", help=_("copy all keys into a folder, to be kept apart from backups"))
        copy.add_argument("folder", type=Path, metavar="FOLDER")

    def handle(self, *args: Any, word: str, **options: Any) -> None:
        if word == "copy":
            for name in master.copy_keys(options["folder"]):
                self.stdout.write(name)
            self.stdout.write(_("Keep them apart from the backups: whoever has both can read everything."))
        elif options["new_key_file"] is None:
            self._rotated(keys.rotate(by=_actor()))
            self.stdout.write(_("The new key is in its place; the old one stays beside it for older backups."))
            self.stdout.write(_("Copy the keys again (`lika keys copy`); running services need no restart."))
        else:
            new = master.read(options["new_key_file"])
            self._rotated(keys.rotate_master_key(by=_actor(), old=settings.LIKA_MASTER_KEY, new=new))
            self.stdout.write(_("Put the new key in the place of the old one (LIKA_MASTER_KEY_FILE) and restart."))
            self.stdout.write(_("Keep a copy of the new key apart from the data."))

    def _rotated(self, count: int) -> None:
        self.stdout.write(_("%(count)d data keys are sealed under the new master key.") % {"count": count})


def _actor() -> SystemActor:
    return SystemActor("keys", {Permission.KEYS_ROTATE}, EVERYWHERE)
