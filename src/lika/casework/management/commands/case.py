"""`lika case verify | export`: the appeal file of a case."""

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand
from django.utils.translation import gettext as _

from lika.casework import appeal
from lika.casework.actions.appeal import make_appeal_file
from lika.casework.queries.cases import case_numbered
from lika.core.actors import SystemActor
from lika.core.areas import EVERYWHERE
from lika.core.errors import UserError, printable
from lika.core.permissions import Permission
from lika.core.sealing.signing import public_key

FOUND = 1


class Command(BaseCommand):
    """A verification asks no database: whoever holds the file and the key can do it."""

    help = _("Make the appeal file of a case; say whether one was changed.")
    requires_system_checks = ()
    without_database = frozenset({"verify"})

    def add_arguments(self, parser: ArgumentParser) -> None:
        """The two words."""
        words = parser.add_subparsers(dest="word", required=True)
        verify = words.add_parser("verify", help=_("say whether an appeal file is as it was signed"))
        verify.add_argument("file", type=Path, metavar="FILE.zip")
        verify.add_argument(
            "--key", type=Path, metavar="PUBLIC.pem", help=_("the published key (default: that of this installation)")
        )
        export = words.add_parser("export", help=_("make the appeal file of a case"))
        export.add_argument("number", metavar="NUMBER")
        export.add_argument("--reason", required=True, help=_("what it is for; the audit keeps it"))
        export.add_argument("--to", type=Path, default=Path(), metavar="FOLDER", help=_("where it is put"))

    def handle(self, *args: Any, word: str, **options: Any) -> None:
        """Exit codes of `verify`: 0 as it was signed, 1 something was changed, 2 the file or the key cannot be used."""
        if word == "verify":
            self._verify(options["file"], options["key"])
        else:
            self._export(options["number"], options["reason"], options["to"])

    def _verify(self, file: Path, key: Path | None) -> None:
        checked = appeal.verify(_content(file), public_key(key))
        for finding in checked.findings:
            told = f"{finding.code} {finding.message} {finding.entry} {finding.where}"
            self.stdout.write(self.style.ERROR(printable(told.rstrip())))
        counted = {"case": checked.case, "n": checked.entries, "key": checked.key}
        self.stdout.write(printable(_("Case %(case)s: %(n)s entries, signed with the key %(key)s.") % counted))
        if not checked.is_valid:
            self.stdout.write(_("%(count)d findings.") % {"count": len(checked.findings)})
            raise SystemExit(FOUND)
        self.stdout.write(_("Valid: nothing was changed."))

    def _export(self, number: str, reason: str, folder: Path) -> None:
        permissions = {
            Permission.CASEWORK_VIEW, Permission.REGISTER_VIEW, Permission.REGISTER_PERSONAL, Permission.SCREENING_VIEW,
        }  # fmt: skip
        by = SystemActor("case", permissions, EVERYWHERE)
        name, content = make_appeal_file(by=by, case=case_numbered(by, number).pk, reason=reason)
        target = folder / name
        target.touch(mode=0o600)
        target.write_bytes(content)
        self.stdout.write(str(target))


def _content(file: Path) -> bytes:
    try:
        return file.read_bytes()
    except OSError as error:
        raise UserError(
            "CAS-126", _("The file cannot be read."), remedy=_("Check its name and place."), file=str(file)
        ) from error
