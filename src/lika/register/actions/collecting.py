"""Opening a year for collection in an area, confirming and locking the rows of whole villages, closing the year."""

from collections.abc import Iterable, Sequence
from uuid import UUID

from django.db import transaction
from django.db.models import Exists, OuterRef, Q
from django.utils.translation import gettext_lazy as _

from lika.core import audit
from lika.core.actors import Actor
from lika.core.areas import range_of
from lika.core.errors import UserError
from lika.core.permissions import Permission
from lika.engine.snapshots.layout import county_of
from lika.register.actions.common import require_whole
from lika.register.actions.years import YEARLY, entered_yourself, not_in_this_state, refuse_unsettled, village_of_row
from lika.register.choices import YEAR_MOVES, YearState
from lika.register.models import HouseholdYear, Membership, OpenYear, PersonYear, VillageYear
from lika.register.models.years import YearRow


@transaction.atomic
def open_year(*, by: Actor, division: str, data_year: int) -> OpenYear:
    """From now on a data year is being collected in a division: its rows are not yet the division's figures.

    Raises ACC-001, ACC-002, REG-090 (it is being collected there already, or in a part of it).
    """
    require_whole(by, Permission.REGISTER_CONFIRM, division)
    low, high = range_of(division)
    if OpenYear.objects.filter(data_year=data_year, low__lte=high, high__gte=low).exists():
        raise UserError(
            "REG-090",
            _("This year is being collected there already."),
            remedy=_("Go on with what was opened, or choose another area or year."),
            division=division,
            year=data_year,
        )
    opened = OpenYear.objects.create(low=low, high=high, data_year=data_year)
    audit.record(by=by, action="year.opened", change=_of_area(division, data_year, opened))
    return opened


@transaction.atomic
def close_year(*, by: Actor, division: str, data_year: int) -> None:
    """The year's rows are the division's figures from now on. Raises ACC-001, ACC-002."""
    require_whole(by, Permission.REGISTER_CONFIRM, division)
    low, high = range_of(division)
    for opened in OpenYear.objects.select_for_update().filter(data_year=data_year, low=low, high=high):
        change = _of_area(division, data_year, opened)
        opened.delete()
        audit.record(by=by, action="year.closed", change=change)


@transaction.atomic
def confirm_years(*, by: Actor, village: str, households: Iterable[UUID], data_year: int) -> int:
    """The drafts of households, of whoever has a row among their members, and of their village are found right.

    Rows confirmed before stay so. Returns how many changed. Raises ACC-001, ACC-002, REG-035 (recorded by the actor),
    INC-008.
    """
    return _move(by, village, list(households), data_year, YearState.DRAFT)


@transaction.atomic
def lock_years(*, by: Actor, village: str, households: Iterable[UUID], data_year: int) -> int:
    """What was confirmed is closed; see `confirm_years`. Raises ACC-001, ACC-002, REG-032 (a row is a draft)."""
    return _move(by, village, list(households), data_year, YearState.CONFIRMED)


def _move(by: Actor, village: str, households: Sequence[UUID], data_year: int, before: YearState) -> int:
    by.require(Permission.REGISTER_CONFIRM, village=int(village))
    rows = _rows(village, households, data_year)
    if before == YearState.CONFIRMED and any(row.state == YearState.DRAFT for row in rows):
        raise not_in_this_state(YearState.DRAFT)
    moving = [row for row in rows if row.state == before]
    if before == YearState.DRAFT and any(row.recorded_by == by.name for row in moving):
        raise entered_yourself(data_year)
    if before == YearState.DRAFT:
        refuse_unsettled(moving)
    after = YEAR_MOVES[before]
    for model in (HouseholdYear, PersonYear, VillageYear):
        model._default_manager.filter(pk__in=[row.pk for row in moving if isinstance(row, model)]).update(state=after)
    changes = [
        audit.Change(
            f"{YEARLY[type(row)][0]}_year", row.pk, county_of(village_of_row(row)), f"{data_year}",
            {"state": before}, {"state": after},
        )
        for row in moving
    ]  # fmt: skip
    if changes:
        audit.record_many(by=by, action=f"year.{after}", changes=changes)
    return len(moving)


def _rows(village: str, households: Sequence[UUID], data_year: int) -> list[YearRow]:
    """The rows of the year, locked for this transaction."""
    own = HouseholdYear.objects.select_for_update().filter(household__in=households, data_year=data_year)
    lived = Membership.objects.filter(
        Q(joined_on=None) | Q(joined_on__lte=OuterRef("period_to")),
        Q(left_on=None) | Q(left_on__gt=OuterRef("period_to")),
        person=OuterRef("person"),
        household__in=households,
    )
    theirs = PersonYear.objects.select_for_update().filter(Exists(lived), data_year=data_year)
    its = VillageYear.objects.select_for_update().filter(village=int(village), data_year=data_year)
    return [*own, *theirs, *its]


def _of_area(division: str, data_year: int, opened: OpenYear) -> audit.Change:
    return audit.Change("open_year", opened.pk, county_of(opened.low), f"{division} {data_year}")
