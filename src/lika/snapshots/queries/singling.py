"""Whether single units may be read of what a trial gives, or only how many there are.

Who chooses a threshold and sees who passes it learns, by choosing again, what each unit has. So where a scenario
changed a rule behind a criterion, and the criterion reads what is told of persons, single verdicts are for those alone
who see that of each of them. To others numbers stay open down to townships: a village may be one household. Verdicts
by published rules are nobody's choice: they answer without values (`explaining.withheld`).
"""

import datetime as dt
from functools import lru_cache

from django.utils.translation import gettext as _

from lika.accounts.queries import sight_of
from lika.core.actors import Actor
from lika.core.areas import Area
from lika.core.errors import PermissionRefused, UserError
from lika.core.permissions import Permission
from lika.engine.screening.rollups import LEVEL_OF_UNIT, level_of
from lika.engine.snapshots.layout import IDENTIFIED_UNITS
from lika.policy import queries as policy
from lika.policy import resolve
from lika.register.queries import seen_in_full
from lika.snapshots.guarding import is_guarded
from lika.snapshots.models import ScreenedCriterion, Screening
from lika.snapshots.queries.screenings import same_pack


def may_single_out(by: Actor, found: Screening, item: ScreenedCriterion, division: int | None = None) -> bool:
    """Whether the actor may read a criterion's verdicts of single units, in a division or the screening's whole area.

    Divisions themselves are no persons: theirs are open.
    """
    return not tells_by_choice(found, item) or sees_each(by, found.snapshot.division if division is None else division)


def tells_by_choice(found: Screening, item: ScreenedCriterion) -> bool:
    """Whether a criterion's answers of single units tell what is personal by a rule that somebody chose for a trial.

    Where its pack is not there any more nobody knows what was chosen: then all of them do.
    """
    if found.scenario_id is None or item.unit_kind not in IDENTIFIED_UNITS:
        return False
    try:
        return item.criterion in _chosen(found.pack, found.pack_sha256, found.snapshot.at)
    except UserError:
        return True


def may_count_in(by: Actor, found: Screening, item: ScreenedCriterion, division: int, *, below: bool = False) -> bool:
    """Whether the actor may read how many of a division meet a criterion, or of the divisions directly below it."""
    return not is_fine(division, below=below) or may_single_out(by, found, item, division)


def is_fine(division: int, *, below: bool = False) -> bool:
    """Whether numbers of a division, or of those directly below it, are numbers of villages."""
    return level_of(division) + below >= LEVEL_OF_UNIT["village"]


def sees_each(by: Actor, division: int) -> bool:
    """Whether the actor sees what is told of persons of every unit in sight in a division."""
    sight, full = sight_of(by, Permission.SCREENING_VIEW), seen_in_full(by)
    area = sight.area.meet(Area.of([f"{division:012d}"]))
    return area.meet(full.area) == area and sight.households <= full.households


def refuse_singling() -> PermissionRefused:
    """SCR-074: single units would tell what the actor may not see."""
    return PermissionRefused(
        "SCR-074",
        _("This list would tell what is personal, and that is not open to you."),
        remedy=_("The numbers themselves stay open to you."),
    )


def refuse_counting() -> PermissionRefused:
    """SCR-080: numbers of one village would tell what the actor may not see."""
    return PermissionRefused(
        "SCR-080",
        _("Numbers of a single village would tell what is personal here, and that is not open to you."),
        remedy=_("Those of the township stay open to you."),
    )


@lru_cache(maxsize=32)
def _chosen(reference: str, sha256: str, at: dt.date) -> frozenset[str]:
    """The criteria of a changed pack that read what is personal and say something else than the version kept.

    The version is compared, not the scenario's own changes: a scenario may start from another one's trial.
    """
    kept, changed = policy.get(reference).pack(), same_pack(reference, sha256)
    parameters, criteria = (
        frozenset(item.id for item in now if item not in before)
        for before, now in ((kept.parameters, changed.parameters), (kept.criteria, changed.criteria))
    )
    return frozenset(
        name
        for name, checked in resolve.compiled(changed, at=at).checked.by_id.items()
        if is_guarded(checked) and (checked.parameters & parameters or (checked.criteria | {name}) & criteria)
    )
