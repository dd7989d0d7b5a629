"""`lika audit verify | seal | status`: the sealed log of all changes."""

import time
from argparse import ArgumentParser
from datetime import datetime
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand
from django.utils import timezone
from django.utils.translation import gettext as _

from lika.core import sealing
from lika.core.actors import SystemActor
from lika.core.areas import EVERYWHERE
from lika.core.permissions import Permission

FOUND = 1


class Command(BaseCommand):
    help = _("Seal the audit log, verify that nobody altered it, show how far it is sealed.")

    def add_arguments(self, parser: ArgumentParser) -> None:
        words = parser.add_subparsers(dest="word", required=True)
        verify = words.add_parser("verify", help=_("read everything again and say what was altered"))
        verify.add_argument("--heads", type=Path, metavar="FILE", help=_("copies of the heads kept elsewhere"))
        verify.add_argument("--key", type=Path, metavar="FILE", help=_("the exported public key"))
        seal = words.add_parser("seal", help=_("link and sign what is not sealed yet"))
        seal.add_argument("--every", type=float, metavar="SECONDS", help=_("go on sealing until stopped"))
        check = words.add_parser("check", help=_("verify a county's chain that a page asked for"))
        check.add_argument("county", type=int, metavar="COUNTY")
        words.add_parser("status", help=_("how much is not sealed yet"))

    def handle(self, *args: Any, word: str, **options: Any) -> None:
        if word == "verify":
            self._verify(options["heads"], options["key"])
        elif word == "seal":
            self._seal(options["every"])
        elif word == "check":
            sealing.run_check(by=_actor(), county=options["county"])
        else:
            self._status()

    def _verify(self, copies: Path | None, key: Path | None) -> None:
        report = sealing.verify(by=_actor(), copies=copies, key=key)
        for finding in report.findings:
            self.stdout.write(self.style.ERROR(_described(finding)))
        self.stdout.write(
            _("%(entries)d sealed entries of %(counties)d chains, %(heads)d heads, %(copies)d copies read.")
            % {
                "entries": report.entries,
                "counties": report.counties,
                "heads": report.heads,
                "copies": report.copies,
            }
        )
        self._tell_tail(report)
        if not report.is_sound:
            self.stdout.write(_("%(count)d findings.") % {"count": len(report.findings)})
            raise SystemExit(FOUND)
        self.stdout.write(_("Nothing was altered."))

    def _seal(self, every: float | None) -> None:
        while True:
            sealed = sealing.seal(by=_actor())
            if sealed.entries or every is None:
                self.stdout.write(
                    _("%(entries)d entries of %(counties)d chains sealed.")
                    % {"entries": sealed.entries, "counties": sealed.counties}
                )
            if every is None:
                return
            time.sleep(every)

    def _status(self) -> None:
        status = sealing.status(by=_actor())
        self.stdout.write(
            _("%(sealed)d entries are sealed, %(unsealed)d are not yet.")
            % {"sealed": status.sealed, "unsealed": status.unsealed}
        )
        if status.oldest_unsealed is not None:
            self.stdout.write(_("The oldest of them is from %(at)s.") % {"at": _local(status.oldest_unsealed)})
        if status.last_sealed is not None:
            self.stdout.write(_("Last sealed at %(at)s.") % {"at": _local(status.last_sealed)})

    def _tell_tail(self, report: sealing.Report) -> None:
        if report.oldest_unsealed is not None:
            self.stdout.write(
                _("%(count)d entries are not sealed yet, the oldest from %(at)s.")
                % {"count": report.unsealed, "at": _local(report.oldest_unsealed)}
            )


def _local(moment: datetime) -> str:
    return f"{timezone.localtime(moment):%Y-%m-%d %H:%M:%S}"


def _actor() -> SystemActor:
    return SystemActor("sealer", {Permission.AUDIT_SEAL, Permission.AUDIT_VIEW}, EVERYWHERE)


def _described(finding: sealing.Finding) -> str:
    place = [_("county %(county)s") % {"county": f"{finding.county:06}"}] if finding.county else []
    if finding.position is not None:
        place.append(_("position %(position)d") % {"position": finding.position})
    if finding.entry is not None:
        place.append(str(finding.entry))
    return f"{finding.code} {finding.message} ({', '.join(place)})" if place else f"{finding.code} {finding.message}"
