"""The batches of a campaign driven to where they are to stand: stage by stage, what happened on one day together."""

import datetime as dt
from collections import defaultdict
from collections.abc import Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass

from django.utils import timezone

from lika.casework.actions import rosters
from lika.casework.choices import ROSTER_LEVELS
from lika.casework.models import Campaign, Roster
from lika.casework.queries.signatories import code_at
from lika.core.actors import Actor
from lika.demo.casework import acts, cast
from lika.demo.casework.acts import Travel
from lika.demo.casework.past import days_ago
from lika.demo.casework.standings import OVER_SINCE, RUNS_SINCE, Course, Half
from lika.disclosure.actions import open_notice_page
from lika.policy.choices import PostingPlace, StageKind, StageLevel
from lika.policy.queries.procedures import Procedure, ProcedureStage

_HANGING = (Half.RUNNING, Half.OBJECTED, Half.HUNG, Half.STALE)


@dataclass
class Driver:
    """A campaign whose batches stand at the first stage of its procedure."""

    by: Actor
    course: Course
    campaign: Campaign
    procedure: Procedure
    travels: Sequence[Travel]

    def drive(self) -> None:
        """Whoever goes beyond a roster first: a roster takes all cases of its area that stand at the stage."""
        waves: dict[int, list[Travel]] = defaultdict(list)
        for each in self.travels:
            waves[sum(_by_roster(stage) for stage in self.procedure.stages[: self._goal(each)])].append(each)
        for _rosters, together in sorted(waves.items(), reverse=True):
            for place, stage in enumerate(self.procedure.stages):
                if passing := [each for each in together if self._goal(each) > place]:
                    self._pass(stage, passing)
            self._stand(together)

    def _goal(self, travel: Travel) -> int:
        """The place of the stage at which it is to stand; behind the last one where it goes to the end."""
        stages = [each.id for each in self.procedure.stages]
        return stages.index(travel.standing.stage) if travel.standing.stage else len(stages)

    def _pass(self, stage: ProcedureStage, travels: Sequence[Travel]) -> None:
        if stage.places:
            with self._ago(self.course.hung[stage.id]):
                for each in travels:
                    acts.post(each)
        days = self.course.left[stage.id]
        with self._ago(days):
            if _by_roster(stage):
                for each in travels:
                    acts.fill(each)
                roster = self._sign_roster(travels[0])
                rosters.pass_roster_on(by=travels[0].office(), roster=roster.pk)
                return
            for each in travels:
                acts.leave(each, _day(days))

    def _stand(self, travels: Sequence[Travel]) -> None:
        """What is done at the stages at which batches are to stand."""
        for days, halves in ((OVER_SINCE, (Half.OVER,)), (RUNS_SINCE, _HANGING)):
            if hanging := [each for each in travels if each.standing.half in halves]:
                with self._ago(days):
                    made = [(acts.post(each), each) for each in hanging]
                for notice, each in made:
                    is_up = PostingPlace.WEB in each.stage.places
                    if each.stage.kind is StageKind.PUBLIC_NOTICE and days == RUNS_SINCE and not is_up:
                        open_notice_page(by=_station(each), notice=notice.pk)
        with self._ago(1):
            for each in travels:
                self._do_half(each, each.standing.half)

    def _do_half(self, travel: Travel, half: Half) -> None:
        if half is Half.MET:
            acts.meet(travel, _day(2))
        elif half is Half.ASKED:
            acts.ask(travel, _day(2), missed=True)
        elif half is Half.OBJECTED:
            acts.object_to(travel)
        elif half is Half.STALE:
            acts.change_record(travel)
        elif half is Half.SHEET:
            acts.fill(travel, half=True)
        elif half is Half.SIGNED and _by_roster(travel.stage):
            self._sign_roster(travel, half=True)
        elif half is Half.SIGNED:
            if travel.stage.kind in acts.SURVEYED:
                acts.survey(travel, _day(2))
            acts.sign(travel, but=_left(travel.stage), by_account=True)

    def _sign_roster(self, travel: Travel, *, half: bool = False) -> Roster:
        """A roster of all that stands at the stage of a batch, signed in every slot, or in those of the first half."""
        stage = travel.stage
        place = code_at(travel.village, stage.level)
        roster = rosters.draw_roster(by=travel.office(), campaign=self.campaign.pk, division=place, stage=stage.id)
        signed = len(stage.slots) - (_left(stage) if half else 0)
        for index, slot in enumerate(stage.slots[:signed]):
            by, given = acts.signed_by(travel, slot, by_account=half)
            rosters.sign_roster(by=by, roster=roster.pk, slot=index, given=given)
        return roster

    def _ago(self, days: int) -> AbstractContextManager[None]:
        return days_ago(days, by=self.by, campaign=self.campaign)


def _by_roster(stage: ProcedureStage) -> bool:
    return bool(stage.slots) and stage.level in ROSTER_LEVELS


def _left(stage: ProcedureStage) -> int:
    """How many slots of a stage wait where it is half signed."""
    return max(1, len(stage.slots) // 2)


def _day(days: int) -> dt.date:
    return timezone.localdate() - dt.timedelta(days=days)


def _station(of: Travel) -> Actor:
    """The township, which puts lists of households on the web."""
    return cast.office(StageLevel.TOWNSHIP, code_at(of.village, StageLevel.TOWNSHIP))
