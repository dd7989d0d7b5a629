"""`lika keys rotate --new-key-file FILE`: seal the data keys under a new master key."""

import base64
import binascii
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand
from django.utils.translation import gettext as _

from lika.core import keys
from lika.core.actors import SystemActor
from lika.core.areas import EVERYWHERE
from lika.core.errors import UserError
from lika.core.permissions import Permission


class Command(BaseCommand):
    help = _("Change the master key that seals the keys of the encrypted data.")

    def add_arguments(self, parser: ArgumentParser) -> None:
        words = parser.add_subparsers(dest="word", required=True)
        rotate = words.add_parser("rotate", help=_("seal the data keys under a new master key"))
        rotate.add_argument(
            "--new-key-file", type=Path, required=True, metavar="FILE", help=_("32 random bytes in Base64")
        )

    def handle(self, *args: Any, new_key_file: Path, **options: Any) -> None:
        actor = SystemActor("keys", {Permission.KEYS_ROTATE}, EVERYWHERE)
        count = keys.rotate_master_key(by=actor, old=settings.LIKA_MASTER_KEY, new=_read(new_key_file))
        self.stdout.write(_("%(count)d data keys are sealed under the new master key.") % {"count": count})
        self.stdout.write(
            _("Now put the new key in the place of the old one (LIKA_MASTER_KEY_FILE) and restart; keep a copy apart.")
        )


def _read(path: Path) -> bytes:
    try:
        return base64.b64decode(path.read_text(encoding="ascii").strip(), validate=True)
    except (OSError, UnicodeDecodeError, binascii.Error) as error:
        raise UserError(
            "COR-012",
            _("The file with the new master key cannot be read."),
            remedy=_("Name a file with 32 random bytes in Base64."),
            file=str(path),
        ) from error
