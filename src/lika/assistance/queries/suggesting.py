"""What a balanced assignment would be: shown to whoever may propose it, applied by a proposal alone."""

import datetime as dt
from dataclasses import dataclass
from uuid import UUID

from django.utils.translation import gettext as _

from lika.assistance.apportioning import Place, Waiting, assigned
from lika.assistance.models import Helper
from lika.assistance.queries.pairing import unpaired
from lika.assistance.queries.proposals import open_elsewhere
from lika.assistance.queries.rules import PairingRules, rules_at
from lika.assistance.queries.units import helpers
from lika.core.actors import Actor
from lika.core.areas import Area
from lika.core.errors import UserError
from lika.core.permissions import Permission
from lika.divisions.choices import Level
from lika.divisions.models import Division
from lika.divisions.names import place_name
from lika.register import queries as register
from lika.register.queries import HouseholdRow

MOST_HOUSEHOLDS = 1_500  # the table of costs has a place for each helper's place and household: 18 MB


@dataclass(frozen=True)
class Suggestion:
    """One household with the helper that it would get, none where no place is left; `own`: in a village of the unit."""

    household: HouseholdRow
    helper: Helper | None
    own: bool

    @property
    def village(self) -> str:
        """The village as people say it."""
        return place_name(self.household.village_name)


@dataclass(frozen=True)
class HelperLoad:
    """A helper with the households that they have, those that would come, and how many their rank takes."""

    helper: Helper
    now: int
    more: int
    quota: int | None


@dataclass(frozen=True)
class Suggested:
    """The assignment: its lines by village and number, how many households each helper would have, and the rules."""

    lines: tuple[Suggestion, ...]
    loads: tuple[HelperLoad, ...]
    rules: PairingRules
    spoken_for: int

    @property
    def changed(self) -> list[HelperLoad]:
        """The helpers who would get households."""
        return [load for load in self.loads if load.more]

    @property
    def left(self) -> int:
        """Households that no place is left for."""
        return sum(line.helper is None for line in self.lines)


def suggest(by: Actor, place: Division, day: dt.date) -> Suggested:
    """Spread the unpaired households of a township or village over the helpers who have room.

    Units of the place come in, and those of above that are answerable for a village in it. Need is told by the income
    a head of the latest year, where nothing is known first. Nothing is written. Raises ACC-001, ACC-002, ASN-040 (too
    large an area), ASN-041 (nobody has room), ASN-042 (everybody has a helper).
    """
    by.require(Permission.PAIRING_PROPOSE, division=place.code)
    if place.level < Level.TOWNSHIP:
        raise _too_large()
    area = Area.of([place.code])
    found = unpaired(by, area)
    spoken = open_elsewhere(found.values_list("pk", flat=True))
    rows = register.rows_of(found.exclude(pk__in=spoken), by=by, year=register.latest_year(by))
    if not rows:
        raise UserError(
            "ASN-042",
            _("Every household here has a helper, or one has been proposed for it."),
            remedy=_("Look at the proposals that are open."),
        )
    if len(rows) > MOST_HOUSEHOLDS:
        raise _too_large()
    rules = rules_at(place.code, day)
    pool = _pool(by, place, area)
    places = [_place(helper, rules) for helper in pool]
    pairs = assigned(places, _waiting(rows))
    if not pairs:
        raise UserError(
            "ASN-041",
            _("No helper has room."),
            remedy=_("Name more helpers on the page of units, or look who has more than the rank takes."),
        )
    by_id = {helper.pk: helper for helper in pool}
    return Suggested(
        lines=tuple(_line(row, by_id.get(pairs.get(row.id, _NOBODY))) for row in rows),
        loads=tuple(_load(helper, pairs, rules) for helper in pool),
        rules=rules,
        spoken_for=len(spoken),
    )


_NOBODY = UUID(int=0)


def _pool(by: Actor, place: Division, area: Area) -> list[Helper]:
    """Helpers of the units kept here, and of units of above that answer for a village here."""
    active = helpers(by).filter(ended_on=None, unit__ended_on=None).prefetch_related("unit__villages")
    return [
        helper
        for helper in active
        if area.covers(helper.unit.division_id) or any(each.village in area for each in helper.unit.villages.all())
    ]


def _place(helper: Helper, rules: PairingRules) -> Place:
    villages = frozenset(each.village for each in helper.unit.villages.all())
    return Place(helper.pk, villages, vars(helper)["households"], rules.quota(helper.rank))


def _waiting(rows: tuple[HouseholdRow, ...]) -> list[Waiting]:
    """The households in the order of need."""

    def need(row: HouseholdRow) -> tuple[bool, object, str]:
        income = row.net_income_per_capita
        return (income is not None, income if income is not None else 0, row.number)

    ordered = sorted(rows, key=need)
    return [Waiting(row.id, row.village, rank) for rank, row in enumerate(ordered)]


def _line(row: HouseholdRow, helper: Helper | None) -> Suggestion:
    own = helper is not None and any(each.village == row.village for each in helper.unit.villages.all())
    return Suggestion(row, helper, own)


def _load(helper: Helper, pairs: dict[UUID, UUID], rules: PairingRules) -> HelperLoad:
    coming = sum(named == helper.pk for named in pairs.values())
    return HelperLoad(helper, vars(helper)["households"], coming, rules.quota(helper.rank))


def _too_large() -> UserError:
    return UserError(
        "ASN-040",
        _("An assignment is worked out for a township or a village of at most %(most)s households.")
        % {"most": MOST_HOUSEHOLDS},
        remedy=_("Choose a smaller place."),
        field="division",
    )
