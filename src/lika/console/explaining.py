"""The explanation of a household or division taken as a file: JSON for machines, PDF for people.

The audit keeps who took which.
"""

import json
from dataclasses import replace
from enum import StrEnum
from uuid import UUID

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from lika.accounts.queries import UserActor
from lika.console.queries.division_why import division_explained
from lika.console.queries.why import current_of
from lika.core import audit
from lika.core.papers import file_name
from lika.divisions import queries as divisions
from lika.divisions.models import Division
from lika.engine.snapshots.layout import county_of
from lika.register.queries import household_detail
from lika.snapshots import queries as snapshots
from lika.snapshots.choices import UnitKind
from lika.snapshots.explanations import UnitExplained
from lika.snapshots.models import Screening
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
    name = file_name(found.number, _("explanation"), f"{current.explained.pinned.at}")
    about = [(_("Household"), " ".join(part for part in (found.number, found.head) if part))]
    about.append((_("Village"), found.village_path))
    subject = audit.Change("household", found.id, county_of(found.village), found.number)
    return _taken(by, current.screening, current.explained, kind, criterion, subject, about, name)


@transaction.atomic
def take_division_explanation(
    *, by: UserActor, screening: Screening, division: Division, kind: ExplanationFormat, criterion: str = ""
) -> tuple[str, bytes]:
    """As `take_explanation`, of a village or what lies above it, by one screening. Raises SCR-022, SCR-023."""
    explained = division_explained(by, screening, division)
    name = file_name(division.code, _("explanation"), f"{explained.pinned.at}")
    about = [(str(UnitKind(explained.unit).label), f"{divisions.path_label(division.code)} {division.code}")]
    subject = audit.Change("division", division.code, audit.chain_of(division.code), division.name)
    return _taken(by, screening, explained, kind, criterion, subject, about, name)


def _taken(
    by: UserActor,
    screening: Screening,
    explained: UnitExplained,
    kind: ExplanationFormat,
    criterion: str,
    subject: audit.Change,
    about: list[tuple[str, str]],
    name: str,
) -> tuple[str, bytes]:
    if criterion:
        wanted = snapshots.criterion_of(screening, criterion)
        explained = replace(explained, criteria=tuple(e for e in explained.criteria if e.criterion == wanted))
        if not explained.criteria:  # it is about units of another kind
            raise snapshots.no_such_criterion(criterion)
    explained = replace(explained, pinned=replace(explained.pinned, state=snapshots.state_of(screening)))
    content = _json(explained) if kind == ExplanationFormat.JSON else _pdf(explained, about)
    told = {
        "format": kind.value,
        "pack": explained.pinned.pack,
        "bytes": len(content),
        "screening": str(screening.pk),
        "what_if": screening.what_if,
        "criterion": criterion,
    }
    audit.record(by=by, action="explanation.taken", change=replace(subject, new=told))
    return f"{name.removesuffix('.pdf')}.{kind.value}", content


def _json(explained: UnitExplained) -> bytes:
    return (json.dumps(explained.to_dict(), ensure_ascii=False, indent=1) + "\n").encode()


def _pdf(explained: UnitExplained, about: list[tuple[str, str]]) -> bytes:
    return explanation_paper(explanation_data(explained, about=about, made_on=timezone.localdate()))
