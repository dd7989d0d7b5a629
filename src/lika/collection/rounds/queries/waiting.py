"""What rounds ask of somebody now: for the home page."""

import datetime as dt
from collections import Counter
from dataclasses import dataclass

from django.db.models import Count

from lika.accounts.queries import held_by_post
from lika.collection.rounds.choices import FILLABLE, EntryState, SubmissionState
from lika.collection.rounds.models import Entry, FieldRemark, Submission
from lika.core.actors import Actor
from lika.core.areas import Area
from lika.core.permissions import Permission
from lika.register import queries as register


@dataclass(frozen=True)
class RoundWaiting:
    """Of the open rounds: what the actor's villages must fill, the township audit, the county lock.

    `stand_in` are those that nobody may audit for the township: the county passes them in its place. `fill` are the
    submissions to fill, `households` those of them that are not filled yet, `due` the first day.
    """

    fill: tuple[Submission, ...]
    households: int
    due: dt.date | None
    audit: tuple[Submission, ...]
    lock: tuple[Submission, ...]
    stand_in: tuple[Submission, ...]


def waiting_rounds(by: Actor, *, fills: bool) -> RoundWaiting:
    """Three queries at most, and one for each county where villages wait for an audit that is the county's matter.

    `fills`: whether filling is the actor's own work, as it is a village's.
    """
    wanted = {
        SubmissionState.SUBMITTED: by.area_for(Permission.ROUND_AUDIT),
        SubmissionState.PASSED: by.area_for(Permission.ROUND_KEEP),
    }
    rows = Submission.objects.filter(by.area_for(Permission.ROUND_VIEW).where(), round__closed_at=None).select_related(
        "round"
    )
    found = list(rows.exclude(state=SubmissionState.LOCKED).order_by("due_on", "village"))
    held = {
        state: tuple(each for each in found if each.state == state and each.village in area)
        for state, area in wanted.items()
    }
    mine = by.area_for(Permission.REGISTER_CHANGE)
    fill = tuple(each for each in found if fills and each.state in FILLABLE and each.village in mine)
    return RoundWaiting(
        fill=fill,
        households=_left(fill, by) if fill else 0,
        due=fill[0].due_on if fill else None,
        audit=held[SubmissionState.SUBMITTED],
        lock=held[SubmissionState.PASSED],
        stand_in=_unaudited(found, wanted[SubmissionState.PASSED], wanted[SubmissionState.SUBMITTED]),
    )


def _unaudited(found: list[Submission], keeps: Area, audits: Area) -> tuple[Submission, ...]:
    handed = [
        each
        for each in found
        if each.state == SubmissionState.SUBMITTED and each.village in keeps and each.village not in audits
    ]
    audited = {
        county: held_by_post(Permission.ROUND_AUDIT, county) for county in {f"{each.code[:6]}000000" for each in handed}
    }
    return tuple(each for each in handed if each.village not in audited[f"{each.code[:6]}000000"])


def submission_to_fill(by: Actor, village: int) -> Submission | None:
    """What a village has to fill now, of the latest year, where the actor fills it."""
    if village not in by.area_for(Permission.REGISTER_CHANGE):
        return None
    found = Submission.objects.filter(village=village, round__closed_at=None, state__in=sorted(FILLABLE))
    return found.select_related("round").order_by("-round__data_year").first()


def _left(fill: tuple[Submission, ...], by: Actor) -> int:
    """Households of some villages that are not filled, or remarked on by the township and not gone through again."""
    remarked = FieldRemark.objects.filter(
        submission__in=fill, household__isnull=False, told_at__isnull=False, mended_at=None
    )
    done = (
        Entry.objects.filter(submission__in=fill, household__isnull=False, state=EntryState.FILLED)
        .exclude(household__in=remarked.values("household"))
        .order_by()
    )
    standing = Counter(register.counted_households(by.area_for(Permission.REGISTER_CHANGE)))
    standing.subtract(dict(done.values_list("village").annotate(Count("pk"))))
    return sum(max(0, standing[each.village]) for each in fill)
