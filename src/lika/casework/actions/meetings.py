"""Democratic appraisals: the meeting put on record with its votes, and the batch passed by what it decided."""

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _

from lika.casework.actions import moving
from lika.casework.actions.given import optional, past, two_persons, written
from lika.casework.actions.guarding_stages import meeting_that_decides
from lika.casework.actions.moving import Outcome, Standing
from lika.casework.choices import StepResult
from lika.casework.models import Case, Meeting, Vote
from lika.core.actors import Actor
from lika.core.errors import UserError
from lika.policy.choices import StageKind

LONGEST_PLACE = 100
MOST_PERSONS = 9999  # of one village in one room
PASSED = Outcome()


@dataclass(frozen=True)
class Held:
    """A meeting as it was held. `expected` are entitled to vote, `attended` those of them who came."""

    held_on: dt.date
    place: str
    chair: str
    recorder: str
    expected: int
    attended: int
    party_members: int = 0
    committee_members: int = 0
    team_members: int = 0
    others: int = 0
    agenda: str = ""


@dataclass(frozen=True)
class Ballot:
    """How the meeting voted on one case, and what it decided."""

    in_favour: int
    against: int = 0
    abstained: int = 0
    outcome: Outcome = PASSED


@transaction.atomic
def record_meeting(*, by: Actor, batch: UUID, held: Held, ballots: Mapping[UUID, Ballot]) -> Meeting:
    """Put a meeting on record with a ballot for every open case, in the order that it fixed. Moves nothing.

    Below the quorum it decides nothing: it is recorded, its ballots are not. Whatever is recorded later counts instead.
    Raises ACC-001, ACC-002, CAS-030, CAS-032, CAS-033, CAS-034 to CAS-036 (ballots), CAS-060 to CAS-062 (words, day,
    names), CAS-064 (attendance), CAS-065 (more votes than voters).
    """
    standing = moving.take(by, batch, StageKind.MEETING)
    meeting = _meeting(standing, held)
    if meeting.is_quorate:
        moving.refuse_incomplete(standing, {case: ballot.outcome for case, ballot in ballots.items()})
        votes = _votes(standing, meeting, ballots)
        meeting.save(force_insert=True)
        Vote.objects.bulk_create(votes)
        Case.objects.bulk_update([vote.case for vote in votes], ["place"])
    else:
        meeting.save(force_insert=True)
    moving.steps_for(standing, standing.open, StepResult.RECORDED, duty=standing.duty)
    told = {"held_on": held.held_on, "expected": held.expected, "attended": held.attended}
    moving.record(standing, "meeting.recorded", new=told | {"quorate": meeting.is_quorate})
    return meeting


@transaction.atomic
def close_meeting(*, by: Actor, batch: UUID) -> None:
    """Do what the meeting decided on every case of the batch: one act.

    Raises ACC-001, ACC-002, CAS-030, CAS-032, CAS-033, CAS-066 (no meeting), CAS-067 (below the quorum), CAS-068 (a
    case was not voted on), CAS-069 (minutes or attendance sheet missing).
    """
    standing = moving.take(by, batch, StageKind.MEETING)
    votes = {vote.case_id: vote for vote in meeting_that_decides(standing, standing.open).votes.all()}
    outcomes = {
        case.pk: Outcome(StepResult(votes[case.pk].result), votes[case.pk].to, votes[case.pk].reason)
        for case in standing.open
    }
    moving.settle(standing, outcomes, action="meeting.decided")


def _meeting(standing: Standing, held: Held) -> Meeting:
    guests = (held.party_members, held.committee_members, held.team_members, held.others)
    numbers = (held.expected, held.attended, *guests)
    if not all(0 <= each <= MOST_PERSONS for each in numbers) or held.expected == 0 or held.attended > held.expected:
        raise UserError(
            "CAS-064",
            _("%(attended)s of %(expected)s came: of those entitled to vote not more can come than there are.")
            % {"attended": held.attended, "expected": held.expected},
            remedy=_("Enter the numbers of the attendance sheet; whoever has no vote is counted as a guest."),
            field="attended",
        )
    chair, recorder = written(held.chair, "chair"), written(held.recorder, "recorder")
    two_persons(chair, recorder, "recorder")
    return Meeting(
        batch=standing.batch, stage=standing.stage.id, held_on=past(held.held_on, "held_on"),
        place=written(held.place, "place", LONGEST_PLACE), chair=chair, recorder=recorder,
        agenda=optional(held.agenda, "agenda"), expected=held.expected, attended=held.attended,
        party_members=held.party_members, committee_members=held.committee_members, team_members=held.team_members,
        others=held.others, quorum=standing.stage.quorum, by_name=standing.by.name, at=standing.at,
    )  # fmt: skip


def _votes(standing: Standing, meeting: Meeting, ballots: Mapping[UUID, Ballot]) -> list[Vote]:
    cases, votes = {each.pk: each for each in standing.open}, []
    for place, (pk, ballot) in enumerate(ballots.items(), start=1):
        counted = (ballot.in_favour, ballot.against, ballot.abstained)
        if min(counted) < 0 or sum(counted) > meeting.attended:
            raise UserError(
                "CAS-065",
                _("Case %(case)s has %(votes)s votes; %(attended)s who may vote came.")
                % {"case": cases[pk].number, "votes": sum(counted), "attended": meeting.attended},
                remedy=_("Count the votes again."),
            )
        cases[pk].place = place
        votes.append(
            Vote(
                meeting=meeting, case=cases[pk], place=place, in_favour=ballot.in_favour, against=ballot.against,
                abstained=ballot.abstained, result=ballot.outcome.result, to=ballot.outcome.to,
                reason=ballot.outcome.reason.strip(),
            )
        )  # fmt: skip
    return votes
