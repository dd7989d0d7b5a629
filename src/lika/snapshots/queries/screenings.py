"""Reads of screenings: which there are, which is current, what they counted."""

import datetime as dt
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from uuid import UUID

from django.db.models import Exists, F, OuterRef, Q, QuerySet
from django.utils.translation import gettext as _

from lika.core.actors import Actor
from lika.core.areas import Area, range_of
from lika.core.errors import NotFound, UserError
from lika.core.permissions import Permission
from lika.engine.schema import UNIT_NAMES
from lika.engine.screening.rollups import level_of
from lika.engine.snapshots.layout import COUNTY_SPAN, county_of
from lika.policy import queries as policy
from lika.policy.changing import changed
from lika.policy.packs.resolved import ResolvedPack
from lika.snapshots.choices import ChangeKind, ScreeningState, UnitKind
from lika.snapshots.models import CurrentScreening, RollUp, Scenario, ScreenedCriterion, Screening, Snapshot
from lika.snapshots.queries.snapshots import touching

_LISTED = 20


@dataclass(frozen=True)
class CriterionTotal:
    """A criterion and its counts over the whole area of a screening."""

    criterion: str
    title: str
    met: int
    not_met: int
    unknown: int


@dataclass(frozen=True)
class UnitTotal:
    """A kind of unit, how many were screened, and its criteria in order."""

    kind: UnitKind
    total: int
    criteria: tuple[CriterionTotal, ...]


def list_screenings(by: Actor) -> QuerySet[Screening]:
    """The screenings of areas that share something with where the actor sees screenings, newest first."""
    condition = touching(by.sees(Permission.SCREENING_VIEW), division="snapshot__division", last="snapshot__last")
    return Screening.objects.filter(condition).select_related("snapshot", "scenario")


def screenings_since(by: Actor, moment: dt.datetime, area: Area | None) -> Sequence[Screening]:
    """The screenings in sight that ended after a moment, of areas that share something with one; newest first."""
    found = list_screenings(by).filter(finished_at__gt=moment)
    if area is not None:
        found = found.filter(touching(area, division="snapshot__division", last="snapshot__last"))
    return list(found.order_by("-finished_at", "-id")[:_LISTED])


def get_screening(by: Actor, identifier: UUID) -> Screening:
    """One of them. Raises SCR-020 where there is none."""
    found = list_screenings(by).filter(pk=identifier).first()
    if found is None:
        raise no_such_screening()
    return found


def no_such_screening() -> NotFound:
    """SCR-020: there is none of this id, or none in sight."""
    return NotFound(
        "SCR-020",
        _("There is no such screening in your area."),
        remedy=_("Choose one from the list of screenings."),
    )


def others_of_area(by: Actor, found: Screening) -> QuerySet[Screening]:
    """The other screenings in sight of the very same area, trial runs among them, newest first: one may be held
    against each of them.
    """
    same = list_screenings(by).filter(snapshot__division=found.snapshot.division)
    return same.exclude(pk=found.pk).order_by("-finished_at", "-id")


def current_screening(county: int, unit: str = UnitKind.HOUSEHOLD, *, pack_id: str | None = None) -> Screening | None:
    """The current screening of a county (six digits) for a kind of unit; of several packs, the one screened last.

    It names nobody, so it takes no actor: what is read of it afterwards does.
    """
    condition = Q(current_in__county=county, current_in__unit_kind=unit)
    if pack_id is not None:
        condition &= Q(current_in__pack_id=pack_id)
    return Screening.objects.filter(condition).select_related("snapshot").order_by("-finished_at", "-id").first()


def current_within(area: Area, unit: str = UnitKind.HOUSEHOLD) -> list[tuple[int, Screening]]:
    """The counties (six digits) that share something with an area, with each of their current screenings.

    It names nobody; see `current_screening`.
    """
    condition = Q(pk__in=[])
    for low, high in area.ranges:
        condition |= Q(county__range=(county_of(low), county_of(high)))
    found = CurrentScreening.objects.filter(condition, unit_kind=unit).select_related("screening__snapshot")
    return [(row.county, row.screening) for row in found.order_by("county", "pack_id")]


def newer_current(found: Screening) -> Screening | None:
    """The current screening of the same pack, somewhere in the same area, of a newer snapshot; the newest of them.

    Newer is the later standard time point or, at the same, the snapshot that was taken later.
    """
    own = found.snapshot
    others = Screening.objects.filter(current_in__pack_id=found.pack_id, current_in__county__range=counties_of(own))
    newer = others.filter(Q(snapshot__at__gt=own.at) | Q(snapshot__at=own.at, snapshot__taken_at__gt=own.taken_at))
    return newer.select_related("snapshot").order_by("-snapshot__at", "-snapshot__taken_at").first()


