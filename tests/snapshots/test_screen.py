"""Screening a snapshot: verdicts, refusals, current verdicts by set difference, and verifying. 演示数据"""

import datetime as dt
from typing import Any
from uuid import UUID

import pytest

from lika.core.actors import SystemActor
from lika.core.errors import PermissionRefused, UserError
from lika.core.models import AuditEntry
from lika.core.permissions import Permission
from lika.engine.screening.rollups import RollUp as EngineRollUp
from lika.engine.screening.verdicts import Verdicts, total_digest
from lika.engine.snapshots.manifest import sha256_of_file
from lika.policy.packs.resolved import ResolvedPack
from lika.register.models import HouseholdYear
from lika.snapshots import actions, queries, storage
from lika.snapshots.choices import Engine
from lika.snapshots.models import (
    CurrentScreening,
    CurrentVerdict,
    MeasureCombination,
    RollUp,
    ScreenedCriterion,
    Screening,
    Snapshot,
)
from lika.snapshots.verifying import latest_screening, verify
from tests import factories as make
from tests.snapshots.conftest import Register, WritePack

pytestmark = pytest.mark.django_db(transaction=True)


def held(unit: str = "household") -> dict[Any, list[int | None]]:
    return dict(CurrentVerdict.objects.filter(unit_kind=unit).values_list("unit_id", "results"))


def test_the_verdict_of_every_household(screened: Screening, register: Register):
    names = list(screened.criteria.filter(unit_kind="household").values_list("criterion", flat=True))
    assert names == ["income", "water", "rising", "exit", "industry", "ecology"]
    assert held() == {
        register.rich.id: [1, 1, 1, 1, 1, 1],
        register.dry.id: [0, 0, None, 0, 1, None],  # exactly at the line: not over it
        register.unknown.id: [None, None, None, None, None, None],
        register.newcomer.id: [1, 1, None, 1, None, None],
    }


def test_the_verdicts_of_persons_and_divisions(screened: Screening):
    assert sorted(held("person").values()) == [[1]] * 7
    # 4 of 8 people are poor: not more than half. The other village's population is not known.
    assert held("village") == {
        UUID(int=int(make.VILLAGE)): [1],
        UUID(int=int(make.OTHER_VILLAGE)): [None],
    }
    assert held("county") == {UUID(int=int(make.COUNTY)): [0]}


def test_roll_ups_sum_at_every_level(screened: Screening):
    rows = RollUp.objects.filter(screening=screened, criterion="income").order_by("level", "division")
    found = [EngineRollUp(r.unit_kind, r.criterion, r.division, r.level, r.met, r.not_met, r.unknown) for r in rows]
    assert found == [
        EngineRollUp("household", "income", int(make.COUNTY), 3, 2, 1, 1),
        EngineRollUp("household", "income", int(make.TOWNSHIP), 4, 2, 1, 1),
        EngineRollUp("household", "income", int(make.VILLAGE), 5, 1, 1, 0),
        EngineRollUp("household", "income", int(make.OTHER_VILLAGE), 5, 1, 0, 1),
    ]


def test_measures_that_meet(screened: Screening):
    found = MeasureCombination.objects.values_list("county", "measures", "households", "persons")
    assert sorted(found) == [(621223, ["industry"], 1, 1), (621223, ["industry", "ecology"], 1, 3)]


def test_what_the_screening_keeps_of_itself(screened: Screening, pack: ResolvedPack, taken: Snapshot):
    assert (screened.pack, screened.pack_sha256, screened.snapshot) == ("test/exit@1", pack.sha256, taken)
    assert (screened.pack_zh, screened.what_if, screened.run_by) == ("测试退出标准", False, "system:test")
    assert dict(screened.units.values_list("unit_kind", "total")) == {
        "household": 4,
        "person": 7,
        "village": 2,
        "county": 1,
    }
    assert len(screened.digest) == 64
    assert queries.summary_of(screened).criterion == "exit"
    assert AuditEntry.objects.get(action="screening.run").subject_id == str(screened.pk)
    assert (storage.verdicts_of(screened) / "household/county=621223.parquet").is_file()


