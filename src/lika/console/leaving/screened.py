"""Screenings, the units behind a number of one, of two held against each other, and of a scenario's errors."""

from collections.abc import Callable, Iterator
from typing import Any

from django.db.models import QuerySet
from django.http import QueryDict
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from lika.accounts.queries import UserActor
from lika.console.leaving.reading import code_of, id_of, text, told, words_of
from lika.console.lists import no_such_list
from lika.console.names import path_name, place_name
from lika.core.leaving import Field, Kind, Personal, Row, in_blocks
from lika.core.leaving.files import BLOCK
from lika.core.permissions import Permission
from lika.divisions import queries as divisions
from lika.reports.leaving import LeavingList, Reading
from lika.snapshots import queries
from lika.snapshots.choices import Result, ScreeningState, UnitKind
from lika.snapshots.forms import ScreeningFilterForm
from lika.snapshots.models import ScreenedCriterion, Screening
from lika.snapshots.moved_lists import in_error_list, moved_list, screening_told
from lika.snapshots.units import units_shown
from lika.snapshots.views import division_asked

UNITS_A_BLOCK = 5_000  # of another screening's files: each block is read from their beginning
_SCREENING = (
    Field("title", gettext_lazy("Policy pack"), width=32),
    Field("pack", gettext_lazy("Version"), width=24),
    Field("area", gettext_lazy("Area")),
    Field("at", gettext_lazy("Standard time point"), Kind.DAY),
    Field("snapshot", gettext_lazy("Snapshot"), width=32),
    Field("households", gettext_lazy("Households"), Kind.WHOLE),
    Field("run", gettext_lazy("Run"), Kind.MOMENT),
    Field("state", gettext_lazy("State")),
)


def _screenings(who: UserActor, given: QueryDict) -> Reading:
    form = ScreeningFilterForm(given, packs=queries.packs_screened(who))
    filters = words_of(form)
    pack, state = form.cleaned_data.get("pack", ""), form.cleaned_data.get("state", "")
    wanted = queries.ScreeningFilter(pack, state, text(given, "sort") or queries.NEWEST_FIRST)
    found = queries.find_screenings(who, wanted)
    return Reading(
        fields=_SCREENING,
        total=found.count(),
        rows=lambda _personal: _screening_rows(found),
        filters=filters,
        asked={"pack": pack, "state": state, "sort": wanted.sort},
    )


def _screening_rows(found: QuerySet[Screening]) -> Iterator[Row]:
    for block in in_blocks(found.iterator(chunk_size=BLOCK)):
        current = set(queries.current_among(block))
        names = divisions.places({code_of(each.snapshot.division) for each in block})
        for each in block:
            code = code_of(each.snapshot.division)
            yield {
                "title": str(each.title),
                "pack": each.pack,
                "area": place_name(names[code].name) if code in names else code,
                "at": each.snapshot.at,
                "snapshot": each.snapshot_id,
                "households": each.snapshot.households,
                "run": each.finished_at,
                "state": str(_state(each, current).label),
            }


def _state(found: Screening, current: set[Any]) -> ScreeningState:
    if found.what_if:
        return ScreeningState.TRIAL
    return ScreeningState.CURRENT if found.pk in current else ScreeningState.EARLIER


def _units(who: UserActor, given: QueryDict) -> Reading:
    found = queries.get_screening(who, id_of(given))
    if text(given, "result") not in Result.values:
        raise no_such_list()
    result = Result(text(given, "result"))
    criterion = queries.criterion_of(found, text(given, "criterion"))
    division = code_of(division_asked(given, who, found))

    def blocks(page: int, size: int) -> queries.UnitPage:
        return queries.units_by_verdict(
            who, found, criterion.criterion, result, division=division, page=page, size=size
        )

    return Reading(
        title=str(criterion.title),
        fields=_unit_fields(criterion),
        total=blocks(1, 1).total,
        rows=lambda _personal: _unit_rows(who, criterion, blocks),
        division=division,
        filters=[str(found.title), told(_("Standard time point"), found.snapshot.at), str(result.label)],
        asked={"screening": str(found.pk), "criterion": criterion.criterion, "result": result.value},
    )


def _moved(who: UserActor, given: QueryDict) -> Reading:
    asked = moved_list(who, id_of(given), given)
    sides = (told(_("Old screening"), screening_told(asked.old)), told(_("New screening"), screening_told(asked.new)))
    return Reading(
        title=asked.title,
        fields=_unit_fields(asked.criterion),
        total=asked.page(who, 1, 1).total,
        rows=lambda _personal: _unit_rows(who, asked.criterion, lambda page, size: asked.page(who, page, size)),
        division=code_of(asked.division),
        filters=[told(_("Criterion"), asked.criterion.title), *sides],
        asked={
            "screening": str(asked.new.pk),
            "old": str(asked.old.pk),
            "criterion": asked.criterion.criterion,
            "which": asked.which,
        },
    )


def _in_error(who: UserActor, given: QueryDict) -> Reading:
    """A condition of one's own stands in the file for whoever takes it, and is kept nowhere here."""
    asked = in_error_list(who, id_of(given), given)
    truth = asked.truth.screening
    return Reading(
        title=asked.title,
        fields=_unit_fields(asked.criterion),
        total=asked.page(who, 1, 1).total,
        rows=lambda _personal: _unit_rows(who, asked.criterion, lambda page, size: asked.page(who, page, size)),
        division=code_of(asked.division),
        filters=[asked.scenario.name, asked.heading],
        asked={
            "scenario": str(asked.scenario.pk),
            "criterion": asked.criterion.criterion,
            "which": asked.which,
            "true_by": str(truth.pk) if truth else None,
        },
    )


def _unit_fields(criterion: ScreenedCriterion) -> tuple[Field, ...]:
    kind = UnitKind(criterion.unit_kind)
    name = Field("unit", kind.label, personal=Personal.NAME if kind == UnitKind.PERSON else None, width=24)
    return name, Field("place", gettext_lazy("Place at the time point"), width=40)


def _unit_rows(
    who: UserActor, criterion: ScreenedCriterion, blocks: Callable[[int, int], queries.UnitPage]
) -> Iterator[Row]:
    """The units of a list, block by block (page, size), as its page shows them."""
    page = 0
    while units := blocks(page := page + 1, UNITS_A_BLOCK).units:
        for line in units_shown(who, criterion.unit_kind, units):
            yield {"unit": line.name, "place": path_name(line.place)}


SCREENINGS = LeavingList(gettext_lazy("Screenings"), Permission.SCREENING_VIEW, _screenings)
UNITS = LeavingList(gettext_lazy("Units behind a number"), Permission.SCREENING_VIEW, _units, personal=True)
MOVED = LeavingList(gettext_lazy("Who enters and who leaves"), Permission.SCREENING_VIEW, _moved, personal=True)
# Not in full: what is asked for would be kept with the request until a second person agreed.
IN_ERROR = LeavingList(gettext_lazy("Who is missed and who is wrongly in"), Permission.SCREENING_VIEW, _in_error)
