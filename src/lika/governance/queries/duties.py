"""Who holds which duty, what is vacant, and how a larger area stands."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from django.db.models import BooleanField, Case, Count, F, Q, QuerySet, Value, When
from django.utils import timezone

from lika.accounts.models import Official
from lika.accounts.queries import officials_posted, without_open_post
from lika.core.actors import Actor, outside_area
from lika.core.areas import CODE_LENGTH, DIGITS_OF_LEVEL, Area
from lika.core.permissions import Permission
from lika.divisions import queries as divisions
from lika.divisions.choices import Level
from lika.divisions.models import Division
from lika.governance.choices import Holding
from lika.governance.duties import Duty, duties, duties_at, duty
from lika.governance.models import DutyTerm


@dataclass(frozen=True)
class DutyLine:
    """A duty of a division in a year: its open term where it has one, and the terms that ended."""

    division: Division
    duty: Duty
    holding: Holding
    term: DutyTerm | None
    ended: tuple[DutyTerm, ...]


@dataclass(frozen=True)
class DutyCount:
    """A division of a larger area: how many duties are asked for in it, and how many have a holder."""

    division: Division
    asked: int
    held: int

    @property
    def vacant(self) -> int:
        """How many have none."""
        return self.asked - self.held


def day_of(year: int) -> dt.date:
    """The day that a year is looked at on: today, its last day where it is past, its first where it is to come."""
    return min(max(timezone.localdate(), dt.date(year, 1, 1)), dt.date(year, 12, 31))


def lines(by: Actor, division: str, year: int) -> list[DutyLine]:
    """The duties of a township with its villages, or of a village. Three queries. Raises ACC-001, ACC-002."""
    _require_sight(by, division)
    area = Area.of([division])
    places = [
        *divisions.within(division, Level.TOWNSHIP),
        *divisions.within(division, Level.VILLAGE),
    ]
    held: dict[tuple[str, str], list[DutyTerm]] = {}
    for term in _terms(area, year):
        held.setdefault((term.division_id, term.duty), []).append(term)
    return [
        _line(place, asked, held.get((place.code, asked.id), ()))
        for place in places
        for asked in duties_at(place.level)
    ]


def counts(by: Actor, division: Division, year: int) -> list[DutyCount]:
    """The divisions below one above townships, with what they are asked for. Raises ACC-001, ACC-002."""
    _require_sight(by, division.code)
    below = list(divisions.children(division.code))
    area, step = Area.of([division.code]), _span(division.level + 1)
    holders = {each.id: each.holders for each in duties()}
    levels = {each.level for each in duties()}
    asked: dict[int, int] = {}
    for level in levels:
        of_each = sum(each.holders for each in duties_at(level))
        for part, number in divisions.counted_by_part(area, level, step).items():
            asked[part] = asked.get(part, 0) + of_each * number
    held: dict[int, int] = {}
    standing = _standing(area, year).annotate(part=F("division__number") / step)
    for row in standing.filter(duty__in=holders).order_by().values("part").annotate(number=Count("pk")):
        held[row["part"]] = row["number"]
    return [
        DutyCount(place, asked[part], held.get(part, 0)) for place in below if (part := place.number // step) in asked
    ]


def vacancies(by: Actor, year: int) -> int:
    """How many duties have no holder where the actor names one. Nobody to name anyone: 0."""
    area = by.area_for(Permission.DUTIES_APPOINT)
    if not area:
        return 0
    asked = sum(
        sum(each.holders for each in duties_at(level)) * divisions.count_within(area, level)
        for level in {each.level for each in duties()}
    )
    return asked - _standing(area, year).filter(duty__in=[each.id for each in duties()]).count()


def lasting_last_year(by: Actor, division: str, year: int) -> int:
    """How many terms of the year before could be carried over into a year that has none yet."""
    if not by.area_for(Permission.DUTIES_APPOINT).covers(division):
        return 0
    area = Area.of([division])
    taken = set(DutyTerm.objects.filter(area.where("division__number"), year=year).values_list("division_id", "duty"))
    before = DutyTerm.objects.filter(area.where("division__number"), year=year - 1, ended_on=None)
    lasting = before.exclude(without_open_post(dt.date(year, 1, 1))).filter(division__valid_to=None)
    return sum((each.division_id, each.duty) not in taken for each in lasting.only("division_id", "duty"))


def candidates(by: Actor, division: Division, day: dt.date) -> QuerySet[Official]:
    """Whom a duty may be given to: who holds a post in the township (that of the village, too), or held a duty there.

    Raises ACC-001, ACC-002.
    """
    by.require(Permission.DUTIES_APPOINT, division=division.code)
    township = f"{division.code[: DIGITS_OF_LEVEL[Level.TOWNSHIP]]}".ljust(CODE_LENGTH, "0")
    area = Area.of([township])
    posted = officials_posted(area, day).values("pk")
    named = DutyTerm.objects.filter(area.where("division__number"), year__gte=day.year - 1).exclude(
        without_open_post(day)
    )
    return Official.objects.filter(Q(pk__in=posted) | Q(pk__in=named.values("official"))).order_by("name", "id")


def term_in_sight(by: Actor, term: UUID) -> DutyTerm | None:
    """A term, where the actor sees duties."""
    area = by.sees(Permission.DUTIES_VIEW).where("division__number")
    return DutyTerm.objects.filter(area, pk=term).select_related("division", "official").first()


def _require_sight(by: Actor, division: str) -> None:
    by.require(Permission.DUTIES_VIEW)
    if not by.sees(Permission.DUTIES_VIEW).covers(division):
        raise outside_area(division=division)


def _terms(area: Area, year: int) -> QuerySet[DutyTerm]:
    found = DutyTerm.objects.filter(area.where("division__number"), year=year).select_related("official")
    return found.annotate(post_ended=_as_column(without_open_post(day_of(year)))).order_by("begins_on")


def _standing(area: Area, year: int) -> QuerySet[DutyTerm]:
    """The terms that fill a duty on the day of a year: open then, of somebody who did not lose every post."""
    day = day_of(year)
    open_then = Q(ended_on__isnull=True) | Q(ended_on__gte=day)
    terms = DutyTerm.objects.filter(area.where("division__number"), open_then, year=year, begins_on__lte=day)
    return terms.filter(division__valid_to=None).exclude(without_open_post(day))


def _line(place: Division, asked: Duty, terms: Sequence[DutyTerm]) -> DutyLine:
    current = next((term for term in terms if term.ended_on is None), None)
    holding = Holding.VACANT if current is None else _holding(current)
    return DutyLine(place, asked, holding, current, tuple(term for term in terms if term.ended_on is not None))


def _holding(term: DutyTerm) -> Holding:
    return Holding.POST_ENDED if vars(term)["post_ended"] else Holding.HELD


def title_of(duty_id: str) -> str:
    """What a duty is called; one that the table lists no more by its id."""
    found = duty(duty_id)
    return found.title if found else duty_id


def _span(level: int) -> int:
    """How many village codes a division of a level covers."""
    return 10 ** (CODE_LENGTH - DIGITS_OF_LEVEL[level])


def _as_column(condition: Q) -> Case:
    return Case(When(condition, then=Value(True)), default=Value(False), output_field=BooleanField())
