"""Any expression about one household of the current snapshot, with the whole working: nothing is kept.

An expression of one's own choosing can ask for any value bit by bit. So where the reader may not see a household's
personal facts, one that reads them is refused; a published criterion answers there without values.
"""

import datetime as dt
from dataclasses import dataclass
from uuid import UUID

from django.utils.translation import gettext as _

from lika.accounts.queries import sight_of
from lika.core.actors import Actor
from lika.core.errors import NotFound, PermissionRefused, UserError
from lika.core.permissions import Permission
from lika.engine.criteria import Checked
from lika.engine.explain import Explanation, explain
from lika.engine.population import UnitRow
from lika.engine.schema import UNIT_NAMES, column_name, rank
from lika.engine.screening.rows import read_rows
from lika.engine.snapshots.layout import county_of
from lika.register.queries import households_visible_to, seen_in_full
from lika.snapshots.choices import UnitKind
from lika.snapshots.files import snapshot_files
from lika.snapshots.queries.analysis import Expression, Source, Sources, checked, sources
from lika.snapshots.queries.analysis.language import guarded
from lika.snapshots.queries.explaining import look_up, withheld
from lika.snapshots.queries.naming import Naming

#: More than any criterion of a pack needs, and little enough to check at once.
LONGEST = 1_000


@dataclass(frozen=True)
class Tried:
    """What an expression says of a household, as of the snapshot's time point."""

    household: UUID
    explanation: Explanation
    at: dt.date
    snapshot: str
    pack: str


def try_expression(by: Actor, *, number: str, text: str, pack: str = "") -> Tried:
    """Work an expression for the household of a number, within the actor's sight.

    `pack` (an id) says which parameters and criteria may be named; empty is the one screened last. Raises SCR-040 where
    no such household is in sight, SCR-023 where the current snapshot lacks it, SCR-041 where the expression reads
    facts that the actor may not see there, SCR-042 where the snapshot lacks a fact, REP-010 without a snapshot, and
    the engine's ENG-… with line and column.
    """
    by.require(Permission.SCREENING_VIEW)
    expression = Expression(UnitKind.HOUSEHOLD, text[: LONGEST + 1])
    household, village = _household(by, number)
    found = sources(by, pack)
    whole = checked(found, expression)
    source = next((each for each in found.sources if each.county == county_of(village)), None)
    paths = snapshot_files(source.snapshot, UnitKind.HOUSEHOLD, [source.county]) if source else []
    place = look_up(paths, UnitKind.HOUSEHOLD, household)
    if source is None or place is None or not place.lies_in(sight_of(by, Permission.SCREENING_VIEW)):
        raise NotFound(
            "SCR-023",
            _("The current snapshot has no such household in your area."),
            remedy=_("It may have been recorded after the snapshot was taken: screen a newer snapshot."),
        )
    in_full = place.lies_in(seen_in_full(by))
    if guarded(found, expression) and not in_full:
        raise PermissionRefused(
            "SCR-041",
            _("The expression reads personal facts, which your posts do not show of this household."),
            remedy=_("Name criteria of the pack instead, on the household's page."),
        )
    _refuse_missing(found, whole)
    row = _row(source, household, place.code, whole)
    title = dict(found.packs).get(found.screening.pack_id, "") if found.screening else ""
    explanation = explain(whole, row, reference_date=found.at)
    if not in_full:  # also without facts of persons, who of the members counts is nobody else's business
        explanation = withheld(explanation, whole.schema)
    named = Naming.of(by, row, [(explanation, None)]).explanation(explanation)
    return Tried(household, named, found.at, source.snapshot.pk, title)


def _row(source: Source, household: UUID, village: int, whole: Checked) -> UnitRow:
    """The household as the snapshot holds it, with its members."""
    below = UNIT_NAMES[: rank(UnitKind.HOUSEHOLD) + 1]
    files = {unit: snapshot_files(source.snapshot, unit, [source.county]) for unit in below}
    there = {unit: paths for unit, paths in files.items() if paths}
    return read_rows(there, UnitKind.HOUSEHOLD, [whole], only=str(household), division=(village, village))[0]


def _household(by: Actor, number: str) -> tuple[UUID, int]:
    """The household of a number in sight, and where it stands."""
    chosen = households_visible_to(by).filter(number=number).values_list("pk", "village")[:2]
    if len(chosen) != 1:
        raise NotFound(
            "SCR-040",
            _("There is no such household in your area."),
            remedy=_("Give the whole household number as it stands in the list of households."),
        )
    household, village = chosen[0]
    return household, village


def _refuse_missing(found: Sources, whole: Checked) -> None:
    """Raise SCR-042 where the snapshot was taken before a fact was registered."""
    columns = found.columns()
    for use in sorted(whole.facts):
        if column_name(use.name, use.lag) not in columns.get(use.unit, {}):
            fact = whole.schema.units[use.unit][use.name]
            raise UserError(
                "SCR-042",
                _("The current snapshot does not hold the fact %(zh)s (%(name)s).")
                % {"zh": fact.zh, "name": fact.name},
                remedy=_("Leave it out, or take a newer snapshot."),
            )
