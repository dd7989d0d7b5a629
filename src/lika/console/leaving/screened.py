"""Screenings, and the units behind a number of one."""

from collections.abc import Iterator
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
from lika.snapshots.models import Screening
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
    kind = UnitKind(criterion.unit_kind)
    name = Field("unit", kind.label, personal=Personal.NAME if kind == UnitKind.PERSON else None, width=24)

    def blocks(page: int, size: int) -> queries.UnitPage:
        return queries.units_by_verdict(
            who, found, criterion.criterion, result, division=division, page=page, size=size
        )

    def rows(_personal: bool) -> Iterator[Row]:
        page = 0
        while units := blocks(page := page + 1, UNITS_A_BLOCK).units:
            for line in units_shown(who, kind, units):
                yield {"unit": line.name, "place": path_name(line.place)}

    return Reading(
        title=str(criterion.title),
        fields=(name, Field("place", gettext_lazy("Place at the time point"), width=40)),
        total=blocks(1, 1).total,
        rows=rows,
        division=division,
        filters=[str(found.title), told(_("Standard time point"), found.snapshot.at), str(result.label)],
        asked={"screening": str(found.pk), "criterion": criterion.criterion, "result": result.value},
    )


SCREENINGS = LeavingList(gettext_lazy("Screenings"), Permission.SCREENING_VIEW, _screenings)
UNITS = LeavingList(gettext_lazy("Units behind a number"), Permission.SCREENING_VIEW, _units, personal=True)
