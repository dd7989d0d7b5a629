"""The first place, with batches at every stage of the exit of households, and villages that exit. 演示数据"""

from collections import Counter
from collections.abc import Iterator

import pytest
from django.core.management import call_command

from lika.casework.models import Batch, Campaign, Case, Indicator, IndicatorCheck, Notice, Roster, Signature
from lika.casework.queries.cases import procedure_of
from lika.casework.queries.clock import database_now
from lika.casework.queries.notices import clock_of
from lika.casework.queries.signing import signed
from lika.core.models import AuditEntry
from lika.demo.casework import campaigns
from lika.demo.casework.standings import EXIT, VILLAGE_EXIT
from lika.demo.loop import Files, Loop, actor
from lika.demo.places import DANGCHANG
from lika.disclosure.models import NoticePage
from lika.register import queries as register
from tests.demo.standing import batches_waiting, standing, states

pytestmark = pytest.mark.slow

HOUSEHOLDS = 7000  # of the county: enough that two in three villages of the township have somebody to propose
# Where the batch of each village stands, and those that were set apart; "" where all is done.
STANDING = {
    "621223100002": "",
    "621223100004": "announcement",
    "621223100005": "county_signatures",
    "621223100200": "township_signatures",
    "621223100201": "prefecture_signatures",
    "621223100201-1": "verification",
    "621223100203": "notice",
    "621223100204": "notice",
    "621223100205": "consent",
    "621223100206": "proposal",
    "621223100207": "proposal",
    "621223100208": "evaluation",
    "621223100209": "verification",
    "621223100210": "appraisal",
    "621223100211": "proposal",
    "621223100212": "proposal",
    "621223100213": "proposal",
    "621223100214": "proposal",
    "621223100215": "village_signatures",
    "621223100216": "proposal",
}


@pytest.fixture(scope="module")
def _place(
    django_db_setup: None, django_db_blocker: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[None]:
    """The loop, run once for the module and committed; the tables are emptied afterwards."""
    with django_db_blocker.unblock():  # type: ignore[attr-defined]
        files = Files(tmp_path_factory.mktemp("demo"))
        Loop(lambda line: None, files, households=HOUSEHOLDS, province="62", places=[DANGCHANG]).run()
        yield
        call_command("flush", interactive=False, verbosity=0)


@pytest.fixture(autouse=True)
def _open_database(_place: None, django_db_blocker: pytest.FixtureRequest) -> Iterator[None]:
    with django_db_blocker.unblock():  # type: ignore[attr-defined]
        yield


def _campaign() -> Campaign:
    return Campaign.objects.get(division=EXIT.area)


def _of_villages() -> Campaign:
    return Campaign.objects.get(division=VILLAGE_EXIT.area, kind="village_exit")


def test_batches_stand_at_every_stage_of_the_exit() -> None:
    found = standing(_campaign())
    assert found == STANDING
    procedure = procedure_of(Batch.objects.filter(campaign=_campaign()).first())
    assert set(found.values()) == {stage.id for stage in procedure.stages} | {""}


def test_one_is_stopped_one_struck_out_one_announced_with_its_support_kept() -> None:
    assert states(_campaign()) == {"open": 32, "stopped": 1, "struck_out": 1, "done": 1}
    case = Case.objects.get(state="done")
    household = register.households_visible_to(actor()).get(pk=case.household_id)
    assert (household.poverty_status, case.support_kept, case.effective_on) == ("30", True, DANGCHANG.time_point)


def test_the_running_notices_run_and_hang_on_the_web() -> None:
    running = Notice.objects.filter(kind="notice", state="hanging", batch__campaign=_campaign())
    moment = database_now()
    over = [period.is_over(moment) for notice in running if (period := clock_of(notice).period) is not None]
    assert over == [False, False]
    pages = set(NoticePage.objects.values_list("pk", flat=True))
    of_villages = set(Notice.objects.filter(batch__campaign=_of_villages()).values_list("pk", flat=True))
    assert pages == set(running.values_list("pk", flat=True)) | of_villages


def test_what_was_set_back_voids_no_signature() -> None:
    """Every slot before the stage of a case holds; at its own stage the first ones, where it is half signed.

    Void is only what was signed on the case that was returned.
    """
    returned = Case.objects.get(batch__campaign=_campaign(), batch__sequence=1)
    void = Signature.objects.exclude(void_at=None)
    assert set(void.values_list("case__number", "void_reason")) == {(returned.number, "returned")}
    waiting = {}
    for batch in Batch.objects.filter(campaign=_campaign(), state="open"):
        cases, procedure = list(batch.cases.filter(state="open")), procedure_of(batch)
        for state in signed(cases, procedure, batch.stage).values():
            if state.missing is not None:
                waiting.setdefault(batch.stage, set()).add((state.missing.stage.id, state.missing.index))
    assert waiting == {
        "village_signatures": {("village_signatures", 2)},
        "township_signatures": {("township_signatures", 2)},
        "county_signatures": {("county_signatures", 2)},
        "prefecture_signatures": {("prefecture_signatures", 1)},
    }
    drawn = Roster.objects.filter(campaign=_campaign()).values_list("stage", flat=True)
    assert Counter(drawn) == {"county_signatures": 3, "prefecture_signatures": 2}


def test_villages_that_exit_stand_from_their_own_word_to_the_announcement() -> None:
    assert standing(_of_villages()) == {each.village: each.stage for each in VILLAGE_EXIT.standings}
    villages = [each.village for each in VILLAGE_EXIT.standings]
    assert register.poor_area_statuses(villages) == dict.fromkeys(villages, "1")  # no announcement took effect yet


def test_their_sheets_are_filled_in_as_far_as_they_stand() -> None:
    said = Indicator.objects.exclude(self_met=None).values_list("sheet__case__division", flat=True)
    checked = IndicatorCheck.objects.values_list("indicator__sheet__case__division", "stage")
    every, half = 5, 3  # items
    evaluated = {each.village: half if each.stage == "self_evaluation" else every for each in VILLAGE_EXIT.standings}
    assert Counter(f"{code:012d}" for code in said) == evaluated
    found = Counter((f"{code:012d}", stage) for code, stage in checked)
    at_the_check = [found["621223110203", stage] for stage in ("township_signatures", "department_check")]
    assert at_the_check == [every, half]
    assert {stage for code, stage in found if code == "621223219202"} == {
        "township_signatures", "department_check", "county_signatures"
    }  # fmt: skip


@pytest.mark.parametrize(
    ("username", "line"),
    [
        ("cunzhuangan", "1批案件待您办理 没有逾期。"),
        ("zhucundui", "1批案件待您办理 没有逾期。"),
        ("xiangzhen", "1批案件待您办理 没有逾期。"),
        ("xianban", "3批案件待您办理 没有逾期。"),
        ("caoxiacun", "1批案件待您办理 没有逾期。"),
        ("jiaoyuju", "1批案件待您办理 没有逾期。"),
        ("shiban", "4批案件待您办理 没有逾期。"),
        ("shizhang", "4批案件待您办理 没有逾期。"),
    ],
)
def test_the_home_page_says_what_waits(username: str, line: str) -> None:
    assert batches_waiting(username) == [line]


def test_a_second_run_finds_everything_done() -> None:
    before = AuditEntry.objects.count()
    campaigns.show_exit(by=actor())
    campaigns.show_village_exit(by=actor())
    assert AuditEntry.objects.count() == before
