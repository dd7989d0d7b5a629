"""The information officer's work in a village (000/1-1 §五(五)): what to enter and correct, whom policy reached."""

import datetime as dt
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from urllib.parse import urlencode

from django.urls import reverse
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from lika.accounts.queries import UserActor
from lika.collection.exporting.differing import differing
from lika.collection.rounds import queries as collecting
from lika.console.facts import declared, label
from lika.console.queries.focus import Focus
from lika.core.language import chosen
from lika.core.permissions import Permission
from lika.engine.amounts import date_words
from lika.governance.choices import RequestState
from lika.governance.queries import duties, requests, surveys
from lika.monitoring.choices import FaultState
from lika.monitoring.queries import faults
from lika.policy.ages import limits_in
from lika.register import queries as register
from lika.register.queries import reach

OFFICER = "information_officer"


@dataclass(frozen=True)
class Work:
    """One kind of work: how much of it there is (None: nobody can say), until when, and where it is done."""

    icon: str
    title: str | Promise
    count: int | None
    told: str
    url: str
    late: bool = False

    @property
    def sign(self) -> str:
        """The sign of its state, as the design's parts read it."""
        if self.count is None:
            return "plain"
        return "done" if not self.count else "late" if self.late else "waiting"

    @property
    def word(self) -> str:
        """The state in words."""
        if self.count is None:
            return _("Not known")
        return f"{self.count:,}" if self.count else _("Nothing to do")


@dataclass(frozen=True)
class CoverageLine:
    """A policy in words, whom it is counted in, and its numbers as (answer, number)."""

    name: str
    title: str
    unit: str
    numbers: Sequence[tuple[str, int]]


def named_officer(who: UserActor, focus: Focus) -> str | None:
    """The information officer of the village this year; "" where nobody is named, None where the reader may not see."""
    if not who.has(Permission.DUTIES_VIEW):
        return None
    found = duties.lines(who, focus.division.code, timezone.localdate().year)
    term = next((line.term for line in found if line.duty.id == OFFICER), None)
    return term.official.name if term is not None else ""


def work(who: UserActor, focus: Focus) -> list[Work]:
    """What there is to enter and correct in a village, in the order in which it is done."""
    return [*_round(who, focus), *_evidence(who), _faults(who, focus), _differences(who, focus), _old(who, focus),
            *_requests(who), *_surveys(who)]  # fmt: skip


def _round(who: UserActor, focus: Focus) -> Iterator[Work]:
    found = collecting.submission_to_fill(who, focus.division.number)
    title = _("Households of the yearly collection to fill")
    if found is None:
        yield Work("calendar-due", title, 0, _("No round waits to be filled here."), reverse("rounds:rounds"))
        return
    standing = collecting.village_standing(by=who, submission=found)
    told = _("Data of %(year)s; the village hands in by %(day)s.") % {
        "year": found.round.data_year, "day": chosen(*date_words(found.due_on)),
    }  # fmt: skip
    late = found.due_on < timezone.localdate()
    yield Work("calendar-due", title, standing.to_fill, told, reverse("rounds:village", args=[found.pk]), late)


def _evidence(who: UserActor) -> Iterator[Work]:
    lacking = register.count_lacking_evidence(by=who)
    if lacking:
        told = _("Nobody can check it before a photograph or paper is there.")
        yield Work("camera", _("Your changes that lack evidence"), lacking, told, reverse("console:changes"))


def _faults(who: UserActor, focus: Focus) -> Work:
    asked = {"division": focus.division.code, "state": FaultState.ASSIGNED.value}
    found = faults.faults(who, faults.Asked(**asked))
    count, first = found.count(), found.first()
    deadline = first.deadline if first is not None else None
    told = _("Mend the record, then have it rechecked.")
    if deadline is not None:
        told = _("The first by %(day)s. Mend the record, then have it rechecked.") % {
            "day": chosen(*date_words(deadline))
        }
    late = deadline is not None and deadline < timezone.localdate()
    url = f"{reverse('monitoring:faults')}?{urlencode(asked)}"
    return Work("list-check", _("Faults of data assigned"), count, told, url, late)


def _differences(who: UserActor, focus: Focus) -> Work:
    found = differing(who, focus.area).select_related("comparison")
    count, newest = found.count(), found.order_by("-comparison__finished_at").first()
    told = _("No file of the national system was compared that names a difference here.")
    if newest is not None and newest.comparison.finished_at is not None:
        told = _("By the comparison of %(day)s. Look which side is right, then change the record or report it.") % {
            "day": chosen(*date_words(timezone.localdate(newest.comparison.finished_at)))
        }
    title = _("Households that differ from the national system")
    return Work("arrows-diff", title, count, told, "#differences" if count else "")


def _old(who: UserActor, focus: Focus) -> Work:
    today = timezone.localdate()
    limits = limits_in(focus.division.code, today)
    title, here = _("Households whose data is old"), reverse("console:households")
    if limits.old is None:
        told = _("No pack in force says from when on data is old: basis to be supplied.")
        return Work("clock", title, None, told, f"{here}?{urlencode({'division': focus.division.code})}")
    since = today - dt.timedelta(days=limits.old)
    wanted = register.HouseholdFilter(division=focus.division.code, untold_since=since)
    told = ngettext("Nothing is recorded of the last %(n)s day (%(basis)s).",
                    "Nothing is recorded of the last %(n)s days (%(basis)s).", limits.old)  # fmt: skip
    asked = urlencode({"division": focus.division.code, "untold_since": since.isoformat()})
    count = register.find_households(by=who, wanted=wanted).count()
    return Work("clock", title, count, told % {"n": limits.old, "basis": limits.basis}, f"{here}?{asked}")


def _requests(who: UserActor) -> Iterator[Work]:
    if not who.has(Permission.REQUESTS_VIEW):
        return
    wanted = requests.RequestFilter(state=RequestState.ASSIGNED, mine=True)
    found = requests.list_requests(who, wanted)
    count, first = found.count(), found.first()
    told = _("Answer by %(day)s.") % {"day": chosen(*date_words(first.due_on))} if first else _("None is late.")
    late = first is not None and first.due_on < timezone.localdate()
    url = f"{reverse('governance:requests')}?{urlencode({'mine': 1})}"
    yield Work("inbox", _("Residents who wait for your answer"), count, told, url, late)


def _surveys(who: UserActor) -> Iterator[Work]:
    found = surveys.waiting(who)
    if found.task is not None:
        told = _("Mark each visit, also on the telephone; the list can be printed.")
        url = reverse("governance:survey-task", args=[found.task])
        yield Work("clipboard-check", _("Households to survey"), found.households, told, url)


def coverage_lines(who: UserActor, focus: Focus, year: int) -> list[CoverageLine]:
    """Whom each policy reached in a year, in the reader's sight."""
    found = reach.coverage(register.households_within(who, focus.area), year)
    return [
        CoverageLine(
            name=each.policy.name,
            title=title_of(each.policy),
            unit=each.policy.unit,
            numbers=[(reach.Reached.YES, each.yes), (reach.Reached.NO, each.no), (reach.Reached.UNKNOWN, each.unknown)],
        )
        for each in found
    ]


def title_of(policy: reach.Policy) -> str:
    """What a policy is called: the label of the fact that names it."""
    return label(declared().units[policy.unit][policy.name])
