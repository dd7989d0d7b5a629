"""The explanation of a household taken as a file: JSON for machines, PDF for people. The audit keeps who took which."""

import json
from dataclasses import replace
from enum import StrEnum
from uuid import UUID

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from lika.accounts.queries import UserActor
from lika.console.queries.why import current_of
from lika.core import audit
from lika.core.papers import file_name
from lika.engine.snapshots.layout import county_of
from lika.register.queries import HouseholdView, household_detail
from lika.snapshots import queries as snapshots
from lika.snapshots.explanations import UnitExplained
from lika.snapshots.papers import explanation_data, explanation_paper


class ExplanationFormat(StrEnum):
    """What it is taken as."""

    JSON = "json"
    PDF = "pdf"


@transaction.atomic
def take_explanation(
    *, by: UserActor, household: UUID, kind: ExplanationFormat, pack: str = "", criterion: str = ""
) -> tuple[str, bytes]:
    """The name and the content of the file: the current screening by a pack (the one screened last unless named).

    `criterion` takes that one alone. Raises ACC-001, REG-001, SCR-023 (no current screening by it, or not in sight) and
    SCR-022 (no such criterion).
    """
    found = household_detail(by=by, household=household)
    current = current_of(by, found, pack.partition("@")[0])
    # On the page another pack takes its place in sight of the reader; a file would be taken for the one asked for.
    if current is None or pack not in ("", current.screening.pack_id, current.screening.pack):
        raise snapshots.no_such_unit()
    explained = current.explained
    if criterion:
        wanted = snapshots.criterion_of(current.screening, criterion)
        explained = replace(explained, criteria=tuple(e for e in explained.criteria if e.criterion == wanted))
    content = _json(explained) if kind == ExplanationFormat.JSON else _pdf(found, explained)
    subject = audit.Change(
        "household", found.id, county_of(found.village), found.number,
        new={"format": kind.value, "pack": explained.pinned.pack, "bytes": len(content)},
    )  # fmt: skip
    audit.record(by=by, action="explanation.taken", change=subject)
    name = file_name(found.number, _("explanation"), f"{explained.pinned.at}")
    return f"{name.removesuffix('.pdf')}.{kind.value}", content


def _json(explained: UnitExplained) -> bytes:
    return (json.dumps(explained.to_dict(), ensure_ascii=False, indent=1) + "\n").encode()


def _pdf(found: HouseholdView, explained: UnitExplained) -> bytes:
    about = [(_("Household"), " ".join(part for part in (found.number, found.head) if part))]
    about.append((_("Village"), found.village_path))
    members = {str(each.id): each.name for each in found.members}
    return explanation_paper(explanation_data(explained, about=about, members=members, made_on=timezone.localdate()))
