"""What changed in the record under a case since the snapshot on which it rests.

Of a household fact by fact, of a village or county item by item of its indicator sheet: what the criteria of the
case's procedure read. It is looked up as a snapshot of this moment would hold it at the same time point; facts of
earlier years stay where they are. A case without a screening rests on none.
"""

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable, Sequence
from functools import lru_cache
from uuid import UUID

from django.utils.translation import gettext as _

from lika.casework.choices import LIVE_STATES
from lika.casework.models import Case
from lika.casework.queries.candidates import criteria_asked
from lika.casework.queries.cases import procedure_of
from lika.casework.queries.indicators import items_among, items_of_screening, told
from lika.core import facts as registry
from lika.core.actors import Actor
from lika.core.areas import CODE_LENGTH
from lika.core.language import chosen
from lika.engine.criteria import Checked, CheckedSet
from lika.engine.explain import explain
from lika.engine.population import UnitRow
from lika.engine.screening.rows import read_rows
from lika.engine.snapshots.layout import county_of
from lika.policy import resolve
from lika.policy.choices import ProcedureUnit
from lika.register import queries as register
from lika.register.queries.live_facts import area_of, units_of
from lika.snapshots.fact_changes import Changed, ReadFact, between, facts_read
from lika.snapshots.files import snapshot_files
from lika.snapshots.models import Screening
from lika.snapshots.queries.screenings import newer_current, same_pack

PERSON, HOUSEHOLD = "person", "household"


def changed_since(by: Actor, cases: Iterable[Case]) -> dict[UUID, list[Changed]]:
    """What changed under each of some cases; a case under which nothing changed is left out.

    The cases are those of one procedure. As many queries for many households of a village as for one.
    """
    groups: dict[tuple[UUID, int], list[Case]] = defaultdict(list)
    for case in cases:
        if case.screening_id is not None:
            groups[case.screening_id, case.division].append(case)
    wanted = {screening for screening, _village in groups}
    screenings = Screening.objects.select_related("snapshot").in_bulk(wanted) if wanted else {}
    found: dict[UUID, list[Changed]] = {}
    for (screening, place), members in groups.items():
        if members[0].unit == ProcedureUnit.HOUSEHOLD:
            found |= _in_village(by, screenings[screening], place, members)
        elif changes := _of_area(by, screenings[screening], members[0]):
            found[members[0].pk] = changes
    return found


def newer_screening(cases: Iterable[Case]) -> Screening | None:
    """A current screening of a later snapshot than some cases under way and not announced yet rest on.

    They are read with `screening`.
    """
    pinned = {
        case.screening.pk: case.screening
        for case in cases
        if case.state in LIVE_STATES and case.decided_on is None and case.screening is not None
    }
    found = (newer_current(each) for each in pinned.values())
    return next((each for each in found if each is not None), None)


def _in_village(by: Actor, screening: Screening, village: int, cases: Sequence[Case]) -> dict[UUID, list[Changed]]:
    procedure = procedure_of(cases[0].batch)
    snapshot = screening.snapshot
    checked = _checked(screening.pack, screening.pack_sha256, snapshot.at)
    asked = [each for name in criteria_asked(procedure) if (each := checked.by_id[name]).unit == procedure.unit]
    frozen = _frozen(screening, asked, village) if asked else {}
    wanted = [case.household_id for case in cases if case.household_id is not None]
    live = units_of(wanted, village, snapshot.data_year, snapshot.at)
    now = register.members_each(register.households_visible_to(by).filter(pk__in=wanted))
    reads = _facts_read(asked)
    found = {}
    for case in cases:
        if case.household_id is None:
            continue
        changes = _between(frozen.get(str(case.household_id)), live.get(case.household_id), reads)
        members = now.get(case.household_id)
        if case.persons is not None and members != case.persons:
            changes.append(Changed(_("Members now"), str(case.persons), None if members is None else str(members)))
        if changes:
            found[case.pk] = changes
    return found


def _of_area(by: Actor, screening: Screening, case: Case) -> list[Changed]:
    """The items of a village or county that the record tells otherwise now; those of earlier years are not compared."""
    procedure, snapshot = procedure_of(case.batch), screening.snapshot
    checked = _checked(screening.pack, screening.pack_sha256, snapshot.at)
    asked = [checked.by_id[each] for each in criteria_asked(procedure)]
    frozen = {name: told(part)[0] for name, part in items_of_screening(by, case, procedure, screening)}
    below = frozenset[str]().union(*(each.units for each in asked))
    row = area_of(case.unit, f"{case.division:0{CODE_LENGTH}d}", below, snapshot.data_year, snapshot.at)
    if row is None:
        return [Changed(_("Unit at the time point"), _("in the register"), _("not in the register"))]
    live = items_among(
        (each.criterion.id, explain(each, row, reference_date=snapshot.at)) for each in asked if each.criterion
    )
    return [
        Changed(_title(checked, name), chosen(*frozen[name]), chosen(*now))
        for name, part in live
        if not any(use.lag for use in checked.by_id[name].facts) and (now := told(part)[0]) != frozen[name]
    ]


def _title(checked: CheckedSet, criterion: str) -> str:
    named = checked.by_id[criterion].criterion
    return criterion if named is None else chosen(named.zh, named.en)


@lru_cache(maxsize=64)
def _checked(reference: str, sha256: str, at: dt.date) -> CheckedSet:
    """The criteria as they were screened; versions never change. Raises SCR-006."""
    return resolve.compiled(same_pack(reference, sha256), at=at).checked


def _frozen(screening: Screening, asked: Sequence[Checked], village: int) -> dict[str, UnitRow]:
    """The households of a village as the snapshot holds them, each with its members."""
    files = {
        unit: paths
        for unit in (PERSON, HOUSEHOLD)
        if (paths := snapshot_files(screening.snapshot, unit, [county_of(village)]))
    }
    rows = read_rows(files, HOUSEHOLD, asked, division=(village, village))
    return {row.id: row for row in rows if row.id is not None}


def _facts_read(asked: Sequence[Checked]) -> list[ReadFact]:
    """The facts of this data year that criteria read of households and members, as far as the record has them."""
    live = {
        (unit, fact.name) for unit in (PERSON, HOUSEHOLD) for each in registry.providers(unit) for fact in each.facts
    }
    return [read for read in facts_read(asked) if not read.lag and (read.unit, read.fact.name) in live]


def _between(frozen: UnitRow | None, live: UnitRow | None, reads: Iterable[ReadFact]) -> list[Changed]:
    """What differs between a household in the snapshot and the same now; not there is a difference too."""
    if frozen is None or live is None:
        there, gone = _("in the register"), _("not in the register")
        was, is_now = (gone if each is None else there for each in (frozen, live))
        return [] if frozen is live else [Changed(_("Household at the time point"), was, is_now)]
    return between(frozen, live, reads)
