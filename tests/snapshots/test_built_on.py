"""Screening again takes over what still holds, unaltered, and gives what screening everything gives. 演示数据"""

import hashlib
import shutil
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from lika.core import audit
from lika.core.actors import SystemActor
from lika.core.models import AuditEntry
from lika.engine.screening import program
from lika.engine.screening.verdicts import total_digest
from lika.policy.packs.resolved import ResolvedPack
from lika.register.models import HouseholdYear
from lika.snapshots import actions, storage
from lika.snapshots.models import (
    CurrentVerdict,
    MeasureCombination,
    RollUp,
    Screening,
    Snapshot,
    StatusRollUp,
    VerdictFile,
)
from tests import factories as make
from tests.snapshots.conftest import Register, WritePack
from tests.snapshots.test_commands import typed

pytestmark = pytest.mark.django_db(transaction=True)

PREFECTURE = "621200000000"
HOUSEHOLDS = "household/county=621223.parquet"
#: person, household, village and county of one county
FILES = 4


def contents(found: Screening) -> dict[str, Any]:
    """All that a screening keeps, whichever screening it is."""
    folder = storage.verdicts_of(found)
    return {
        "digest": found.digest,
        "files": {path.relative_to(folder).as_posix(): path.read_bytes() for path in sorted(folder.rglob("*.parquet"))},
        "record": list(found.files.order_by("pk").values_list("unit_kind", "county", "total", "digest", "sha256")),
        "units": list(found.units.order_by("pk").values_list("unit_kind", "total")),
        "rollups": sorted(
            RollUp.objects.filter(screening=found).values_list(
                "unit_kind", "criterion", "division", "level", "met", "not_met", "unknown"
            )
        ),
        "combinations": list(
            MeasureCombination.objects.filter(screening=found)
            .order_by("pk")
            .values_list("county", "measures", "households", "persons")
        ),
        "statuses": sorted(
            StatusRollUp.objects.filter(screening=found).values_list(
                "division", "level", "status", "persons", "met", "not_met", "unknown"
            )
        ),
    }


def whole(by: SystemActor, snapshot: Snapshot, pack: ResolvedPack, **options: Any) -> dict[str, Any]:
    """What screening everything gives."""
    found = actions.screen(by=by, snapshot=snapshot.pk, pack=pack, whole=True, **options)
    assert (found.built_on, found.parts_kept) == (None, 0)
    return contents(found)


