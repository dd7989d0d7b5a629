"""The second place: a township of 靖西 with the people that its document lays down, run through the loop."""

from collections import Counter
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from django.core.management import call_command

from lika.accounts.models import Official, User
from lika.accounts.queries import actor_of
from lika.casework.actions.effect import announce
from lika.casework.choices import BatchState, NoticeKind, NoticeState
from lika.casework.models import Batch, Campaign, Notice, Objection
from lika.casework.queries import quotas
from lika.casework.queries.cases import procedure_of
from lika.casework.queries.clock import database_now
from lika.casework.queries.notices import clock_of
from lika.casework.queries.staleness import changed_since
from lika.collection.models import ImportBatch
from lika.core.areas import Area
from lika.core.errors import UserError
from lika.core.models import AuditEntry
from lika.demo import summary
from lika.demo.casework import campaigns
from lika.demo.casework.past import days_ago
from lika.demo.loop import Files, Loop, Outcome, actor
from lika.demo.place import Place, draw_place, villages
from lika.demo.places import KUIXU
from lika.register import queries as register
from lika.register.choices import STILL_POOR
from lika.register.models import HouseholdItem
from lika.snapshots import queries as snapshots
from lika.snapshots.models import RollUp, Snapshot
from tests.demo.standing import batches_waiting, standing, states

PEOPLE = 5996  # 003 §三(一)2
# Where the batch of each village stands, and those that were set apart; "" where all is done.
STANDING = {
    "451081215201": "first_notice",
    "451081215201-1": "application",
    "451081215202": "",
    "451081215203": "data_entry",
    "451081215204": "handbook",
    "451081215205": "announcement",
    "451081215206": "announcement",
    "451081215207": "county_review",
    "451081215208": "second_notice",
    "451081215209": "second_notice",
    "451081215209-1": "appraisal",
    "451081215210": "township_review",
    "451081215211": "first_notice",
    "451081215212": "first_notice",
    "451081215213": "verification",
    "451081215214": "appraisal",
    "451081215215": "appraisal",
    "451081215216": "application",
}


@pytest.fixture(scope="module")
def place() -> Place:
    return draw_place(KUIXU.name)


@pytest.fixture(scope="module")
def outcome(
    django_db_setup: None, django_db_blocker: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Outcome]:
    """The loop on this place alone, run once for the module and committed; the tables are emptied afterwards."""
    files = Files(tmp_path_factory.mktemp("demo"))
    with django_db_blocker.unblock():  # type: ignore[attr-defined]
        (found,) = Loop(lambda line: None, files, province="45", places=[KUIXU]).run()
        yield found
        call_command("flush", interactive=False, verbosity=0)


@pytest.fixture
def _open(outcome: Outcome, django_db_blocker: pytest.FixtureRequest) -> Iterator[None]:
    with django_db_blocker.unblock():  # type: ignore[attr-defined]
        yield


def test_the_villages_are_the_real_ones_and_share_the_people() -> None:
    listed = villages(KUIXU.table)
    assert {village.township for village in listed} == {"451081215000"}
    assert (len(listed), sum(village.people or 0 for village in listed)) == (16, PEOPLE)
    assert (listed[0].code, listed[0].name) == ("451081215201", "魁圩村")


def test_each_village_registers_its_share_in_whole_households(place: Place) -> None:
    registered: dict[str, int] = {}
    for house in place.houses:
        if house.status in STILL_POOR:
            registered[house.village] = registered.get(house.village, 0) + len(house.members)
    assert registered == {village.code: village.people for village in place.villages}
    assert place.persons > PEOPLE  # exited and ordinary households are in the register besides
    assert all(sum(member.relation == "01" for member in house.members) == 1 for house in place.houses)


def test_the_same_seed_gives_the_same_place(place: Place) -> None:
    assert draw_place(KUIXU.name) == place


def test_identity_numbers_are_of_a_code_that_no_card_was_issued_under(place: Place) -> None:
    assert {member.identity[:6] for house in place.houses for member in house.members if member.identity} == {"450000"}


@pytest.mark.usefixtures("_open")
class TestTheLoop:
    def test_the_workbook_carries_warnings_and_no_error(self) -> None:
        batch = ImportBatch.objects.get(file_name="演示-靖西魁圩乡.xlsx")
        assert (batch.state, batch.errors) == ("published", 0)

    def test_the_registered_people_are_those_of_the_document(self) -> None:
        counts = register.status_counts(Area.of(["451081"]))
        assert counts.of(list(STILL_POOR))[1] == PEOPLE

    def test_the_flags_of_the_pack_are_in_the_register(self) -> None:
        items = set(HouseholdItem.objects.values_list("item", flat=True))
        assert items == set(KUIXU.table["items"])

    def test_identification_proposes_some_and_leaves_out_others(self, outcome: Outcome) -> None:
        totals = {
            (row.criterion, name): getattr(row, name)
            for row in RollUp.objects.filter(screening=outcome.screenings[1], unit_kind="household", level=4)
            for name in ("met", "not_met", "unknown")
        }
        households = register.status_counts(Area.of(["451081"])).total[0]
        for criterion in ("in_base", "income_below", "whole_household", "not_split", "identification", "exit"):
            assert totals[criterion, "met"] > 0, criterion
            assert sum(totals[criterion, name] for name in ("met", "not_met", "unknown")) == households
        assert totals["in_base", "met"] < households
        assert totals["identification", "met"] < totals["in_base", "met"]
        assert totals["return_to_poverty", "met"] > 0

    def test_the_documents_own_pack_proposes_nobody_while_a_condition_waits_for_its_basis(
        self, outcome: Outcome
    ) -> None:
        (row,) = RollUp.objects.filter(screening=outcome.screenings[0], criterion="identification", level=4)
        assert (row.met, row.unknown > 0) == (0, True)

    def test_its_own_officials_see_it(self) -> None:
        seen = {
            official.user.username: register.status_counts(actor_of(official.user).area).total[0]
            for official in Official.objects.filter(user__isnull=False)
        }
        county, village = (register.status_counts(Area.of([code])).total[0] for code in ("451081", "451081215201"))
        assert seen == dict.fromkeys(("jingxi", "jingxifu", "kuixu"), county) | dict.fromkeys(
            ("kuixucun", "kuixudui"), village
        )

    def test_the_printed_summary_names_it(self, outcome: Outcome) -> None:
        printed = "\n".join(summary.lines([outcome]))
        assert "靖西" in printed
        assert "魁圩乡" in printed
        assert "（演示数据）" in printed

    def test_the_snapshot_is_at_the_time_point_of_the_document(self, outcome: Outcome) -> None:
        assert outcome.snapshot.at.isoformat() == "2013-12-31"
        assert Snapshot.objects.count() == 1
        assert snapshots.summary_of(outcome.screenings[1], "household").criterion in ("identification", "exit")


