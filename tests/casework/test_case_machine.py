"""Random acts on a campaign, legal and illegal: nothing is announced that did not pass every stage. 演示数据

The machine knows nothing of guards. It acts as anybody at any time, whatever comes back, and after every act reads what
is written: the steps of every case, the duties of everybody, the statuses of the households.
"""

import datetime as dt
import os
from collections import defaultdict
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any, ClassVar

import pytest
from django.db import transaction
from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule, run_state_machine_as_test

from lika.casework.actions import decisions, effect, moving
from lika.casework.actions.decisions import Said
from lika.casework.actions.moving import Outcome
from lika.casework.choices import BatchState, CampaignKind, CaseState, StepResult
from lika.casework.models import Batch, Case, NoticeLine, Step
from lika.casework.queries.cases import procedure_of
from lika.core.errors import UserError
from lika.policy.choices import StageKind
from lika.policy.queries.procedures import Procedure
from lika.register.choices import PovertyStatus
from lika.register.models import Household
from tests import factories as make
from tests.casework.going import COUNTY, TOWNSHIP, VILLAGE, begun, place, ready
from tests.casework.noticing import hung, over

pytestmark = [pytest.mark.django_db, pytest.mark.generative]

DAY = dt.date(2014, 12, 31)
OFFICIALS = {
    f"{level} {letter}": make.make_actor(code, name=f"{level} {letter}")
    for level, code in (("village", VILLAGE), ("township", TOWNSHIP), ("county", COUNTY))
    for letter in "ab"
}
GOING_ON = (StepResult.PASSED, StepResult.SKIPPED)
WHO, ANY = st.sampled_from(sorted(OFFICIALS)), st.integers(0, 99)
HABITS = settings(
    max_examples=int(os.environ.get("GENERATIVE_EXAMPLES", "15")),
    stateful_step_count=50,
    derandomize="GENERATIVE_EXAMPLES" not in os.environ,
    deadline=None,
    database=None,
    phases=[Phase.explicit, Phase.generate],
    suppress_health_check=list(HealthCheck),
)


@contextmanager
def whatever_comes_back() -> Iterator[None]:
    """An act: refused or not, it leaves all or nothing."""
    try:
        with transaction.atomic():
            yield
    except UserError:
        pass


