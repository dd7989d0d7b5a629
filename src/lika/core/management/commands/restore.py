"""`lika restore FILE`: an archive into an empty installation; `--check` only reads it through."""

from argparse import ArgumentParser
from datetime import datetime
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand
from django.utils import timezone
from django.utils.translation import gettext as _

from lika.core import safekeeping
from lika.core.actors import SystemActor
from lika.core.areas import EVERYWHERE
from lika.core.permissions import Permission
from lika.core.safekeeping.restoring import packs_apart


class Command(BaseCommand):
    help = _("Restore a backup into an empty data folder and database.")

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("archive", type=Path, metavar="FILE")
        parser.add_argument("--check", action="store_true", help=_("only read the archive through and say what it is"))

    def handle(self, *args: Any, archive: Path, check: bool, **options: Any) -> None:
        by = SystemActor("backup", {Permission.BACKUP_KEEP, Permission.KEYS_ROTATE}, EVERYWHERE)
        if check:
            self._describe(safekeeping.check(by=by, path=archive))
            self.stdout.write(_("The archive is sound."))
            return
        self._describe(safekeeping.restore(by=by, path=archive, say=self._say))
        if (apart := packs_apart()) is not None:
            self.stdout.write(
                _("The packs of the archive differ from those here; they lie in %(folder)s (LIKA_PACKS_DIR).")
                % {"folder": apart}
            )
        self.stdout.write(_("Restored. `lika audit verify` and `lika doctor` tell whether all is well."))

    def _describe(self, manifest: safekeeping.Manifest) -> None:
        made_at = timezone.localtime(datetime.fromisoformat(manifest.made_at))
        self.stdout.write(
            _("Backup of %(at)s by Lika %(version)s: %(files)d files, %(rows)d rows.")
            % {
                "at": f"{made_at:%Y-%m-%d %H:%M}",
                "version": manifest.lika,
                "files": len(manifest.files),
                "rows": sum(manifest.counts.values()),
            }
        )

    def _say(self, part: str) -> None:
        self.stdout.write(f"  {part} …")
        self.stdout.flush()
