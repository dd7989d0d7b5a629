"""The audit log as a sealed hash chain: one chain for each county, every end signed and copied outside.

`seal` links what was written since and signs the new ends; `verify` reads everything again and says what
was changed, removed, inserted, cut off or rewritten. Who may write to the database can alter rows; to hide it they
would also need the signing key (a file) and the copies of the heads (another file, best on another machine).
"""

from lika.core.sealing.checks import NATIONWIDE, Check, last_check, require_sight, run_check, start_check
from lika.core.sealing.findings import Finding, Report
from lika.core.sealing.sealer import Sealed, seal
from lika.core.sealing.state import Chain, Status, Tail, chains, status, tail
from lika.core.sealing.verification import verify

__all__ = [
    "NATIONWIDE",
    "Chain",
    "Check",
    "Finding",
    "Report",
    "Sealed",
    "Status",
    "Tail",
    "chains",
    "last_check",
    "require_sight",
    "run_check",
    "seal",
    "start_check",
    "status",
    "tail",
    "verify",
]
