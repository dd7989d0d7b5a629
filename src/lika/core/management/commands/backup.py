"""`lika backup`: everything but the keys, in one archive, while the site goes on."""

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand
from django.utils.translation import gettext as _

from lika.core import safekeeping
from lika.core.actors import SystemActor
from lika.core.areas import EVERYWHERE
from lika.core.permissions import Permission


class Command(BaseCommand):
    help = _("Write database, files and packs into one archive; the keys are kept apart.")

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument(
            "folder", type=Path, nargs="?", metavar="FOLDER", help=_("where to (default: backups in the data folder)")
        )

    def handle(self, *args: Any, folder: Path | None, **options: Any) -> None:
        by = SystemActor("backup", {Permission.BACKUP_KEEP}, EVERYWHERE)
        target = folder or Path(settings.LIKA.data_dir) / "backups"
        path, manifest = safekeeping.back_up(by=by, folder=target, say=self._say)
        self.stdout.write(
            _("%(files)d files, %(size).1f MB, %(rows)d rows of %(tables)d tables.")
            % {
                "files": len(manifest.files),
                "size": manifest.size / 1_000_000,
                "rows": sum(manifest.counts.values()),
                "tables": len(manifest.counts),
            }
        )
        self.stdout.write(_("The keys are not inside: `lika keys copy FOLDER` copies them, to be kept apart."))
        self.stdout.write(str(path))

    def _say(self, part: str) -> None:
        self.stdout.write(f"  {part} …")
        self.stdout.flush()
