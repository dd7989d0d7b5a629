"""Surveys of a village by two surveyors: shared out, visited, signed by both; what is refused. 演示数据"""

import datetime as dt
import threading

import pytest
from django.db import IntegrityError, connection, transaction
from django.utils import timezone

from lika.accounts.choices import Role
from lika.accounts.models import Official
from lika.accounts.queries import UserActor, actor_of
from lika.core.actors import SystemActor
from lika.core.bounds import told
from lika.core.errors import NotFound, PermissionRefused, UserError
from lika.core.models import AuditEntry
from lika.governance.actions import duties
from lika.governance.actions import surveys as actions
from lika.governance.choices import VisitResult
from lika.governance.models import Survey, SurveyTask, SurveyVisit
from lika.governance.queries import surveys as reads
from tests import factories as make
from tests.console.officials import official
from tests.web_role import web_role

pytestmark = pytest.mark.django_db

TODAY = timezone.localdate()


@pytest.fixture
def station() -> SystemActor:
    """The township's station; two households in one village, one in the next."""
    for number, village in (("A1", make.VILLAGE), ("A2", make.VILLAGE), ("B1", make.OTHER_VILLAGE)):
        make.make_household(village, number=number)
    return make.make_actor(make.TOWNSHIP)


@pytest.fixture
def villager() -> UserActor:
    return actor_of(official(Role.VILLAGE))


@pytest.fixture
def townsman() -> UserActor:
    return actor_of(official(Role.TOWNSHIP))


def opened(by: SystemActor) -> Survey:
    return actions.open_survey(by=by, village=make.VILLAGE, purpose="演示：年度入户调查")


def shared(by: SystemActor, first: UserActor, second: UserActor, **given: object) -> SurveyTask:
    survey = Survey.objects.first() or opened(by)
    return actions.add_task(by=by, survey=survey.pk, first=first.official_id, second=second.official_id, **given)


def mark(by: UserActor | SystemActor, visit: SurveyVisit, result: VisitResult = VisitResult.SURVEYED, **given: object):
    asked = {"visited_on": TODAY, "notes_given": True} | given
    return actions.mark_visit(by=by, visit=visit.pk, result=result, **asked)


def code_of(call, *args: object, **given: object) -> str:
    with pytest.raises(UserError) as refused:
        call(*args, **given)
    return refused.value.code


def progress(by: SystemActor) -> list[tuple[int, int, int]]:
    return [(each.households, each.visited, each.notes) for each in reads.list_surveys(by)]


def test_from_opening_to_both_signatures(station, villager, townsman) -> None:
    task = shared(station, villager, townsman)
    first, second = task.visits.order_by("pk")
    assert progress(station) == [(2, 0, 0)]
    assert reads.waiting(villager) == reads.SurveyWaiting(task.pk, 2, 0)

    mark(villager, first)
    mark(townsman, second, VisitResult.ABSENT, notes_given=False, note="演示：无人在家")
    assert progress(station) == [(2, 1, 1)]
    assert [line.visit for line in reads.day_list(villager, task)] == [second, first]  # who is left stands first
    assert code_of(actions.sign_task, by=villager, task=task.pk, surveyor=villager.official_id) == "GOV-032"

    mark(townsman, second)
    assert (progress(station), reads.waiting(villager)) == ([(2, 2, 2)], reads.SurveyWaiting(task.pk, 0, 1))
    actions.sign_task(by=villager, task=task.pk, surveyor=villager.official_id)
    assert code_of(mark, townsman, second) == "GOV-030"
    assert code_of(actions.close_survey, by=station, survey=task.survey_id) == "GOV-033"
    actions.sign_task(by=townsman, task=task.pk, surveyor=townsman.official_id)
    actions.close_survey(by=station, survey=task.survey_id)
    task.refresh_from_db()
    assert (task.is_signed, Survey.objects.get().closed_on) == (True, TODAY)
    assert code_of(actions.close_survey, by=station, survey=task.survey_id) == "GOV-028"
    told_of = AuditEntry.objects.filter(subject_kind="survey").order_by("at").values_list("action", flat=True)
    assert list(told_of) == [
        *("survey.opened", "survey.shared", "survey.visited", "survey.visited", "survey.visited"),
        *("survey.signed", "survey.signed", "survey.closed"),
    ]


def test_two_different_surveyors(station, villager, townsman) -> None:
    assert code_of(shared, station, villager, villager) == "GOV-024"
    stranger = actor_of(official(Role.VILLAGE, make.OTHER_VILLAGE))
    assert code_of(shared, station, villager, stranger) == "GOV-025"
    with pytest.raises(IntegrityError), transaction.atomic():
        SurveyTask.objects.create(survey=opened(station), first_id=villager.official_id, second_id=villager.official_id)
    assert SurveyTask.objects.count() == 0


