"""The second place: a township of 靖西 with the people that its document lays down, run through the loop."""

from collections.abc import Iterator

import pytest
from django.core.management import call_command

from lika.accounts.models import Official
from lika.accounts.queries import actor_of
from lika.casework.queries import quotas
from lika.collection.models import ImportBatch
from lika.core.areas import Area
from lika.demo import summary
from lika.demo.loop import Files, Loop, Outcome
from lika.demo.place import Place, draw_place, villages
from lika.demo.places import KUIXU
from lika.register import queries as register
from lika.register.choices import STILL_POOR
from lika.register.models import HouseholdItem
from lika.snapshots import queries as snapshots
from lika.snapshots.models import RollUp, Snapshot

PEOPLE = 5996  # 003 §三(一)2


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
        assert set(seen) == {"jingxi", "kuixu"}
        assert seen["jingxi"] == seen["kuixu"] == register.status_counts(Area.of(["451081"])).total[0]

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
