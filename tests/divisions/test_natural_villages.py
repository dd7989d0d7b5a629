"""Natural villages and positions: codes of their own below the village."""

from collections.abc import Callable
from decimal import Decimal

import pytest

from lika.core.actors import SystemActor
from lika.core.areas import Area
from lika.core.errors import NotFound, PermissionRefused, UserError
from lika.core.models import AuditEntry
from lika.core.permissions import Permission
from lika.divisions import actions, queries, sources
from lika.divisions.actions import NaturalVillage, Position
from lika.divisions.choices import Level
from lika.divisions.models import Division

pytestmark = pytest.mark.usefixtures("corner")

EAST = NaturalVillage("621223100201", "东屯")
WEST = NaturalVillage("621223100201", "西屯")
ELSEWHERE = NaturalVillage("621223100202", "东屯")


def test_each_gets_the_next_number_of_its_village(manager: SystemActor) -> None:
    made = actions.add_natural_villages(by=manager, entries=[EAST, ELSEWHERE, WEST])
    assert {entry: division.code for entry, division in made.items()} == {
        EAST: "621223100201-001",
        WEST: "621223100201-002",
        ELSEWHERE: "621223100202-001",
    }
    east = queries.get("621223100201-001")
    assert (east.name, east.level, east.number, east.parent_id) == (
        "东屯", Level.NATURAL_VILLAGE, 621223100201, "621223100201",
    )  # fmt: skip
    assert east.area_range() == (621223100201, 621223100201)
    assert queries.path_label(east.code) == "甘肃省 陇南市 宕昌县 城关镇 旧城村委会 东屯"
    assert [division.name for division in queries.children("621223100201")] == ["东屯", "西屯"]
    assert queries.counts_by_level("621223100")[Level.NATURAL_VILLAGE] == 3


def test_naming_again_gives_the_same_code(manager: SystemActor) -> None:
    first = actions.add_natural_villages(by=manager, entries=[EAST])
    again = actions.add_natural_villages(by=manager, entries=[EAST, WEST, EAST])
    assert first[EAST] == again[EAST]
    assert again[WEST].code == "621223100201-002"
    recorded = AuditEntry.objects.filter(action="divisions.add_natural_village").order_by("id")
    assert list(recorded.values_list("subject_id", "county", "label")) == [
        ("621223100201-001", 621223, "东屯"),
        ("621223100201-002", 621223, "西屯"),
    ]


def test_a_number_is_never_used_again(manager: SystemActor) -> None:
    actions.add_natural_villages(by=manager, entries=[EAST, WEST])
    Division.objects.filter(pk="621223100201-002").update(valid_to="2020-01-01")
    made = actions.add_natural_villages(by=manager, entries=[WEST])
    assert made[WEST].code == "621223100201-003"


def test_the_numbers_of_a_village_can_run_out(manager: SystemActor, csv_batch: Callable[[str], sources.Batch]) -> None:
    actions.load(by=manager, batch=csv_batch("code,name,level\n621223100201-999,末屯,6\n"), overwrite=False)
    with pytest.raises(UserError) as refused:
        actions.add_natural_villages(by=manager, entries=[ELSEWHERE, EAST])
    assert (refused.value.code, refused.value.where) == ("DIV-013", {"division": "621223100201"})
    assert Division.objects.filter(level=Level.NATURAL_VILLAGE).count() == 1


@pytest.mark.parametrize(
    ("entry", "code"),
    [
        (NaturalVillage("621223100", "屯"), "DIV-013"),
        (NaturalVillage("621223100201", " "), "DIV-009"),
        (NaturalVillage("621223100201", "屯" * 81), "DIV-009"),
        (NaturalVillage("屯", "屯"), "DIV-001"),
    ],
)
def test_what_cannot_be_named_is_refused(manager: SystemActor, entry: NaturalVillage, code: str) -> None:
    with pytest.raises(UserError) as refused:
        actions.add_natural_villages(by=manager, entries=[EAST, entry])
    assert refused.value.code == code
    assert not Division.objects.filter(level=Level.NATURAL_VILLAGE).exists()


def test_a_village_that_does_not_exist_has_no_natural_villages(manager: SystemActor) -> None:
    with pytest.raises(NotFound, match="DIV-010"):
        actions.add_natural_villages(by=manager, entries=[NaturalVillage("621223100299", "屯")])


def test_an_official_names_them_in_the_own_area_only() -> None:
    with pytest.raises(PermissionRefused, match="ACC-001"):
        actions.add_natural_villages(by=SystemActor("x", set(), Area.of(["621223"])), entries=[EAST])
    local = SystemActor("village", {Permission.DIVISIONS_MANAGE}, Area.of(["621223100201"]))
    with pytest.raises(PermissionRefused, match="ACC-002"):
        actions.add_natural_villages(by=local, entries=[EAST, ELSEWHERE])
    assert not Division.objects.filter(level=Level.NATURAL_VILLAGE).exists()
    assert actions.add_natural_villages(by=local, entries=[EAST])[EAST].code == "621223100201-001"


def test_positions_say_whether_they_are_invented(manager: SystemActor) -> None:
    place = Position(Decimal("104.393385"), Decimal("34.047261"))
    assert actions.set_positions(by=manager, positions={"621223100201": place}, invented=True) == 1
    assert actions.set_positions(by=manager, positions={"621223100201": place}, invented=True) == 0
    village = queries.get("621223100201")
    assert (village.longitude, village.latitude, village.position_invented) == (place.longitude, place.latitude, True)
    assert actions.set_positions(by=manager, positions={"621223100201": place}, invented=False) == 1
    assert queries.get("621223100201").position_invented is False
    assert AuditEntry.objects.filter(action="divisions.set_position").count() == 2


def test_a_position_outside_the_area_is_refused() -> None:
    place = Position(Decimal(104), Decimal(34))
    local = SystemActor("village", {Permission.DIVISIONS_MANAGE}, Area.of(["621223100201"]))
    with pytest.raises(PermissionRefused, match="ACC-002"):
        actions.set_positions(by=local, positions={"621223100201": place, "621223100202": place}, invented=True)
    assert queries.get("621223100201").longitude is None