def test_the_same_snapshot_again_works_nothing_out(
    screened: Screening, pack: ResolvedPack, actor: SystemActor, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr("lika.engine.screening.again.screen", pytest.fail)
    again = actions.screen(by=actor, snapshot=screened.snapshot_id, pack=pack)
    assert (again.built_on, again.parts_kept) == (screened, FILES)
    assert contents(again) == contents(screened)
    entry = AuditEntry.objects.filter(action="screening.run").latest("pk")
    assert audit.told(entry)[1] == {
        "digest": screened.digest,
        "pack": pack.sha256,
        "what_if": False,
        "built_on": str(screened.pk),
        "files_kept": FILES,
    }


def test_only_the_county_that_changed_is_worked_out(register: Register, pack: ResolvedPack):
    actor = make.make_actor(PREFECTURE)
    first = actions.take(by=actor, at=make.AT, division=PREFECTURE)
    before = actions.screen(by=actor, snapshot=first.pk, pack=pack, what_if=True)
    HouseholdYear.objects.filter(household=register.elsewhere, data_year=2016).update(wage=Decimal("99999.00"))
    second = actions.take(by=actor, at=make.AT, division=PREFECTURE)

    again = actions.screen(by=actor, snapshot=second.pk, pack=pack, what_if=True)

    assert again.built_on == before
    assert (again.parts_kept, again.files.count()) == (5, 8)  # all but households, villages and county elsewhere
    assert again.digest != before.digest
    assert contents(again) == whole(actor, second, pack, what_if=True)


def test_a_screening_that_became_current_is_built_on_as_well(
    screened: Screening, register: Register, pack: ResolvedPack, actor: SystemActor
):
    HouseholdYear.objects.filter(household=register.dry, data_year=2016).update(
        wage=Decimal("2736.11"), safe_water=True
    )
    second = actions.take(by=actor, at=make.AT, division=make.COUNTY)
    again = actions.screen(by=actor, snapshot=second.pk, pack=pack)
    assert (again.built_on, again.parts_kept) == (screened, 1)  # the members are as they were
    held = dict(CurrentVerdict.objects.filter(unit_kind="household").values_list("unit_id", "results"))
    assert held[register.dry.id] == [1, 1, None, 1, 1, None]
    assert contents(again) == whole(actor, second, pack)


@pytest.mark.parametrize(
    "replaced",
    [
        {"value: 2736.10": "value: 2000.00"},  # a parameter
        {"batch_ecology": "batch_education"},  # a criterion
    ],
)
def test_what_rests_on_other_rules_is_worked_out(
    replaced: dict[str, str], screened: Screening, write_pack: WritePack, actor: SystemActor
):
    other = write_pack(folder="test/other", **{"id: test/exit": "id: test/other", **replaced})
    found = actions.screen(by=actor, snapshot=screened.snapshot_id, pack=other, what_if=True)
    assert (found.built_on, found.parts_kept) == (None, 0)


def test_what_another_program_worked_out_is_worked_out_again(
    screened: Screening, pack: ResolvedPack, actor: SystemActor, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr("lika.engine.screening.stored.program", lambda: "another")
    found = actions.screen(by=actor, snapshot=screened.snapshot_id, pack=pack)
    assert (found.built_on, found.parts_kept) == (None, 0)
    assert found.digest == screened.digest


def test_the_program_is_its_texts_as_they_were_when_it_was_started(tmp_path: Path):
    engine = tmp_path / "engine"
    shutil.copytree(program._ENGINE, engine, ignore=shutil.ignore_patterns("__pycache__"))
    assert program.hashed(engine) == program.program()
    (engine / "grammar.lark").write_text("")
    assert program.hashed(engine) != program.program()


def test_a_renewed_program_is_not_the_one_that_still_runs(monkeypatch: pytest.MonkeyPatch):
    before = program.program()
    monkeypatch.setattr(Path, "read_bytes", lambda _self: b"renewed")
    assert program.program() == before


@pytest.mark.parametrize("damage", ["altered", "gone"])
def test_a_damaged_snapshot_stops_no_later_screening(
    damage: str, screened: Screening, pack: ResolvedPack, actor: SystemActor
):
    """The newest one that can be built on is; the audit and the command name those passed over."""
    second = actions.take(by=actor, at=make.AT, division=make.COUNTY)
    spoilt = actions.screen(by=actor, snapshot=second.pk, pack=pack)
    folder = storage.folder_of(second)
    if damage == "altered":
        (folder / "manifest.json").chmod(0o600)
        (folder / "manifest.json").write_text("{}")
    else:
        shutil.move(folder, folder.with_name("moved"))
    code = "SNP-004" if damage == "altered" else "SNP-006"
    third = actions.take(by=actor, at=make.AT, division=make.COUNTY)

    out, _err, status = typed("screen", "--snapshot", third.pk, "--pack", "test/exit")

    again = Screening.objects.latest("finished_at")
    assert (status, again.snapshot_id, again.built_on, again.parts_kept) == (0, third.pk, screened, FILES)
    assert f"Not built on screening {spoilt.pk}, which is not whole: {code}" in out
    assert contents(again) == contents(screened)
    entry = AuditEntry.objects.filter(action="screening.run").latest("pk")
    assert audit.told(entry)[1]["passed_over"] == {str(spoilt.pk): code}


def test_an_altered_file_is_not_taken_over(screened: Screening, pack: ResolvedPack, actor: SystemActor):
    sound = contents(screened)
    path = storage.verdicts_of(screened) / HOUSEHOLDS
    path.write_bytes(path.read_bytes()[:-1] + b"x")
    again = actions.screen(by=actor, snapshot=screened.snapshot_id, pack=pack)
    assert again.parts_kept == FILES - 1
    assert contents(again) == sound


def test_a_missing_file_is_not_taken_over(screened: Screening, pack: ResolvedPack, actor: SystemActor):
    sound = contents(screened)
    (storage.verdicts_of(screened) / HOUSEHOLDS).unlink()
    again = actions.screen(by=actor, snapshot=screened.snapshot_id, pack=pack)
    assert again.parts_kept == FILES - 1
    assert contents(again) == sound


def test_verdicts_altered_with_their_hash_are_found_by_their_digest(
    screened: Screening, write_pack: WritePack, pack: ResolvedPack, actor: SystemActor
):
    """Whoever writes other verdicts and their hash into the record does not get them into the next screening."""
    sound = contents(screened)
    lower = write_pack(folder="test/low", **{"id: test/exit": "id: test/low", "value: 2736.10": "value: 1.00"})
    other = actions.screen(by=actor, snapshot=screened.snapshot_id, pack=lower, what_if=True)
    forged = storage.verdicts_of(screened) / HOUSEHOLDS
    forged.unlink()
    shutil.copyfile(storage.verdicts_of(other) / HOUSEHOLDS, forged)
    sha256 = hashlib.sha256(forged.read_bytes()).hexdigest()
    VerdictFile.objects.filter(screening=screened, unit_kind="household").update(sha256=sha256)

    again = actions.screen(by=actor, snapshot=screened.snapshot_id, pack=pack)

    assert (again.built_on, again.parts_kept) == (screened, FILES - 1)
    assert contents(again) == sound


def test_a_record_that_does_not_give_its_digest_is_not_built_on(
    screened: Screening, pack: ResolvedPack, actor: SystemActor
):
    VerdictFile.objects.filter(screening=screened, unit_kind="household").update(digest="0" * 64)
    again = actions.screen(by=actor, snapshot=screened.snapshot_id, pack=pack)
    assert (again.built_on, again.parts_kept) == (None, 0)
    assert again.passed_over == ((screened.pk, "SCR-031"),)
    parts = again.files.values_list("unit_kind", "county", "digest")
    assert again.digest == screened.digest == total_digest(parts)


def test_altered_sums_are_not_copied(screened: Screening, pack: ResolvedPack, actor: SystemActor):
    sound = contents(screened)
    RollUp.objects.filter(screening=screened).update(met=77)
    MeasureCombination.objects.filter(screening=screened).update(households=77)
    again = actions.screen(by=actor, snapshot=screened.snapshot_id, pack=pack)
    assert again.parts_kept == FILES
    assert contents(again) == sound


def test_the_command_says_what_was_taken_over(screened: Screening, pack: ResolvedPack):
    words = ("screen", "--snapshot", screened.snapshot_id, "--pack", "test/exit")
    said = f"4 of 4 verdict files taken over from screening {screened.pk}: their data are unchanged."
    out, _err, code = typed(*words)
    assert (code, said in out) == (0, True)
    out, _err, code = typed(*words, "--whole")
    assert (code, "taken over" in out) == (0, False)