def test_the_same_again_gives_the_same_digest_and_writes_no_verdict(
    screened: Screening, taken: Snapshot, pack: ResolvedPack, actor: SystemActor
):
    again = actions.screen(by=actor, snapshot=taken.pk, pack=pack)
    assert again.digest == screened.digest
    assert set(CurrentVerdict.objects.values_list("changed_in", flat=True)) == {screened.pk}
    assert set(CurrentScreening.objects.values_list("screening", flat=True)) == {again.pk}


def test_only_what_differs_is_written(screened: Screening, register: Register, pack: ResolvedPack, actor: SystemActor):
    """One household changes, one leaves, one comes; the others keep the screening that wrote them."""
    HouseholdYear.objects.filter(household=register.dry, data_year=2016).update(safe_water=True)
    register.unknown.placements.update(ended_on=dt.date(2016, 12, 1))
    fresh = make.make_household(make.VILLAGE, members=1)
    make.make_household_year(fresh, wage=1)
    snapshot = actions.take(by=actor, at=make.AT, division=make.COUNTY)
    again = actions.screen(by=actor, snapshot=snapshot.pk, pack=pack)
    rows = CurrentVerdict.objects.filter(unit_kind="household").values_list("unit_id", "changed_in")
    assert dict(rows) == {
        register.rich.id: screened.pk,
        register.newcomer.id: screened.pk,
        register.dry.id: again.pk,
        fresh.id: again.pk,
    }
    assert held()[register.dry.id] == [0, 1, None, 0, 1, None]
    assert again.digest != screened.digest


def test_a_kind_of_unit_that_a_pack_drops_leaves_the_current_verdicts(
    screened: Screening, taken: Snapshot, write_pack: WritePack, actor: SystemActor
):
    smaller = write_pack(
        **{'version: "1"': 'version: "2"', "unit: person": "unit: household", "age >= 18": "members > 0"}
    )
    actions.screen(by=actor, snapshot=taken.pk, pack=smaller)
    assert held("person") == {}
    assert set(CurrentScreening.objects.values_list("unit_kind", flat=True)) == {"household", "village", "county"}


def test_two_packs_are_current_side_by_side(
    screened: Screening, taken: Snapshot, write_pack: WritePack, actor: SystemActor, register: Register
):
    other = write_pack(folder="test/other", **{"id: test/exit": "id: test/other"})
    second = actions.screen(by=actor, snapshot=taken.pk, pack=other)
    found = queries.verdicts_of(actor, "household", register.rich.id, int(make.VILLAGE))
    assert [each.screening for each in found] == [second, screened]
    assert queries.current_screening(621223) == second
    assert queries.current_screening(621223, pack_id="test/exit") == screened


@pytest.mark.parametrize(
    ("code", "changed"),
    [
        ("SCR-002", {'jurisdiction: "621223"': 'jurisdiction: "621202"'}),
        ("SCR-003", {"to: 2017-12-31": "to: 2016-12-30"}),
    ],
)
def test_a_pack_elsewhere_or_of_another_time_is_only_tried(
    taken: Snapshot, write_pack: WritePack, actor: SystemActor, code: str, changed: dict[str, str]
):
    make.make_division("621202000000")
    other = write_pack(**changed)
    with pytest.raises(UserError) as refused:
        actions.screen(by=actor, snapshot=taken.pk, pack=other)
    assert refused.value.code == code
    assert Screening.objects.count() == 0
    tried = actions.screen(by=actor, snapshot=taken.pk, pack=other, what_if=True)
    assert tried.what_if
    assert tried.units.count() == 4
    assert CurrentVerdict.objects.count() == 0
    assert CurrentScreening.objects.count() == 0


def test_a_pack_without_criteria_for_any_unit_there_is_refused(taken: Snapshot, pack: ResolvedPack, actor: SystemActor):
    with pytest.raises(UserError) as refused:
        actions.screen(by=actor, snapshot=taken.pk, pack=pack.model_copy(update={"criteria": ()}))
    assert refused.value.code == "SCR-001"


