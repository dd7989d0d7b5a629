"""What was proposed, published, declined and withdrawn, as it leaves by the console's door."""

from collections.abc import Iterator

from django.db.models import QuerySet
from django.http import QueryDict
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from lika.accounts.queries import UserActor
from lika.core.leaving import Field, Kind, Row, in_blocks
from lika.core.leaving.files import BLOCK
from lika.core.permissions import Permission
from lika.disclosure.models import Proposal
from lika.disclosure.queries import proposals as queries
from lika.reports.leaving import LeavingList, Reading

_PROPOSAL = (
    Field("title", gettext_lazy("Title"), width=48),
    Field("kind", gettext_lazy("Kind")),
    Field("area", gettext_lazy("Area"), width=32),
    Field("state", gettext_lazy("State")),
    Field("proposed_by", gettext_lazy("Proposed by")),
    Field("proposed_at", gettext_lazy("Proposed on"), Kind.MOMENT),
    Field("decided_by", gettext_lazy("Decided by")),
    Field("decided_at", gettext_lazy("Decided on"), Kind.MOMENT),
    Field("reason", gettext_lazy("Reason"), width=32),
    Field("sha256", "SHA-256", width=66),
)


def _publications(who: UserActor, _given: QueryDict) -> Reading:
    found = queries.proposals(who).defer("content", "places")
    return Reading(fields=_PROPOSAL, total=found.count(), rows=lambda _personal: _rows(found))


def _rows(found: QuerySet[Proposal]) -> Iterator[Row]:
    for block in in_blocks(found.iterator(chunk_size=BLOCK)):
        withdrawn = queries.withdrawn_among(block)
        for each in block:
            yield {
                "title": each.title,
                "kind": each.get_kind_display(),
                "area": each.place,
                "state": _("Withdrawn") if each.pk in withdrawn else each.get_state_display(),
                "proposed_by": each.proposed_by,
                "proposed_at": each.proposed_at,
                "decided_by": each.decided_by,
                "decided_at": each.decided_at,
                "reason": each.reason,
                "sha256": each.sha256,
            }


PUBLICATIONS = LeavingList(gettext_lazy("Publications"), Permission.DISCLOSURE_PROPOSE, _publications)
