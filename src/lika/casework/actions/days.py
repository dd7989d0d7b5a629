"""Keeping the work calendar. What holds in the whole country is the operator's; administrators keep their own area."""

import datetime as dt
from collections import defaultdict
from collections.abc import Sequence
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _

from lika.casework.choices import DayMark, NoticeState
from lika.casework.models import CalendarYear, Notice, SpecialDay
from lika.casework.periods import DayKind, Period
from lika.casework.queries.notices import periods_of
from lika.core import audit
from lika.core.actors import Actor
from lika.core.areas import COUNTRY, range_of
from lika.core.errors import NotFound, UserError
from lika.core.permissions import Permission
from lika.divisions import queries as divisions
from lika.divisions.models import Division

LONGEST = {"note": 60, "source": 200}


@transaction.atomic
def set_day(*, by: Actor, division: str, day: dt.date, mark: DayMark, note: str, source: str) -> SpecialDay:
    """Say that a day is a holiday or is worked, in a division (`COUNTRY`: everywhere) and below it.

    A day that has a mark there gets the new one. Raises ACC-001, ACC-002, DIV-001, DIV-010, CAS-001 (words), CAS-154
    (a notice that hangs would end earlier).
    """
    place = _kept(by, division)
    values = {"mark": DayMark(mark), "note": _words("note", note), "source": _words("source", source)}
    before = SpecialDay.objects.select_for_update().filter(division=place, day=day).first()
    old = None if before is None else _told(before)
    running = _running(place, day)
    row, _made = SpecialDay.objects.update_or_create(division=place, day=day, defaults=values)
    _refuse_shortening(running)
    change = audit.Change("special_day", row.pk, _county(place), day.isoformat(), old=old, new=_told(row))
    audit.record(by=by, action="workdays.set", change=change)
    return row


@transaction.atomic
def drop_day(*, by: Actor, special_day: UUID) -> None:
    """The day is what its weekday says again, or what an upper division says.

    Raises ACC-001, ACC-002, CAS-002, CAS-154 (a notice that hangs would end earlier).
    """
    by.require(Permission.WORKDAYS_KEEP)
    row = SpecialDay.objects.select_for_update(of=("self",)).select_related("division").filter(pk=special_day).first()
    if row is None:
        raise _gone()
    _kept(by, row.division_id or COUNTRY)
    change = audit.Change("special_day", row.pk, _county(row.division), row.day.isoformat(), old=_told(row))
    audit.record(by=by, action="workdays.dropped", change=change)
    running = _running(row.division, row.day)
    row.delete()
    _refuse_shortening(running)


@transaction.atomic
def confirm_year(*, by: Actor, division: str, year: int, source: str) -> CalendarYear:
    """The arrangement of a year is published and entered: periods that reach into it end from now on.

    Raises ACC-001, ACC-002, DIV-001, DIV-010, CAS-001 (no document named).
    """
    place, words = _kept(by, division), _words("source", source)
    row, _made = CalendarYear.objects.update_or_create(division=place, year=year, defaults={"source": words})
    change = audit.Change("calendar_year", row.pk, _county(place), str(year), new={"source": words})
    audit.record(by=by, action="workdays.year_confirmed", change=change)
    return row


@transaction.atomic
def reopen_year(*, by: Actor, calendar_year: UUID, reason: str) -> None:
    """The year is unconfirmed again. Raises ACC-001, ACC-002, CAS-001, CAS-002, CAS-154.

    CAS-154: a notice that hangs has its last day in it. That was made public; unconfirmed it could be brought nearer.
    """
    by.require(Permission.WORKDAYS_KEEP)
    rows = CalendarYear.objects.select_for_update(of=("self",)).select_related("division")
    row = rows.filter(pk=calendar_year).first()
    if row is None:
        raise _gone()
    _kept(by, row.division_id or COUNTRY)
    words = _words("source", reason)
    old = {"source": row.source}
    change = audit.Change("calendar_year", row.pk, _county(row.division), str(row.year), old=old)
    audit.record(by=by, action="workdays.year_reopened", change=change, reason=words)
    running = _running(row.division, dt.date(row.year + 1, 1, 1))
    row.delete()
    _refuse_shortening(running, uncertain=True)