def test_an_altered_snapshot_is_not_screened(taken: Snapshot, pack: ResolvedPack, actor: SystemActor):
    path = storage.folder_of(taken) / "person/county=621223.parquet"
    path.write_bytes(path.read_bytes() + b" ")
    with pytest.raises(UserError) as refused:
        actions.screen(by=actor, snapshot=taken.pk, pack=pack)
    assert refused.value.code == "SNP-007"
    assert not storage.screenings_folder().exists()


def test_an_unknown_snapshot_and_a_stranger_are_refused(taken: Snapshot, pack: ResolvedPack, actor: SystemActor):
    for code, by, asked in (
        ("SNP-020", actor, "20161231-621223-000000"),
        ("SNP-020", make.make_actor("621202"), taken.pk),
        ("ACC-002", make.make_actor(make.VILLAGE), taken.pk),
        ("ACC-001", make.make_actor(permissions={Permission.SNAPSHOT_TAKE}), taken.pk),
    ):
        with pytest.raises(UserError) as refused:
            actions.screen(by=by, snapshot=asked, pack=pack)
        assert refused.value.code == code
        assert isinstance(refused.value, PermissionRefused) is code.startswith("ACC")


def test_less_than_a_county_is_screened_but_not_current(register: Register, pack: ResolvedPack, actor: SystemActor):
    part = actions.take(by=actor, at=make.AT, division=make.OTHER_VILLAGE)
    screening = actions.screen(by=actor, snapshot=part.pk, pack=pack)
    assert dict(screening.units.values_list("unit_kind", "total")) == {"household": 2, "person": 3, "village": 1}
    assert CurrentScreening.objects.count() == 0


@pytest.mark.parametrize("engine", Engine)
def test_a_re_run_gives_the_same(screened: Screening, pack: ResolvedPack, taken: Snapshot, engine: Engine):
    found = verify(latest_screening(taken, pack, what_if=False), engine)
    assert (found.same, found.digest, found.screening) == (True, screened.digest, screened)


def test_a_re_run_finds_another_digest(screened: Screening):
    screened.digest = "0" * 64
    assert not verify(screened).same


def as_a_faulty_run_left_it(screened: Screening, held: Verdicts, sha256: str) -> None:
    """A record that fits the file, as an engine with a defect would have left it."""
    screened.files.filter(unit_kind="household").update(digest=held.digest, sha256=sha256)
    screened.digest = total_digest(screened.files.values_list("unit_kind", "county", "digest"))


def test_a_sample_by_the_reference_engine_finds_a_wrong_verdict(
    screened: Screening, register: Register, monkeypatch: pytest.MonkeyPatch
):
    from lika.engine.screening import verdict_files, verdicts
    from lika.snapshots import verifying

    monkeypatch.setattr(verifying, "WHOLE_UP_TO", 0)
    assert verify(screened, Engine.REFERENCE).same
    path = storage.verdicts_of(screened) / "household/county=621223.parquet"
    held = verdict_files.read(path, "household", 621223)
    row = [bytes(each) for each in held.ids].index(register.dry.id.bytes)
    held.results[row, 0] = verdicts.MET
    verdict_files.write(held, path)
    as_a_faulty_run_left_it(screened, held, sha256_of_file(path))
    found = verify(screened, Engine.REFERENCE)
    assert not found.same
    (difference,) = found.comparison.differences
    assert (difference.id, difference.criterion) == (str(register.dry.id), "income")
    assert (difference.stored, difference.reference) == (True, False)


def test_a_re_run_needs_the_pack_that_was_run(screened: Screening, taken: Snapshot, write_pack: WritePack):
    with pytest.raises(UserError, match="SCR-005"):
        latest_screening(taken, write_pack(**{'version: "1"': 'version: "2"'}), what_if=False)
    screened.pack_sha256 = "0" * 64
    with pytest.raises(UserError) as refused:
        verify(screened)
    assert refused.value.code == "SCR-006"


def test_criteria_keep_their_words(screened: Screening):
    item = ScreenedCriterion.objects.get(screening=screened, criterion="exit")
    assert (item.zh, item.en, item.summary, item.position, item.kind) == ("退出", "Exit", True, 3, "exit")
