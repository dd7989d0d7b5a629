"""`lika case verify | export | open | run | notices | print`: appeal files, large campaigns, papers of all notices."""

from argparse import ArgumentParser
from collections.abc import Sequence
from pathlib import Path
from typing import Any
from uuid import UUID

from django.core.management.base import BaseCommand
from django.utils.translation import gettext as _

from lika.casework import appeal
from lika.casework.actions import bundles, runs
from lika.casework.actions.appeal import make_appeal_file
from lika.casework.choices import NoticeKind, PartState
from lika.casework.models import BundledNotice, CampaignPart
from lika.casework.queries.bundles import left_out_of
from lika.casework.queries.cases import case_numbered
from lika.casework.queries.runs import progress_of
from lika.core.actors import SystemActor
from lika.core.areas import EVERYWHERE
from lika.core.errors import UserError, printable
from lika.core.permissions import Permission
from lika.core.sealing.signing import public_key

FOUND = 1


class Command(BaseCommand):
    """A verification asks no database: whoever holds the file and the key can do it."""

    help = _("Appeal files made and verified; the cases of a campaign opened; all notices of an area printed.")
    requires_system_checks = ()
    without_database = frozenset({"verify"})

    def add_arguments(self, parser: ArgumentParser) -> None:
        """The words."""
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
        opened = words.add_parser("open", help=_("open a campaign's batches and take its candidates in, however many"))
        opened.add_argument("campaign", type=UUID, metavar="CAMPAIGN", help=_("ID, as in the address of its page"))
        opened.add_argument("--procedure", default="", help=_("which, where its pack has several that fit"))
        run = words.add_parser("run", help=_("do what was asked for on the page of a large campaign"))
        run.add_argument("run", type=UUID, metavar="RUN")
        _add_notices(words)

    def handle(self, *args: Any, word: str, **options: Any) -> None:
        """Exit codes of `verify`: 0 as it was signed, 1 something was changed, 2 the file or the key cannot be used."""
        if word == "verify":
            self._verify(options["file"], options["key"])
        elif word == "open":
            self._open(options["campaign"], options["procedure"])
        elif word == "run":
            runs.do_run(by=runs.run_asker(options["run"]), run=options["run"])
        elif word == "notices":
            self._notices(options["to"], {name: options[name] for name in ("division", "reason", "campaign", "kind")})
        elif word == "print":
            bundles.do_bundle(by=bundles.bundle_asker(options["bundle"]), bundle=options["bundle"])
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
        self._put(folder / name, content)

    def _open(self, campaign: UUID, procedure: str) -> None:
        permissions = {
            Permission.CASEWORK_VIEW, Permission.CAMPAIGN_OPEN, Permission.REGISTER_VIEW, Permission.SCREENING_VIEW,
        }  # fmt: skip
        by = SystemActor("case", permissions, EVERYWHERE)
        asked = runs.ask_for_run(by=by, campaign=campaign, procedure=procedure)
        done = runs.do_run(by=by, run=asked.pk, tell=self._tell)
        told = progress_of(done)
        self.stdout.write(
            _("%(cases)d cases taken in; %(under_way)d have a case already, of %(unknown)d too little is known.")
            % {"cases": told.cases, "under_way": told.under_way, "unknown": told.unknown}
        )
        if told.refused:
            self.stdout.write(self.style.ERROR(_("Could not be done: %(count)d.") % {"count": len(told.refused)}))
            raise SystemExit(FOUND)

    def _notices(self, folder: Path, asked: dict[str, Any]) -> None:
        permissions = {Permission.CASEWORK_VIEW, Permission.REGISTER_EXPORT, Permission.REGISTER_PERSONAL}
        by = SystemActor("case", permissions, EVERYWHERE)
        bundle = bundles.ask_for_bundle(by=by, **asked)
        done = bundles.do_bundle(by=by, bundle=bundle.pk, tell=self._tell_printed)
        name, content = bundles.take_bundle(by=by, bundle=bundle.pk)
        self._put(folder / name, content)
        refused = left_out_of(done)
        for line in refused:
            batch = line.notice.batch
            told = (
                f"{batch.division_id}  {line.notice.get_kind_display()} {line.notice.round}  {line.fault} {line.told}"
            )
            self.stdout.write(self.style.ERROR(printable(told)))
        if refused:
            raise SystemExit(FOUND)

    def _tell_printed(self, part: int, lines: Sequence[BundledNotice]) -> None:
        printed = sum(each.state == PartState.DONE for each in lines)
        self.stdout.write(f"{part:012d}  {printed:6d} / {len(lines)}")

    def _put(self, target: Path, content: bytes) -> None:
        target.touch(mode=0o600)
        target.write_bytes(content)
        self.stdout.write(str(target))

    def _tell(self, part: CampaignPart) -> None:
        self.stdout.write(printable(f"{part.division_id}  {part.cases:8d}  {part.fault} {part.told}".rstrip()))


def _add_notices(words: Any) -> None:
    notices = words.add_parser("notices", help=_("print all notices that hang in a county or below, as one ZIP"))
    notices.add_argument("division", metavar="DIVISION", help=_("its code"))
    notices.add_argument("--reason", required=True, help=_("what it is for; the audit keeps it"))
    notices.add_argument("--campaign", type=UUID, help=_("of this campaign alone"))
    notices.add_argument("--kind", default="", choices=["", *NoticeKind.values], help=_("of this kind alone"))
    notices.add_argument("--to", type=Path, default=Path(), metavar="FOLDER", help=_("where it is put"))
    asked = words.add_parser("print", help=_("print what was asked for on the page of all notices"))
    asked.add_argument("bundle", type=UUID, metavar="PAPERS")


def _content(file: Path) -> bytes:
    try:
        return file.read_bytes()
    except OSError as error:
        raise UserError(
            "CAS-126", _("The file cannot be read."), remedy=_("Check its name and place."), file=str(file)
        ) from error
