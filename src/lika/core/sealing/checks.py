"""Verifications that a page asks for: each a process of its own, `lika audit check COUNTY`.

The chain is closed to the role that serves pages, and reading it takes a while. The page writes what was asked for and
reads how far it is; the result of the last one stays in the data folder, beside the copies of the heads.
"""

import contextlib
import json
import subprocess
import sys
from dataclasses import asdict, dataclass, replace
from datetime import datetime, timedelta
from pathlib import Path

from django.conf import settings
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from lika.core import audit
from lika.core.actors import Actor
from lika.core.errors import NotFound, UserError
from lika.core.models import AuditLink
from lika.core.permissions import Permission
from lika.core.sealing.findings import Finding
from lika.core.sealing.verification import verify
from lika.runtime.locks import exclusive, is_free

WAIT_SECONDS = 4  # a small chain is through by then: its reader sees the result at once
STARTS_WITHIN = timedelta(minutes=2)  # a process that has not begun by then, will not
NATIONWIDE = 0  # the chain of what belongs to no county: accounts, packs


@dataclass(frozen=True)
class Check:
    """A verification of one county's chain: who asked and when, how far it is, what it found."""

    county: int
    by: str
    asked_at: datetime
    total: int = 0
    done: int = 0
    finished_at: datetime | None = None
    heads: int = 0
    copies: int = 0
    findings: tuple[Finding, ...] = ()

    @property
    def is_sound(self) -> bool:
        """Finished, and nothing was found."""
        return self.finished_at is not None and not self.findings

    @property
    def runs(self) -> bool:
        """Whether its process is at work, or about to begin."""
        if self.finished_at is not None:
            return False
        return timezone.now() - self.asked_at < STARTS_WITHIN or _is_held(self.county)

    @property
    def broke_off(self) -> bool:
        """Whether its process ended without a result."""
        return self.finished_at is None and not self.runs


def last_check(county: int) -> Check | None:
    """The last verification of a chain that a page asked for."""
    path = _path(county)
    if not path.exists():
        return None
    fields = json.loads(path.read_text(encoding="utf-8"))
    for name in ("asked_at", "finished_at"):
        fields[name] = fields[name] and datetime.fromisoformat(fields[name])
    fields["findings"] = tuple(Finding(one["code"], county, one["position"]) for one in fields["findings"])
    return Check(**fields)


def start_check(*, by: Actor, county: int) -> None:
    """Have a county's chain verified; the audit keeps who asked. Raises ACC-001, ACC-002, AUD-101 while one runs."""
    require_sight(by, county)
    last = last_check(county)
    if last is not None and last.runs:
        raise UserError("AUD-101", _("This chain is being verified already."), remedy=_("Wait for the result."))
    with transaction.atomic():
        change = audit.Change("audit_chain", f"{county:06}", county=county, label=f"{county:06}")
        audit.record(by=by, action="audit.verify", change=change)
    _write(Check(county, by.name, timezone.now()))
    process = subprocess.Popen(  # noqa: S603 - our own program, our own arguments
        [sys.executable, "-m", "lika", "audit", "check", f"{county:06}"], start_new_session=True
    )
    with contextlib.suppress(subprocess.TimeoutExpired):
        process.wait(WAIT_SECONDS)


def run_check(*, by: Actor, county: int) -> Check:
    """Verify a chain that was asked for and keep the result. Raises ACC-001, AUD-102 where nobody asked."""
    asked = last_check(county)
    if asked is None:
        raise NotFound("AUD-102", _("Nobody asked for this verification."), remedy=_("Ask on the page."))
    with exclusive(_path(county).with_suffix(".lock")):
        asked = replace(asked, total=AuditLink.objects.filter(county=county).count())
        _write(asked)
        report = verify(by=by, county=county, progress=lambda entries: _write(replace(asked, done=entries)))
        check = replace(
            asked, done=report.entries, finished_at=timezone.now(), heads=report.heads, copies=report.copies,
            findings=report.findings,
        )  # fmt: skip
        _write(check)
    return check


def require_sight(by: Actor, county: int) -> None:
    """Who sees an audit sees the chains of their area, and the one of what belongs to no county."""
    if county == NATIONWIDE:
        by.require(Permission.AUDIT_VIEW)
    else:
        by.require(Permission.AUDIT_VIEW, division=f"{county:06}000000")


def _path(county: int) -> Path:
    folder = Path(settings.LIKA.data_dir) / "audit" / "checks"
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    return folder / f"{county:06}.json"


def _write(check: Check) -> None:
    fields = asdict(check)
    fields["findings"] = [{"code": one.code, "position": one.position} for one in check.findings]
    path = _path(check.county)
    scratch = path.with_suffix(".part")
    scratch.write_text(json.dumps(fields, default=lambda moment: moment.isoformat()), encoding="utf-8")
    scratch.replace(path)


def _is_held(county: int) -> bool:
    """Whether a process holds the lock of the chain: the kernel drops it with the process."""
    return not is_free(_path(county).with_suffix(".lock"))