class Campaign(RuleBasedStateMachine):
    """The exit of three households of one village; every example begins with the same batch and is undone."""

    announced: ClassVar[int] = 0

    @initialize()
    def begin(self) -> None:
        self.undone = transaction.atomic()
        self.undone.__enter__()

    def teardown(self) -> None:
        type(self).announced += Case.objects.exclude(decided_on=None).count()
        transaction.set_rollback(True)
        self.undone.__exit__(None, None, None)

    def batch(self, number: int) -> Batch:
        """One of the batches, the open ones ten times as likely as the others."""
        found = list(Batch.objects.select_related("campaign", "division").order_by("number", "sequence"))
        weighted = [each for each in found for _n in range(10 if each.state == BatchState.OPEN else 1)]
        return weighted[number % len(weighted)]

    @rule(number=ANY)
    def put_on_record(self, number: int) -> None:
        """What the stage is made of: a meeting, forms, papers."""
        ready(self.batch(number))

    @rule(number=ANY, letter=st.sampled_from("ab"))
    def do_what_is_right(self, number: int, letter: str) -> None:
        """Somebody of the level passes the stage as its kind asks; refused where the person had another duty."""
        batch = self.batch(number)
        stage = procedure_of(batch).stage(batch.stage)
        ready(batch)
        if stage.kind is StageKind.PUBLIC_NOTICE:
            with whatever_comes_back():
                over(OFFICIALS[f"{stage.level.value} {letter}"], batch)
        else:
            if stage.kind is StageKind.ANNOUNCEMENT:
                with whatever_comes_back():
                    hung(OFFICIALS[f"{stage.level.value} {letter}"], batch)
            self.pass_on(f"{stage.level.value} {letter}", batch)

    @rule(who=WHO, number=ANY)
    def go_on_unprepared(self, who: str, number: int) -> None:
        """Anybody, at any stage, with nothing put on record."""
        self.pass_on(who, self.batch(number))

    @rule(who=WHO, number=ANY, results=st.lists(st.sampled_from(StepResult), min_size=3, max_size=3), to=ANY, said=ANY)
    def settle(self, who: str, number: int, results: list[StepResult], to: int, said: int) -> None:
        """Any result for every case, back to any stage, with and without a reason."""
        batch = self.batch(number)
        stages = procedure_of(batch).stages
        with whatever_comes_back():
            standing = moving.take(OFFICIALS[who], batch.pk)
            outcomes = {
                case.pk: Outcome(result, stages[(to + n) % len(stages)].id, "演示" if said % 4 else "")
                for n, (case, result) in enumerate(zip(standing.open, results, strict=False))
            }
            moving.settle(standing, outcomes, action="case.test")

    @rule(who=WHO, number=ANY, seen=ANY)
    def decide_on_a_stale_page(self, who: str, number: int, seen: int) -> None:
        """A form of a stage that was left, or is not reached."""
        batch = self.batch(number)
        stages = procedure_of(batch).stages
        with whatever_comes_back():
            stage = stages[seen % len(stages)].id
            decisions.decide(by=OFFICIALS[who], batch=batch.pk, stage=stage, others={}, said=Said("演示"))

    @rule(who=WHO, number=ANY, later=st.booleans())
    def announce(self, who: str, number: int, later: bool) -> None:
        day = dt.date(2999, 1, 1) if later else DAY
        with whatever_comes_back():
            effect.announce(by=OFFICIALS[who], batch=self.batch(number).pk, effective_on=day)

    @rule(who=WHO, number=ANY, case=ANY)
    def hold_back(self, who: str, number: int, case: int) -> None:
        with whatever_comes_back():
            held = [self.case(case).pk]
            effect.hold_back(by=OFFICIALS[who], batch=self.batch(number).pk, cases=held, reason="演示")

    @rule(number=ANY)
    def objection_comes(self, number: int) -> None:
        case = self.case(number)
        if case.state == CaseState.OPEN and case.decided_on is None:
            Case.objects.filter(pk=case.pk).update(state=CaseState.STOPPED)

    @rule(number=ANY)
    def objection_is_answered(self, number: int) -> None:
        Case.objects.filter(pk=self.case(number).pk, state=CaseState.STOPPED).update(state=CaseState.OPEN)

    @rule(number=ANY, verdict=st.sampled_from([1, 1, 0, None]))
    def screened_again(self, number: int, verdict: int | None) -> None:
        Case.objects.filter(pk=self.case(number).pk).update(verdicts={"exit": verdict})

    def case(self, number: int) -> Case:
        found = list(Case.objects.order_by("number"))
        return found[number % len(found)]

    def pass_on(self, who: str, batch: Batch) -> None:
        with whatever_comes_back():
            if procedure_of(batch).stage(batch.stage).kind is StageKind.ANNOUNCEMENT:
                effect.announce(by=OFFICIALS[who], batch=batch.pk, effective_on=DAY)
            else:
                moving.passed(moving.take(OFFICIALS[who], batch.pk), action="case.test")

    @invariant()
    def every_case_came_the_whole_way(self) -> None:
        for case in Case.objects.select_related("batch__campaign"):
            procedure = procedure_of(case.batch)
            here = [stage.id for stage in procedure.stages].index(case.stage)
            behind = list(procedure.stages[: here + (case.state == CaseState.DONE)])
            passed = way_of(case, procedure)
            assert passed == [stage.id for stage in behind if stage.id in passed or not stage.optional], case.number

    @invariant()
    def nobody_has_two_duties(self) -> None:
        duties = defaultdict(set)
        for case, who, duty in Step.objects.exclude(duty="").values_list("case", "by_name", "duty"):
            duties[case, who].add(duty)
        assert {pair: held for pair, held in duties.items() if len(held) > 1} == {}

    @invariant()
    def what_is_objected_to_is_not_announced(self) -> None:
        assert not Case.objects.filter(state=CaseState.STOPPED).exclude(decided_on=None).exists()

    @invariant()
    def who_is_announced_hung_in_public(self) -> None:
        announced = set(Case.objects.exclude(decided_on=None).values_list("pk", flat=True))
        lines = NoticeLine.objects.filter(notice__stage="announcement", notice__postings__posted_on__isnull=False)
        assert announced <= set(lines.values_list("case", flat=True))

    @invariant()
    def a_status_changes_by_an_announcement_alone(self) -> None:
        announced = Step.objects.filter(stage="announcement", result=StepResult.PASSED).values("case__household_id")
        exited = Household.objects.filter(poverty_status=PovertyStatus.EXITED)
        assert set(exited.values_list("pk", flat=True)) == {each["case__household_id"] for each in announced}


def way_of(case: Case, procedure: Procedure) -> list[str]:
    """The stages that a case passed since it was last sent back, in the order in which it passed them."""
    order = {stage.id: place for place, stage in enumerate(procedure.stages)}
    way: list[str] = []
    for step in Step.objects.filter(case=case).order_by("at", "id"):
        if step.result in GOING_ON:
            way.append(step.stage)
        elif step.result == StepResult.RETURNED:
            way = [stage for stage in way if order[stage] < order[step.to_stage]]
    return way


def test_random_acts_announce_nothing_that_did_not_pass_every_stage(settings: Any, tmp_path: Path) -> None:
    settings.LIKA = replace(settings.LIKA, data_dir=tmp_path)
    begun(place(3, status=PovertyStatus.PLANNED), CampaignKind.REDUCTION)
    Campaign.announced = 0
    run_state_machine_as_test(Campaign, settings=HABITS)
    assert Campaign.announced > 0  # some of the ways led to the end
