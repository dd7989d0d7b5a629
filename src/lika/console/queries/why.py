"""Why a household meets a criterion or not, as its current screening has it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from lika.console.queries.lines import compiled_of
from lika.console.queries.missing import Missing, missing_facts
from lika.console.queries.origins import origins_of
from lika.console.queries.verdicts import pack_title
from lika.core.actors import Actor
from lika.register.queries import HouseholdView
from lika.snapshots import queries as snapshots
from lika.snapshots.choices import Result, UnitKind
from lika.snapshots.criteria_told import UnitTold, unit_told
from lika.snapshots.explanations import UnitExplained
from lika.snapshots.models import Screening


@dataclass(frozen=True)
class Why(UnitTold):
    """What the current screening says of a household and why; `packs` are all that it is currently screened by.

    `missing` is what is not recorded of what stands in the way; empty for a reader who sees no personal data.
    """

    packs: Sequence[tuple[str, str]]
    missing: Sequence[Missing]


@dataclass(frozen=True)
class CurrentlyExplained:
    """A current screening of a household, explained; `packs` are all that it is currently screened by."""

    screening: Screening
    explained: UnitExplained
    packs: Mapping[str, str]


def current_of(by: Actor, household: HouseholdView, pack_id: str = "") -> CurrentlyExplained | None:
    """The current screening of the household by a pack, or by the one screened last, explained.

    None where it was not screened or may not be seen.
    """
    known = snapshots.verdicts_of(by, UnitKind.HOUSEHOLD, household.id, household.village)
    if not known:
        return None
    packs = {each.screening.pack_id: pack_title(each.screening) for each in known}
    found = next((each.screening for each in known if each.screening.pack_id == pack_id), known[0].screening)
    origins = origins_of(household, found.snapshot.data_year) if household.in_full else None
    explained = snapshots.explain_unit(
        by, found, UnitKind.HOUSEHOLD, household.id, near=household.village, origins=origins
    )
    return CurrentlyExplained(found, explained, packs)


def why(by: Actor, household: HouseholdView, pack_id: str = "") -> Why | None:
    """The current screening as `current_of`, arranged for the screen; None where there is none."""
    current = current_of(by, household, pack_id)
    if current is None:
        return None
    found, explained = current.screening, current.explained.criteria
    told = unit_told(found, current.explained)
    unknown = {reason.id for reason in told.open if reason.result is Result.UNKNOWN}
    asked = [each for each in explained if each.criterion.criterion in unknown and household.in_full]
    missing = missing_facts(household, asked, compiled_of(found), found.snapshot.data_year) if asked else []
    return Why(**vars(told), packs=list(current.packs.items()), missing=missing)
