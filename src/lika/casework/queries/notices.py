"""Notices in the sight of a reader: where they hang, when they end, which of them serves a case."""

import datetime as dt
from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from uuid import UUID

from django.db.models import Q, QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from lika.casework import periods
from lika.casework.choices import NoticeKind, NoticeState, PostingFault
from lika.casework.models import Batch, Case, Notice, NoticeLine, Objection, Posting, Step
from lika.casework.periods import Calendar, DayKind, Period, Stop
from lika.casework.queries.cases import batches_visible
from lika.casework.queries.days import calendars_of
from lika.core.actors import Actor
from lika.core.errors import NotFound


@dataclass(frozen=True)
class Clock:
    """Where a notice stands: its postings that count, the period once all of them hang (None before)."""

    notice: Notice
    postings: Sequence[Posting]
    period: Period | None
    calendar: Calendar

    @property
    def waiting(self) -> list[Posting]:
        """The places where it does not hang yet."""
        return [each for each in self.postings if each.posted_on is None]

    @property
    def posted_on(self) -> dt.date | None:
        """The day from which the clock runs: the latest of the places; None while one is missing."""
        days = [each.posted_on for each in self.postings if each.posted_on is not None]
        return max(days) if days and len(days) == len(self.postings) else None

    def if_posted(self, day: dt.date) -> Period | None:
        """The period as it would be if the last place hung since a day; None for an announcement."""
        if self.notice.days is None:
            return None
        return periods.period(day, self.notice.days, DayKind(self.notice.day_kind), self.calendar)

    def of_case(self, stops: Iterable[Stop]) -> Period | None:
        """The period of one case whose clock objections stopped. None while it is stopped or does not run yet."""
        if self.posted_on is None or self.notice.days is None:
            return None
        kind = DayKind(self.notice.day_kind)
        return periods.stopped_period(self.posted_on, self.notice.days, kind, self.calendar, stops)


def notices_visible(by: Actor) -> QuerySet[Notice]:
    """The notices of the batches in the actor's area. Raises ACC-001."""
    return Notice.objects.filter(batch__in=batches_visible(by)).select_related("batch__campaign", "batch__division")


def notice_in_sight(by: Actor, notice: UUID) -> Notice:
    """One notice. Raises ACC-001, CAS-095."""
    found = notices_visible(by).filter(pk=notice).first()
    if found is None:
        raise NotFound(
            "CAS-095", _("There is no such notice in your area."), remedy=_("Open it from the page of its batch.")
        )
    return found


def notices_of(batch: Batch) -> list[Notice]:
    """The notices that name a case of the batch, the first first: also those made before it was set apart."""
    named = NoticeLine.objects.filter(case__batch=batch).values("notice")
    return list(Notice.objects.filter(Q(batch=batch) | Q(pk__in=named)).select_related("batch__division"))


def clock_of(notice: Notice) -> Clock:
    """The clock of a notice. Three queries."""
    return clocks_of([notice])[notice.pk]


def clocks_of(notices: Collection[Notice]) -> Mapping[UUID, Clock]:
    """The clocks of some notices, by notice. Three queries."""
    counting = Posting.objects.filter(notice__in=[each.pk for each in notices], fault=PostingFault.NONE)
    postings: dict[UUID, list[Posting]] = defaultdict(list)
    for row in counting.select_related("division"):
        postings[row.notice_id].append(row)
    calendars = calendars_of({each.batch.division_id for each in notices})
    clocks = (Clock(each, postings[each.pk], None, calendars[each.batch.division_id]) for each in notices)
    return {each.notice.pk: replace(each, period=each.of_case(())) for each in clocks}


def faulty_postings(notices: Collection[Notice]) -> Mapping[UUID, list[Posting]]:
    """The postings of some notices that count no more, by notice. One query."""
    found: dict[UUID, list[Posting]] = defaultdict(list)
    rows = Posting.objects.filter(notice__in=[each.pk for each in notices]).exclude(fault=PostingFault.NONE)
    for row in rows.select_related("division"):
        found[row.notice_id].append(row)
    return found


def effective_days(notices: Collection[Notice]) -> Mapping[UUID, dt.date]:
    """The day from which announced cases of each notice hold, by notice: that of its first case. One query."""
    lines = NoticeLine.objects.filter(
        notice__in=[each.pk for each in notices if each.kind == NoticeKind.ANNOUNCEMENT],
        case__effective_on__isnull=False,
    )
    days = lines.order_by("-case__number").values_list("notice", "case__effective_on")
    return {notice: day for notice, day in days if day is not None}


def periods_of(notice: Notice) -> list[Period | None]:
    """The period of a notice, then those of its cases that objections stopped, in a fixed order. Four queries."""
    clock = clock_of(notice)
    stops = stops_of(NoticeLine.objects.filter(notice=notice).values_list("case", flat=True))
    return [clock.period, *(clock.of_case(stops[case]) for case in sorted(stops))]


def serving(cases: Sequence[Case], stage: str) -> dict[UUID, Notice]:
    """The notice that names each case since it last came to the stage, by case; a void one serves nobody. Two queries.

    A case that no notice names is not in the answer.
    """
    entries = entries_of(cases, stage)
    lines = NoticeLine.objects.filter(case__in=[each.pk for each in cases], notice__stage=stage)
    lines = lines.exclude(notice__state=NoticeState.VOID).select_related("notice__batch__division")
    found: dict[UUID, Notice] = {}
    for line in lines.order_by("notice__opened_at", "notice_id"):
        if line.entry_id == entries.get(line.case_id):
            found[line.case_id] = line.notice
    return found


def hanging(cases: Sequence[Case], stage: str) -> set[UUID]:
    """The cases that a notice of the stage names, hanging at every place that the stage asks for. Three queries."""
    named = serving(cases, stage)
    counting = Posting.objects.filter(notice__in={each.pk for each in named.values()}, fault=PostingFault.NONE)
    days = list(counting.values_list("notice", "posted_on"))
    waiting = {notice for notice, posted_on in days if posted_on is None}
    return {case for case, notice in named.items() if notice.pk in dict(days).keys() - waiting}


def entries_of(cases: Sequence[Case], stage: str) -> dict[UUID, UUID]:
    """The step that last brought each case to a stage; a case that began there has none."""
    steps = Step.objects.filter(case__in=[each.pk for each in cases], to_stage=stage).exclude(stage=stage)
    return dict(steps.order_by("case", "at", "id").values_list("case", "id"))


def stops_of(cases: Iterable[UUID]) -> Mapping[UUID, list[Stop]]:
    """The days on which objections stop or stopped the clock of each case. One query."""
    found: dict[UUID, list[Stop]] = defaultdict(list)
    rows = Objection.objects.filter(case__in=list(cases)).values_list("case", "received_at", "decided_at")
    for case, received, decided in rows:
        found[case].append(Stop(local_day(received), None if decided is None else local_day(decided)))
    return found


def local_day(moment: dt.datetime) -> dt.date:
    """The day on which a moment lies where the notices hang."""
    return timezone.localdate(moment, periods.LOCAL)