@transaction.atomic
def load_days(*, by: Actor) -> list[int]:
    """Enter the years that the library `chinesecalendar` knows and this installation does not; returns them.

    A year that has a row is left as it stands here, whatever the library says. Raises ACC-001, ACC-002.
    """
    _kept(by, COUNTRY)
    published = _published()
    here = set(CalendarYear.objects.filter(division=None).values_list("year", flat=True))
    here |= set(SpecialDay.objects.filter(division=None).values_list("day__year", flat=True))
    new = sorted(set(published) - here)
    SpecialDay.objects.bulk_create(
        SpecialDay(day=day, mark=mark, note=note, source=_library())
        for year in new
        for day, mark, note in published[year]
    )
    rows = CalendarYear.objects.bulk_create(CalendarYear(year=year, source=_library()) for year in new)
    audit.record_many(
        by=by, action="workdays.loaded",
        changes=[
            audit.Change("calendar_year", row.pk, 0, str(row.year), new={"days": len(published[row.year])})
            for row in rows
        ],
    )  # fmt: skip
    return new


# What the library calls the days, in the words of the State Council's arrangements.
_NAMES = {
    "New Year's Day": "元旦",
    "Spring Festival": "春节",
    "Tomb-sweeping Day": "清明节",
    "Labour Day": "劳动节",
    "Dragon Boat Festival": "端午节",
    "National Day": "国庆节",
    "Mid-autumn Festival": "中秋节",
    "Anti-Fascist 70th Day": "抗战胜利70周年纪念日",
}


def _published() -> dict[int, list[tuple[dt.date, DayMark, str]]]:
    from chinese_calendar.constants import holidays, workdays

    found: dict[int, list[tuple[dt.date, DayMark, str]]] = defaultdict(list)
    for mark, days in ((DayMark.HOLIDAY, holidays), (DayMark.WORKDAY, workdays)):
        for day, name in days.items():
            found[day.year].append((day, mark, _NAMES[name]))
    return found


def _library() -> str:
    from importlib.metadata import version

    return f"国务院办公厅节假日安排（chinesecalendar {version('chinesecalendar')}）"


def _running(place: Division | None, day: dt.date) -> list[tuple[Notice, list[Period | None]]]:
    """The notices by working days that hang in a place since before a day, each with its periods as they are now."""
    hang = Notice.objects.filter(state=NoticeState.HANGING, day_kind=DayKind.WORKING, postings__posted_on__lt=day)
    if place is not None:
        hang = hang.filter(batch__number__range=range_of(place.code))
    return [(each, periods_of(each)) for each in hang.select_related("batch__division").distinct()]


def _refuse_shortening(running: Sequence[tuple[Notice, list[Period | None]]], *, uncertain: bool = False) -> None:
    """What was told to the public holds: no change of the calendar brings a certain last day nearer.

    `uncertain`: nor may one be made a guess, for a guess is held to nothing.
    """
    for notice, before in running:
        pairs = zip(before, periods_of(notice), strict=True)
        certain = [(old, new) for old, new in pairs if old and old.confirmed and new]
        if any(new.last_day < old.last_day or (uncertain and not new.confirmed) for old, new in certain):
            raise UserError(
                "CAS-154",
                _("A notice that hangs would end earlier by this, or could: %(division)s.")
                % {"division": notice.batch.division.name},
                remedy=_("Enter it when that notice is over: the last day that was made public stands."),
                field="day",
            )


def _kept(by: Actor, division: str) -> Division | None:
    by.require(Permission.WORKDAYS_KEEP, division=division)
    return None if division == COUNTRY else divisions.get(division)


def _words(name: str, given: str) -> str:
    text = given.strip()
    if not text or len(text) > LONGEST[name]:
        raise UserError(
            "CAS-001",
            _("Something has to be written here, and not more than %(longest)s characters.")
            % {"longest": LONGEST[name]},
            remedy=_("Name the holiday and the document that arranges it."),
            field=name,
        )
    return text


def _told(row: SpecialDay) -> dict[str, object]:
    return {"mark": DayMark(row.mark).value, "note": row.note, "source": row.source}


def _gone() -> NotFound:
    return NotFound("CAS-002", _("The calendar has no such row."), remedy=_("Look at the calendar again."))


def _county(place: Division | None) -> int:
    return 0 if place is None else audit.chain_of(place.code)