@pytest.mark.usefixtures("_open")
def test_the_control_size_is_split_to_the_villages_and_published() -> None:
    """As proposed every village would take those who are registered there; the meeting moved six persons."""
    by = actor_of(Official.objects.get(user__username="kuixu").user)
    (root,) = quotas.uppermost(by)
    split = quotas.split_of(root)
    assert (root.allocated, split.balance, root.split) == (PEOPLE, 0, "published")
    assert [line.quota.proposed for line in split.lines] == [village.people for village in villages(KUIXU.table)]
    assert [line.by_hand for line in split.lines] == [-6, 6] + [0] * 14


@pytest.mark.usefixtures("_open")
class TestCases:
    def test_batches_stand_at_every_stage_of_the_identification(self) -> None:
        campaign = Campaign.objects.get()
        found = standing(campaign)
        assert found == STANDING
        procedure = procedure_of(Batch.objects.filter(campaign=campaign).first())
        assert set(found.values()) == {stage.id for stage in procedure.stages} | {""}

    def test_one_is_stopped_one_returned_one_struck_out_one_announced(self) -> None:
        campaign = Campaign.objects.get()
        assert states(campaign) == {"open": 45, "stopped": 1, "done": 2, "struck_out": 1}
        assert [objection.state for objection in Objection.objects.all()] == ["acknowledged"]

    def test_a_running_notice_really_runs_and_one_is_over(self) -> None:
        moment = database_now()
        hanging = Notice.objects.filter(state=NoticeState.HANGING, kind=NoticeKind.NOTICE)
        ends = Counter(
            (notice.stage, (period := clock_of(notice).period) is not None and period.is_over(moment))
            for notice in hanging
        )
        assert ends == {
            ("first_notice", False): 1, ("first_notice", True): 1,
            ("second_notice", False): 1, ("second_notice", True): 1,
        }  # fmt: skip

    def test_one_case_is_stale_and_cannot_be_announced(self) -> None:
        county = actor_of(User.objects.get(username="jingxifu"))
        stale = {
            batch.pk: [change.label for changes in found.values() for change in changes]
            for batch in Batch.objects.filter(stage="announcement", state=BatchState.OPEN)
            if (found := changed_since(county, batch.cases.select_related("batch__campaign")))
        }
        ((batch, labels),) = stale.items()
        assert labels == ["房屋安全等级"]
        with pytest.raises(UserError) as refused:
            announce(by=county, batch=batch, effective_on=KUIXU.time_point)
        assert refused.value.code == "CAS-057"

    def test_the_register_is_as_the_document_says_all_the_same(self) -> None:
        assert register.status_counts(Area.of(["451081"])).of(list(STILL_POOR))[1] == PEOPLE

    def test_the_audit_says_what_was_set_back_and_a_second_run_finds_all_done(self) -> None:
        told = AuditEntry.objects.filter(action="demonstration.set_back")
        before = (told.count(), AuditEntry.objects.count())
        assert before[0] > 0
        campaigns.show_identification(by=actor())
        assert (told.count(), AuditEntry.objects.count()) == before

    @pytest.mark.parametrize(
        ("username", "line"),
        [
            ("kuixucun", "2批案件待您办理 没有逾期。"),
            ("kuixudui", "2批案件待您办理 没有逾期。"),
            ("kuixu", "4批案件待您办理 其中逾期1件。"),
            ("jingxi", "3批案件待您办理 没有逾期。"),
            ("jingxifu", "3批案件待您办理 没有逾期。"),
        ],
    )
    def test_the_home_page_says_what_waits(self, username: str, line: str) -> None:
        assert batches_waiting(username) == [line]


@pytest.mark.django_db
def test_nothing_is_set_back_in_a_register_that_is_no_demonstration(settings: Any, tmp_path: Path) -> None:
    settings.LIKA = replace(settings.LIKA, data_dir=tmp_path)
    with pytest.raises(UserError) as refused, days_ago(3, by=actor(), campaign=Campaign()):
        pytest.fail("entered")
    assert refused.value.code == "DEM-009"
