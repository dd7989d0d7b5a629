"""What a verification may find, in words."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

MESSAGES: dict[str, Promise] = {
    "AUD-001": _("The content of an entry was changed."),
    "AUD-002": _("An entry was removed."),
    "AUD-003": _("Links of the chain were removed."),
    "AUD-004": _("A link does not follow from the one before: an entry was replaced, or the chain was rewritten."),
    "AUD-005": _("An entry was inserted: it is marked as sealed but stands in no chain."),
    "AUD-006": _("Links were appended after the last signed head."),
    "AUD-007": _("The signature of a head is not that of this installation."),
    "AUD-008": _("The chain was rewritten: it differs from a signed head."),
    "AUD-009": _("A line of the copies is damaged, or its signature is not that of this installation."),
    "AUD-010": _("The end of the chain was cut off."),
    "AUD-011": _("The chain was rewritten: it differs from a copied head."),
    "AUD-012": _("A signed head was removed; its copy is still there."),
    "AUD-013": _("A signed head is missing in the copies."),
    "AUD-014": _("The file with the copies of the heads is missing."),
    "AUD-015": _("An entry of the chain is marked as not sealed."),
}


@dataclass(frozen=True)
class Finding:
    """One thing that is not as it was written. `position` is that in the county's chain (AUD-009: the line)."""

    code: str
    county: int = 0
    position: int | None = None
    entry: UUID | None = None

    @property
    def message(self) -> Promise:
        """What happened, in the reader's language."""
        return MESSAGES[self.code]


@dataclass(frozen=True)
class Report:
    """What a verification read and found. The unsealed tail is no finding: the sealer has not come by yet."""

    findings: tuple[Finding, ...]
    counties: int
    entries: int
    heads: int
    copies: int
    unsealed: int
    oldest_unsealed: datetime | None

    @property
    def is_sound(self) -> bool:
        """Whether nothing was found."""
        return not self.findings
