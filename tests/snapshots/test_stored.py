"""A changed byte is found: in verdict files, in the rows of current verdicts, and by every page that reads a file.

演示数据
"""

import datetime as dt
import json
from pathlib import Path
from typing import Any

import pytest
from django.utils import translation

from lika.core import audit
from lika.core.actors import SystemActor
from lika.core.errors import UserError
from lika.core.models import AuditEntry
from lika.core.permissions import Permission
from lika.policy.packs.resolved import ResolvedPack
from lika.register.models import HouseholdYear
from lika.snapshots import actions, queries, storage
from lika.snapshots.choices import Engine, Result
from lika.snapshots.models import CurrentScreening, CurrentVerdict, Screening, Snapshot
from lika.snapshots.stored import stored_faults
from lika.snapshots.verifying import verify
from tests import factories as make
from tests.snapshots.conftest import Register
from tests.snapshots.test_commands import as_json, typed

pytestmark = pytest.mark.django_db(transaction=True)

HOUSEHOLDS = "household/county=621223.parquet"
PERSONS = "person/county=621223.parquet"


@pytest.fixture(autouse=True)
def _in_english() -> Any:
    with translation.override("en"):
        yield


def flip(path: Path) -> None:
    """Change one byte in the middle of a file."""
    data = bytearray(path.read_bytes())
    data[len(data) // 2] ^= 0x10
    path.write_bytes(data)


def faults(found: Screening) -> list[tuple[str, str, dict[str, Any]]]:
    return [(fault.code, str(fault.message), dict(fault.where)) for fault in stored_faults(found)]


def test_what_was_written_is_sound(screened: Screening):
    assert faults(screened) == []


def test_a_changed_byte_of_a_verdict_file_is_named(screened: Screening):
    flip(storage.verdicts_of(screened) / HOUSEHOLDS)
    altered = ("SCR-031", "The verdict file was altered after the screening.", {"file": HOUSEHOLDS})
    assert faults(screened) == [altered]
    for engine in Engine:
        found = verify(screened, engine)
        assert (found.same, found.digest) == (False, screened.digest)


def test_a_byte_added_behind_the_rows_is_found_too(screened: Screening):
    path = storage.verdicts_of(screened) / PERSONS
    path.write_bytes(path.read_bytes() + b" ")
    assert [(code, where) for code, _text, where in faults(screened)] == [("SCR-031", {"file": PERSONS})]


def test_a_missing_file_and_a_strange_one_are_named(screened: Screening):
    folder = storage.verdicts_of(screened)
    (folder / PERSONS).rename(folder / "person/county=621224.parquet")
    assert [(code, where) for code, _text, where in faults(screened)] == [
        ("SCR-030", {"file": PERSONS}),
        ("SCR-032", {"file": "person/county=621224.parquet"}),
    ]


def test_a_missing_folder_names_every_file(screened: Screening):
    storage.verdicts_of(screened).rename(storage.screenings_folder() / "elsewhere")
    assert [code for code, _text, _where in faults(screened)] == ["SCR-030"] * 4


def test_changed_missing_added_and_moved_rows_are_counted_by_criterion(screened: Screening, register: Register):
    rows = CurrentVerdict.objects.filter(unit_kind="household")
    rows.filter(unit_id=register.dry.id).update(results=[1, 0, None, 1, 1, None])
    rows.filter(unit_id=register.rich.id).update(results=[0, 1, 1, 1, 1, 1])
    rows.filter(unit_id=register.unknown.id).delete()
    rows.filter(unit_id=register.newcomer.id).update(village=int(make.VILLAGE))
    CurrentVerdict.objects.create(
        county=621223,
        pack_id="test/exit",
        unit_kind="household",
        unit_id=register.elsewhere.id,
        village=int(make.VILLAGE),
        results=[1] * 6,
        changed_in=screened.pk,
    )
    text = (
        "The current verdicts (Household) differ from the file: "
        "1 row missing, 1 row added, 1 row moved, income 2, exit 1."
    )
    assert faults(screened) == [("SCR-033", text, {"file": HOUSEHOLDS, "division": "621223"})]


@pytest.mark.parametrize("results", [[256], [257], [-1], [1, 1], []])
def test_a_result_that_is_none_is_found(screened: Screening, results: list[int]):
    """257 is 1 in a byte, and -1 is how unknown is digested: neither may pass for it."""
    CurrentVerdict.objects.filter(unit_kind="county").update(results=results)
    (fault,) = faults(screened)
    assert fault[:2] == ("SCR-033", "The current verdicts (County) differ from the file: county_poor 1.")


def test_changed_rows_are_found_beside_a_damaged_file(screened: Screening, register: Register):
    flip(storage.verdicts_of(screened) / HOUSEHOLDS)
    CurrentVerdict.objects.filter(unit_id=register.dry.id).update(results=[1, 1, 1, 1, 1, 1])
    assert [(code, where["file"]) for code, _text, where in faults(screened)] == [
        ("SCR-031", HOUSEHOLDS),
        ("SCR-033", HOUSEHOLDS),
    ]


def test_a_record_altered_to_match_is_found(screened: Screening):
    screened.files.filter(unit_kind="county").update(digest="0" * 64)
    assert [code for code, _text, _where in faults(screened)] == ["SCR-031", "SCR-034", "SCR-033"]


def test_rows_of_a_screening_that_is_no_longer_current_are_not_asked(
    screened: Screening, register: Register, pack: ResolvedPack, actor: SystemActor
):
    HouseholdYear.objects.filter(household=register.dry, data_year=2016).update(safe_water=True)
    newer = actions.take(by=actor, at=make.AT, division=make.COUNTY)
    again = actions.screen(by=actor, snapshot=newer.pk, pack=pack)
    assert again.digest != screened.digest
    assert (faults(screened), faults(again)) == ([], [])


def test_the_command_names_what_differs_and_ends_with_1(screened: Screening, register: Register):
    flip(storage.verdicts_of(screened) / PERSONS)
    CurrentVerdict.objects.filter(unit_id=register.rich.id).delete()
    words = ["screen", "--snapshot", screened.snapshot_id, "--pack", "test/exit", "--verify"]
    out, err, code = typed(*words)
    assert (out, code) == ("", 1)
    assert [line.split()[0] for line in err.splitlines()] == ["DIFFERENT:", "SCR-031", "SCR-033"]
    assert f"(file {PERSONS})" in err
    assert "(Household) differ from the file: 1 row missing. (file household/county=621223.parquet, division" in err
    out, _err, code = typed(*words, "--json")
    found = json.loads(out)
    assert (found["same"], code) == (False, 1)
    assert found["faults"][0] == {
        "code": "SCR-031",
        "message": "The verdict file was altered after the screening.",
        "where": {"file": PERSONS},
    }


@pytest.fixture
def newer(register: Register, pack: ResolvedPack, actor: SystemActor) -> Screening:
    """A current screening of the end of 2016."""
    taken = actions.take(by=actor, at=make.AT, division=make.COUNTY)
    return actions.screen(by=actor, snapshot=taken.pk, pack=pack)


@pytest.fixture
def older(newer: Screening, actor: SystemActor) -> Snapshot:
    """A snapshot of a day before, taken later, in which a household has water."""
    HouseholdYear.objects.filter(data_year=2016, safe_water=False).update(safe_water=True)
    return actions.take(by=actor, at=make.AT - dt.timedelta(days=30), division=make.COUNTY)


def pointed() -> set[Any]:
    return set(CurrentScreening.objects.values_list("screening", flat=True))


def test_an_older_snapshot_does_not_become_current(
    older: Snapshot, newer: Screening, pack: ResolvedPack, actor: SystemActor
):
    before = list(CurrentVerdict.objects.order_by("unit_kind", "unit_id").values_list("unit_id", "results"))
    screening = actions.screen(by=actor, snapshot=older.pk, pack=pack)
    assert pointed() == {newer.pk}
    assert list(CurrentVerdict.objects.order_by("unit_kind", "unit_id").values_list("unit_id", "results")) == before
    assert queries.newer_current(screening) == newer
    assert queries.newer_current(newer) is None
    page = queries.units_by_verdict(actor, screening, "water", Result.MET)
    assert page.total == 3  # a screening of its own, read from its files
    assert not AuditEntry.objects.filter(action="screening.make_current").exists()


def test_an_older_snapshot_becomes_current_when_asked_and_leaves_a_trace(
    older: Snapshot, newer: Screening, pack: ResolvedPack, actor: SystemActor
):
    screening = actions.screen(by=actor, snapshot=older.pk, pack=pack, over_newer=True)
    assert pointed() == {screening.pk}
    assert faults(screening) == []
    entry = AuditEntry.objects.get(action="screening.make_current")
    assert (entry.subject_id, entry.county, entry.actor) == (str(screening.pk), 621223, "system:test")
    assert audit.told(entry)[0] == {"screening": str(newer.pk), "snapshot": newer.snapshot_id}
    assert audit.told(entry)[1] == {"screening": str(screening.pk), "snapshot": older.pk}


def test_who_may_screen_may_not_therefore_replace_newer_verdicts(
    older: Snapshot, newer: Screening, pack: ResolvedPack, actor: SystemActor
):
    only = make.make_actor(permissions={Permission.SCREENING_RUN})
    with pytest.raises(UserError) as refused:
        actions.screen(by=only, snapshot=older.pk, pack=pack, over_newer=True)
    assert refused.value.code == "ACC-001"
    assert (pointed(), Screening.objects.count()) == ({newer.pk}, 1)


def test_of_two_snapshots_of_one_day_the_one_taken_later_counts(
    taken: Snapshot, register: Register, pack: ResolvedPack, actor: SystemActor
):
    second = actions.take(by=actor, at=make.AT, division=make.COUNTY)
    current = actions.screen(by=actor, snapshot=second.pk, pack=pack)
    actions.screen(by=actor, snapshot=taken.pk, pack=pack)
    assert pointed() == {current.pk}


def test_the_command_says_that_newer_verdicts_stay(older: Snapshot, newer: Screening):
    words = ["screen", "--snapshot", older.pk, "--pack", "test/exit"]
    out, _err, code = typed(*words)
    assert code == 0
    assert out.splitlines()[-1] == (
        f"Not made current: the verdicts of the newer snapshot {newer.snapshot_id} stay. --make-current replaces them."
    )
    assert as_json(*words, "--json")["current"] is False
    assert as_json(*words, "--json", "--make-current")["current"] is True


@pytest.mark.parametrize(
    ("harm", "code", "file"),
    [
        (lambda folder: flip(folder / HOUSEHOLDS), "SNP-001", HOUSEHOLDS),
        (lambda folder: (folder / PERSONS).unlink(), "SNP-002", PERSONS),
        (lambda folder: flip(folder / "manifest.json"), "SNP-004", "manifest.json"),
        (lambda folder: (folder / "manifest.json").unlink(), "SNP-002", "manifest.json"),
        (lambda folder: folder.rename(folder.with_name("gone")), "SNP-006", None),
    ],
)
def test_a_damaged_snapshot_explains_nothing_and_says_so(
    screened: Screening, register: Register, actor: SystemActor, harm: Any, code: str, file: str | None
):
    """Also after the sound file was read: what is remembered of a file ends with its change."""
    asked = (actor, screened, "household", register.rich.id)
    assert len(queries.explain_unit(*asked).criteria) == 6
    harm(storage.folder_of(screened.snapshot))
    with pytest.raises(UserError) as refused:
        queries.explain_unit(*asked)
    assert (refused.value.code, refused.value.where) == (code, {"file": file or screened.snapshot_id})
    assert f"lika snapshot verify {screened.snapshot_id}" in str(refused.value)


@pytest.mark.parametrize(("harm", "code"), [(flip, "SCR-031"), (lambda path: path.unlink(), "SCR-030")])
def test_a_list_of_a_damaged_verdict_file_is_refused(
    older: Snapshot, pack: ResolvedPack, actor: SystemActor, harm: Any, code: str
):
    screening = actions.screen(by=actor, snapshot=older.pk, pack=pack)
    assert queries.units_by_verdict(actor, screening, "income", Result.MET).total == 2
    harm(storage.verdicts_of(screening) / HOUSEHOLDS)
    with pytest.raises(UserError) as refused:
        queries.units_by_verdict(actor, screening, "income", Result.MET)
    assert (refused.value.code, refused.value.where) == (code, {"file": HOUSEHOLDS})