def test_households_are_shared_out_once(station, villager, townsman) -> None:
    task = shared(station, villager, townsman, numbers=["A2", "A2"])
    assert [line.row.number for line in reads.day_list(station, task) if line.row] == ["A2"]
    assert code_of(shared, station, villager, townsman, numbers=["A2"]) == "GOV-026"
    assert code_of(shared, station, villager, townsman, numbers=["B1"]) == "GOV-026"
    rest = shared(station, villager, townsman)
    assert [line.row.number for line in reads.day_list(station, rest) if line.row] == ["A1"]
    assert code_of(shared, station, villager, townsman) == "GOV-027"


@pytest.mark.django_db(transaction=True)
def test_of_two_who_share_out_one_village_the_second_waits_and_finds_nothing_left(station, villager, townsman) -> None:
    survey, answers = opened(station), []

    def second() -> None:
        try:
            answers.append(code_of(shared, station, villager, townsman))
        finally:
            connection.close()

    thread = threading.Thread(target=second)
    with transaction.atomic():
        shared(station, villager, townsman)
        thread.start()
        thread.join(0.5)  # long enough to run into the lock; without one it would be through
        assert (thread.is_alive(), answers) == (True, [])
    thread.join()
    assert (answers, survey.visits.count()) == (["GOV-027"], 2)


def test_nobody_signs_for_the_other(station, villager, townsman) -> None:
    task = shared(station, villager, townsman)
    for visit in task.visits.all():
        mark(villager, visit)
    with pytest.raises(PermissionRefused):
        actions.sign_task(by=townsman, task=task.pk, surveyor=villager.official_id)
    with pytest.raises(PermissionRefused):  # the other has an account and signs alone
        actions.sign_task(by=station, task=task.pk, surveyor=villager.official_id)
    task.refresh_from_db()
    assert (task.first_signed_at, task.second_signed_at) == (None, None)


def test_who_has_no_account_signs_on_paper(station, villager, townsman) -> None:
    """Named for a duty, without account: the township writes the signature down, unless it is the other surveyor."""
    term = duties.appoint_by_name(
        by=station, name="演示·文书", organisation="", duty_id="village_keeper", division=make.VILLAGE, begins_on=TODAY
    )
    survey = opened(station)
    task = actions.add_task(by=station, survey=survey.pk, first=term.official_id, second=townsman.official_id)
    for visit in task.visits.all():
        mark(townsman, visit)
    with pytest.raises(PermissionRefused):
        actions.sign_task(by=townsman, task=task.pk, surveyor=term.official_id)
    signed = actions.sign_task(by=station, task=task.pk, surveyor=term.official_id)
    assert (signed.first_signed_by, signed.second_signed_at) == (station.name, None)


def test_only_the_two_and_the_township_mark(station, villager, townsman) -> None:
    task = shared(station, villager, townsman)
    visit = task.visits.first()
    colleague = actor_of(official(Role.VILLAGE))
    with pytest.raises(PermissionRefused):
        mark(colleague, visit)
    with pytest.raises(NotFound):
        mark(actor_of(official(Role.VILLAGE, make.OTHER_VILLAGE)), visit)
    assert mark(station, visit).marked_by == station.name


@pytest.mark.parametrize(
    ("given", "code"),
    [
        ({"visited_on": TODAY + dt.timedelta(days=1)}, "GOV-023"),
        ({"visited_on": TODAY - dt.timedelta(days=1)}, "GOV-023"),
        ({"note": "长" * 501}, "GOV-031"),
    ],
)
def test_what_cannot_be_marked(station, villager, townsman, given, code) -> None:
    visit = shared(station, villager, townsman).visits.first()
    assert code_of(mark, villager, visit, **given) == code
    visit.refresh_from_db()
    assert visit.visited_on is None


@pytest.mark.parametrize(
    ("given", "code"),
    [
        ({"village": make.TOWNSHIP}, "GOV-021"),
        ({"purpose": " "}, "GOV-022"),
        ({"due_on": TODAY - dt.timedelta(days=1)}, "GOV-023"),
        ({"village": make.ELSEWHERE}, "ACC-002"),
    ],
)
def test_what_cannot_be_opened(station, given, code) -> None:
    make.make_division(make.ELSEWHERE)
    asked = {"village": make.VILLAGE, "purpose": "演示"} | given
    assert (code_of(actions.open_survey, by=station, **asked), Survey.objects.count()) == (code, 0)


def test_the_wall_shows_a_village_its_own_surveys_alone(station, villager, townsman) -> None:
    shared(station, villager, townsman)
    neighbour = actor_of(official(Role.VILLAGE, make.OTHER_VILLAGE))
    counted = []
    for reader in (villager, neighbour):
        with told(reader.bounds), web_role():
            counted.append([model.objects.count() for model in (Survey, SurveyTask, SurveyVisit)])
    assert counted == [[1, 1, 2], [0, 0, 0]]
    assert Official.objects.count() == 3