def outdated() -> list[UUID]:
    """The screenings of which somewhere in their area a newer one is current, as `newer_current` has it. One query."""
    own = Screening.objects.annotate(low=F("snapshot__division") / COUNTY_SPAN, high=F("snapshot__last") / COUNTY_SPAN)
    at, taken = OuterRef("snapshot__at"), OuterRef("snapshot__taken_at")
    newer = CurrentScreening.objects.filter(
        Q(screening__snapshot__at__gt=at) | Q(screening__snapshot__at=at, screening__snapshot__taken_at__gt=taken),
        pack_id=OuterRef("pack_id"), county__gte=OuterRef("low"), county__lte=OuterRef("high"),
    )  # fmt: skip
    return list(own.filter(Exists(newer)).values_list("pk", flat=True))


def counties_of(snapshot: Snapshot) -> tuple[int, int]:
    """The first and last county (six digits) that the area of a snapshot could hold."""
    low, high = range_of(f"{snapshot.division:012d}")
    return county_of(low), county_of(high)


def state_of(found: Screening) -> ScreeningState:
    """Whether lists and pages use its verdicts, somewhere at least."""
    if found.what_if:
        return ScreeningState.TRIAL
    return ScreeningState.CURRENT if current_among([found]) else ScreeningState.EARLIER


def current_among(found: Iterable[Screening]) -> list[UUID]:
    """Which of some screenings are current somewhere."""
    pointers = CurrentScreening.objects.filter(screening__in=list(found))
    return list(pointers.order_by("screening").values_list("screening", flat=True).distinct())


def units_of(found: Screening) -> dict[str, int]:
    """How many units of each kind were screened, lowest kind first."""
    sizes = dict(found.units.values_list("unit_kind", "total"))
    return {unit: sizes[unit] for unit in UNIT_NAMES if unit in sizes}


def criteria_of(found: Screening, unit: str) -> Sequence[ScreenedCriterion]:
    """The criteria about a kind of unit, in the pack's order. They never change, so they are read once per process."""
    return _criteria_of(found.pk, unit)


@lru_cache(maxsize=512)
def _criteria_of(screening: UUID, unit: str) -> tuple[ScreenedCriterion, ...]:
    return tuple(ScreenedCriterion.objects.filter(screening=screening, unit_kind=unit).order_by("position"))


def summary_of(found: Screening, unit: str = UnitKind.HOUSEHOLD) -> ScreenedCriterion | None:
    """The criterion that sums up the others of its unit; the last one where the pack names none."""
    criteria = criteria_of(found, unit)
    return next((item for item in criteria if item.summary), criteria[-1] if criteria else None)


@lru_cache(maxsize=512)
def summary_position(screening: UUID, unit: str) -> int | None:
    """The place (from 0) of the first criterion said to sum up its unit; it never changes, so it is read once."""
    marked = ScreenedCriterion.objects.filter(screening=screening, unit_kind=unit, summary=True)
    return marked.order_by("position").values_list("position", flat=True).first()


def same_pack(reference: str, sha256: str) -> ResolvedPack:
    """The pack version that a screening was run with, changed as a scenario changed it.

    Raises POL-051 (gone) and SCR-006 (another content).
    """
    row = policy.get(reference)
    if row.sha256 == sha256:
        return row.pack()
    # A scenario of a scenario's trial that changes no rule has the same content: the first of them has another base.
    alike = Scenario.objects.filter(pack_sha256=sha256).order_by("written_at", "id")
    scenario = alike.select_related("base__snapshot").first()
    pack = None if scenario is None else scenario_pack(scenario)
    if pack is None or pack.sha256 != sha256:
        raise UserError(
            "SCR-006",
            _("The pack %(pack)s is not the one that this screening was run with.") % {"pack": reference},
            remedy=_("Restore the database that holds that version."),
        )
    return pack


def scenario_pack(scenario: Scenario) -> ResolvedPack:
    """The pack of a scenario's base with its changes. Raises as `same_pack` and `policy.changing.changed`."""
    texts: dict[str, dict[str, str]] = {kind: {} for kind in ChangeKind.values}
    for change in scenario.changes.all():
        texts[change.kind][change.item] = change.text
    base = scenario.base
    return changed(
        same_pack(base.pack, base.pack_sha256),
        at=base.snapshot.at,
        parameters=texts[ChangeKind.PARAMETER],
        criteria=texts[ChangeKind.CRITERION],
    )


def totals(found: Screening) -> list[UnitTotal]:
    """Counts of every criterion over the whole area: for the operator's command, who sees everything."""
    top = level_of(found.snapshot.division)
    counted = {
        (row.unit_kind, row.criterion): row
        for row in RollUp.objects.filter(screening=found, level=top, division=found.snapshot.division)
    }
    criteria = list(found.criteria.order_by("position"))
    return [
        UnitTotal(UnitKind(unit), total, tuple(_total(item, counted) for item in criteria if item.unit_kind == unit))
        for unit, total in units_of(found).items()
    ]


def _total(item: ScreenedCriterion, counted: Mapping[tuple[str, str], RollUp]) -> CriterionTotal:
    row = counted[item.unit_kind, item.criterion]
    return CriterionTotal(item.criterion, item.title, row.met, row.not_met, row.unknown)
