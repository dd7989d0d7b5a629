"""Snapshots handed up: signed, taken in whole merged; who stands in two counties. 演示数据"""

import csv
import hashlib
import io
import json
import zipfile
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import duckdb
import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from django.core.management import call_command

from lika.core.actors import SystemActor
from lika.core.areas import EVERYWHERE
from lika.core.crypto import linkage_key_name
from lika.core.errors import UserError
from lika.core.models import AuditEntry
from lika.core.permissions import Permission
from lika.core.sealing import signing
from lika.engine.snapshots import manifest as manifests
from lika.register.models import Person
from lika.snapshots import actions, storage
from lika.snapshots.models import Screening, Snapshot, SnapshotSender
from lika.snapshots.operators import operator
from lika.snapshots.queries import handed
from lika.snapshots.queries.snapshots import refuse_altered
from tests import factories as make
from tests.full_disk import no_file_larger_than
from tests.snapshots.conftest import Register

NEIGHBOUR = "621202000000"
PREFECTURE = "621200000000"


@pytest.fixture
def county(register: Register) -> Snapshot:
    return actions.take(by=operator(), at=make.AT, division=make.COUNTY)


@pytest.fixture
def neighbour(register: Register) -> Snapshot:
    return actions.take(by=operator(), at=make.AT, division=NEIGHBOUR)


@pytest.fixture
def key(tmp_path: Path) -> Path:
    """The public key of this installation, which both hands up and takes in here."""
    signing.ensure_key(may_make=True)
    return signing.public_key_file()


def code_of(act: Callable[..., object], **given: object) -> str:
    with pytest.raises(UserError) as refused:
        act(**given)
    return refused.value.code


def handed_up(snapshot: Snapshot, tmp_path: Path) -> Path:
    """The file, and the snapshot gone from here as if this were the level above."""
    target = tmp_path / f"{snapshot.pk}.zip"
    actions.hand_up(by=operator(), snapshot=snapshot.pk, target=target)
    folder = storage.folder_of(snapshot)
    folder.rename(tmp_path / f"{snapshot.pk}.gone")
    Snapshot.objects.filter(pk=snapshot.pk).delete()
    return target


def trusted(key: Path, division: str = make.COUNTY) -> SnapshotSender:
    return actions.trust(by=operator(), division=division, name="演示县", key=key)


def rewritten(path: Path, change: Callable[[dict[str, bytes]], None]) -> Path:
    """The ZIP with its entries changed by somebody on the way."""
    with zipfile.ZipFile(path) as archive:
        entries = {name: archive.read(name) for name in archive.namelist()}
    change(entries)
    with zipfile.ZipFile(path, "w") as archive:
        for name, content in entries.items():
            archive.writestr(name, content)
    return path


def resigned(entries: dict[str, bytes], change: Callable[[dict[str, object]], None]) -> None:
    """The manifest changed and signed again by the sender: a sender that errs or lies."""
    told = json.loads(entries["manifest.json"])
    change(told)
    entries["manifest.json"] = json.dumps(told).encode()
    signature = signing.sign(b"lika-snapshot|" + entries["manifest.json"]).hex()
    entries["manifest.sig"] = json.dumps({"key": signing.fingerprint(), "signature": signature}).encode()


def test_what_is_handed_up_is_taken_in_to_the_byte(county: Snapshot, key: Path, tmp_path: Path) -> None:
    before = {path.relative_to(storage.folder_of(county)): path.read_bytes() for path in files(county)}
    path = handed_up(county, tmp_path)
    sender = trusted(key)
    received = actions.receive(by=operator(), path=path)
    assert (received.pk, received.sender, received.made_of) == (county.pk, sender, [])
    assert (received.manifest_sha256, received.households, received.persons) == (
        county.manifest_sha256, county.households, county.persons,
    )  # fmt: skip
    assert {path.relative_to(storage.folder_of(received)): path.read_bytes() for path in files(received)} == before
    refuse_altered(received)
    told = [(entry.action, entry.label) for entry in AuditEntry.objects.filter(action__startswith="snapshot.")]
    assert sorted(told) == [
        ("snapshot.hand_up", f"宕昌县 {county.pk}"), ("snapshot.receive", "宕昌县 2016-12-31"),
        ("snapshot.take", "宕昌县 2016-12-31"), ("snapshot.trust", "宕昌县"),
    ]  # fmt: skip


def files(snapshot: Snapshot) -> list[Path]:
    return [path for path in storage.folder_of(snapshot).rglob("*") if path.is_file()]


def test_the_same_snapshot_gives_the_same_bytes_and_none_is_written_over(
    county: Snapshot, key: Path, tmp_path: Path
) -> None:
    for name in ("one.zip", "two.zip"):
        actions.hand_up(by=operator(), snapshot=county.pk, target=tmp_path / name)
    assert (tmp_path / "one.zip").read_bytes() == (tmp_path / "two.zip").read_bytes()
    assert code_of(actions.hand_up, by=operator(), snapshot=county.pk, target=tmp_path / "one.zip") == "SNP-038"
    assert sorted(path.name for path in tmp_path.glob("*.zip*")) == ["one.zip", "two.zip"]
    assert (tmp_path / "one.zip").stat().st_mode & 0o777 == 0o600


def test_what_was_altered_is_not_handed_up(county: Snapshot, tmp_path: Path) -> None:
    next(path for path in files(county) if path.suffix == ".parquet").write_bytes(b"x")
    assert code_of(actions.hand_up, by=operator(), snapshot=county.pk, target=tmp_path / "a.zip") == "SNP-007"
    assert not (tmp_path / "a.zip").exists()


def test_nobody_is_trusted_unasked_and_not_after_the_end(county: Snapshot, key: Path, tmp_path: Path) -> None:
    path = handed_up(county, tmp_path)
    assert code_of(actions.receive, by=operator(), path=path) == "SNP-031"
    sender = trusted(key)
    assert code_of(trusted, key=key) == "SNP-036"
    ended = actions.distrust(by=operator(), fingerprint=sender.fingerprint)
    assert ended.ended_at is not None
    assert code_of(actions.receive, by=operator(), path=path) == "SNP-031"
    assert code_of(actions.distrust, by=operator(), fingerprint=sender.fingerprint) == "SNP-037"
    assert nothing_is_here()


def nothing_is_here() -> bool:
    """No row, no folder, nothing half-done."""
    return not Snapshot.objects.exists() and not list(storage.snapshots_folder().iterdir())


def damaged(entries: dict[str, bytes]) -> None:
    name = next(name for name in entries if name.startswith("household/"))
    entries[name] = entries[name][:-1] + bytes([entries[name][-1] ^ 1])


def lengthened(entries: dict[str, bytes]) -> None:
    name = next(name for name in entries if name.startswith("household/"))
    entries[name] += b"more"


def without_a_file(entries: dict[str, bytes]) -> None:
    del entries[next(name for name in entries if name.startswith("village/"))]


def with_a_stranger(entries: dict[str, bytes]) -> None:
    entries["../../outside.txt"] = b"x"


def manifest_altered(entries: dict[str, bytes]) -> None:
    entries["manifest.json"] = entries["manifest.json"].replace(b"2016-12-31", b"2016-12-30")


def without_signature(entries: dict[str, bytes]) -> None:
    del entries["manifest.sig"]


@pytest.mark.parametrize(
    ("change", "code"),
    [
        (damaged, "SNP-032"), (lengthened, "SNP-032"), (without_a_file, "SNP-030"), (with_a_stranger, "SNP-035"),
        (manifest_altered, "SNP-032"), (without_signature, "SNP-030"),
    ],
)  # fmt: skip
def test_what_was_changed_on_the_way_is_refused_whole(
    county: Snapshot, key: Path, tmp_path: Path, change: Callable[[dict[str, bytes]], None], code: str
) -> None:
    path = rewritten(handed_up(county, tmp_path), change)
    trusted(key)
    assert code_of(actions.receive, by=operator(), path=path) == code
    assert nothing_is_here()
    assert not list(tmp_path.rglob("outside.txt"))


@pytest.mark.parametrize(
    ("told", "value", "code"),
    [
        ("id", "../../20161231-621223-000000", "SNP-030"),
        ("format", 99, "SNP-030"),
        ("scope", 621202000000, "SNP-033"),
        ("scope", 621200000000, "SNP-033"),
    ],
)
def test_a_sender_that_lies_is_refused(
    county: Snapshot, key: Path, tmp_path: Path, told: str, value: object, code: str
) -> None:
    def lie(values: dict[str, object]) -> None:
        values[told] = value

    path = rewritten(handed_up(county, tmp_path), lambda entries: resigned(entries, lie))
    trusted(key)
    assert code_of(actions.receive, by=operator(), path=path) == code
    assert nothing_is_here()


def test_a_path_out_of_the_folder_is_refused(county: Snapshot, key: Path, tmp_path: Path) -> None:
    def lie(values: dict[str, object]) -> None:
        values["files"][0]["path"] = "../outside.parquet"  # type: ignore[index]

    path = rewritten(handed_up(county, tmp_path), lambda entries: resigned(entries, lie))
    trusted(key)
    assert code_of(actions.receive, by=operator(), path=path) == "SNP-030"
    assert nothing_is_here()


def test_rows_of_another_county_are_refused(county: Snapshot, key: Path, tmp_path: Path) -> None:
    def moved(entries: dict[str, bytes]) -> None:
        name = "household/county=621223.parquet"
        source, target = tmp_path / "in.parquet", tmp_path / "out.parquet"
        source.write_bytes(entries[name])
        duckdb.sql(
            f"COPY (SELECT * REPLACE (village + 1000000 AS village) FROM '{source}') TO '{target}' (FORMAT parquet)"
        )
        entries[name] = target.read_bytes()

        def hashed(values: dict[str, object]) -> None:
            (entry,) = (each for each in values["files"] if each["path"] == name)  # type: ignore[attr-defined]
            entry.update(bytes=len(entries[name]), sha256=hashlib.sha256(entries[name]).hexdigest())

        resigned(entries, hashed)

    path = rewritten(handed_up(county, tmp_path), moved)
    trusted(key)
    assert code_of(actions.receive, by=operator(), path=path) == "SNP-039"
    assert nothing_is_here()


def added(entries: dict[str, bytes], unit: str, county: int) -> None:
    """A file more, copied from that of the county, and the manifest signed with it."""
    name = f"{unit}/county={county:06d}.parquet"
    entries[name] = entries["county/county=621223.parquet"]

    def named(values: dict[str, object]) -> None:
        own = next(each for each in values["files"] if each["unit"] == "county")  # type: ignore[attr-defined]
        values["files"].append(own | {"path": name, "unit": unit, "county": county})  # type: ignore[attr-defined]
        values["schema"][unit] = values["schema"]["county"]  # type: ignore[index]

    resigned(entries, named)


@pytest.mark.parametrize(("unit", "county"), [("prefecture", 621200), ("province", 440000), ("county", 621202)])
def test_files_of_what_lies_above_or_beside_are_refused(
    register: Register, key: Path, tmp_path: Path, unit: str, county: int
) -> None:
    make.make_county_year(rural_registered_population=60)
    snapshot = actions.take(by=operator(), at=make.AT, division=make.COUNTY)
    path = rewritten(handed_up(snapshot, tmp_path), lambda entries: added(entries, unit, county))
    trusted(key)
    assert code_of(actions.receive, by=operator(), path=path) == "SNP-033"
    assert nothing_is_here()


def test_a_township_hands_up_its_own_rows_alone(register: Register, key: Path, tmp_path: Path) -> None:
    county = actions.take(by=operator(), at=make.AT, division=make.COUNTY)

    def narrowed(values: dict[str, object]) -> None:
        values["scope"] = 621223101000

    path = rewritten(handed_up(county, tmp_path), lambda entries: resigned(entries, narrowed))
    make.make_division("621223101000", "演示镇")
    trusted(key, "621223101000")
    assert code_of(actions.receive, by=operator(), path=path) == "SNP-039"
    assert nothing_is_here()


@pytest.mark.parametrize("told", ["county", "rows", "path", "sha256"])
def test_a_manifest_of_other_types_is_no_snapshot(county: Snapshot, key: Path, tmp_path: Path, told: str) -> None:
    def lie(values: dict[str, object]) -> None:
        entry = values["files"][0]  # type: ignore[index]
        entry[told] = str(entry[told]) if isinstance(entry[told], int) else 7

    path = rewritten(handed_up(county, tmp_path), lambda entries: resigned(entries, lie))
    trusted(key)
    assert code_of(actions.receive, by=operator(), path=path) == "SNP-030"
    assert nothing_is_here()


def test_columns_of_other_types_are_refused(county: Snapshot, key: Path, tmp_path: Path) -> None:
    def lie(values: dict[str, object]) -> None:
        column = next(each for each in values["schema"]["household"] if each["name"] == "village")  # type: ignore[index]
        column["type"] = "VARCHAR"

    path = rewritten(handed_up(county, tmp_path), lambda entries: resigned(entries, lie))
    trusted(key)
    with pytest.raises(UserError) as refused:
        actions.receive(by=operator(), path=path)
    assert (refused.value.code, "ENG-116" in str(refused.value.message)) == ("SNP-032", True)
    assert nothing_is_here()


def test_households_without_the_file_of_their_persons_are_refused(county: Snapshot, key: Path, tmp_path: Path) -> None:
    def cut(entries: dict[str, bytes]) -> None:
        del entries["person/county=621223.parquet"]

        def told(values: dict[str, object]) -> None:
            values["files"] = [each for each in values["files"] if each["unit"] != "person"]  # type: ignore[attr-defined]
            del values["schema"]["person"]  # type: ignore[attr-defined]

        resigned(entries, told)

    path = rewritten(handed_up(county, tmp_path), cut)
    trusted(key)
    with pytest.raises(UserError) as refused:
        actions.receive(by=operator(), path=path)
    assert (refused.value.code, "ENG-117" in str(refused.value.message)) == ("SNP-032", True)
    assert nothing_is_here()


def test_what_a_killed_process_left_is_taken_in_anew(county: Snapshot, key: Path, tmp_path: Path) -> None:
    path = handed_up(county, tmp_path)
    trusted(key)
    left = storage.snapshots_folder() / county.pk
    left.mkdir()
    (left / "half.parquet").write_bytes(b"x")
    received = actions.receive(by=operator(), path=path)
    refuse_altered(received)


def test_a_full_disk_is_told_and_nothing_is_kept(county: Snapshot, key: Path, tmp_path: Path) -> None:
    path = handed_up(county, tmp_path)
    trusted(key)
    with no_file_larger_than(1000):
        assert code_of(actions.receive, by=operator(), path=path) == "ENG-119"
    assert nothing_is_here()
    refuse_altered(actions.receive(by=operator(), path=path))


def test_what_is_no_snapshot_is_told(tmp_path: Path) -> None:
    (tmp_path / "a.zip").write_bytes(b"no ZIP")
    assert code_of(actions.receive, by=operator(), path=tmp_path / "a.zip") == "SNP-030"
    assert code_of(actions.receive, by=operator(), path=tmp_path / "missing.zip") == "SNP-044"


def test_the_same_is_not_taken_in_twice(county: Snapshot, key: Path, tmp_path: Path) -> None:
    path = handed_up(county, tmp_path)
    trusted(key)
    actions.receive(by=operator(), path=path)
    assert code_of(actions.receive, by=operator(), path=path) == "SNP-034"
    refuse_altered(Snapshot.objects.get())


def test_who_signs_with_another_key_is_not_the_sender(county: Snapshot, key: Path, tmp_path: Path) -> None:
    other = Ed25519PrivateKey.generate()
    pem = tmp_path / "other.pem"
    pem.write_bytes(other.public_key().public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo))
    stranger = trusted(pem)

    def pose(entries: dict[str, bytes]) -> None:
        told = json.loads(entries["manifest.sig"])
        entries["manifest.sig"] = json.dumps(told | {"key": stranger.fingerprint}).encode()

    path = rewritten(handed_up(county, tmp_path), pose)
    assert code_of(actions.receive, by=operator(), path=path) == "SNP-032"
    assert nothing_is_here()


def test_without_the_right_nothing_is_done(county: Snapshot, key: Path, tmp_path: Path) -> None:
    viewer = SystemActor("viewer", {Permission.SCREENING_VIEW}, EVERYWHERE)
    assert [
        code_of(actions.hand_up, by=viewer, snapshot=county.pk, target=tmp_path / "a.zip"),
        code_of(actions.receive, by=viewer, path=tmp_path / "a.zip"),
        code_of(actions.merge, by=viewer, snapshots=[county.pk], division=PREFECTURE),
        code_of(actions.trust, by=viewer, division=make.COUNTY, name="x", key=key),
        code_of(actions.report_duplicates, by=viewer, snapshot=county.pk),
        code_of(handed.senders, by=viewer),
    ] == ["ACC-001"] * 6


class TestMerging:
    def test_two_counties_are_screened_as_one_area(self, county: Snapshot, neighbour: Snapshot, write_pack) -> None:
        merged = actions.merge(by=operator(), snapshots=[county.pk, neighbour.pk], division=PREFECTURE)
        assert (merged.division, merged.households, merged.persons) == (
            int(PREFECTURE), county.households + neighbour.households, county.persons + neighbour.persons,
        )  # fmt: skip
        assert merged.made_of == [county.pk, neighbour.pk]
        refuse_altered(merged)
        whole = actions.take(by=operator(), at=make.AT, division=PREFECTURE)
        pack = write_pack()
        both = [
            actions.screen(by=operator(), snapshot=each.pk, pack=pack, what_if=True).digest for each in (merged, whole)
        ]
        assert both[0] == both[1]
        assert Screening.objects.count() == 2

    def test_the_parts_stay_as_they_were(self, county: Snapshot, neighbour: Snapshot) -> None:
        merged = actions.merge(by=operator(), snapshots=[county.pk, neighbour.pk], division=PREFECTURE)
        for each in (county, neighbour, merged):
            refuse_altered(each)
        manifest = manifests.read(storage.folder_of(merged))
        assert manifest.linkage == {"621223": linkage_key_name(), "621202": linkage_key_name()}
        assert handed.missing_counties(operator(), merged.pk) == []
        make.make_division("621221000000", "成县")
        assert handed.missing_counties(operator(), merged.pk) == ["621221000000"]

    def test_what_differs_is_not_merged(self, county: Snapshot, register: Register) -> None:
        earlier = actions.take(by=operator(), at=make.AT.replace(day=30), division=NEIGHBOUR)
        assert (
            code_of(actions.merge, by=operator(), snapshots=[county.pk, earlier.pk], division=PREFECTURE) == "SNP-040"
        )
        assert Snapshot.objects.count() == len(list(storage.snapshots_folder().iterdir())) == 2

    def test_no_county_twice(self, county: Snapshot, register: Register) -> None:
        again = actions.take(by=operator(), at=make.AT, division=make.COUNTY)
        assert code_of(actions.merge, by=operator(), snapshots=[county.pk, again.pk], division=PREFECTURE) == "SNP-041"

    def test_only_what_lies_in_the_division(self, county: Snapshot, neighbour: Snapshot) -> None:
        given = {"by": operator(), "snapshots": [county.pk, neighbour.pk]}
        assert code_of(actions.merge, **given, division=make.COUNTY) == "SNP-042"
        assert code_of(actions.merge, by=operator(), snapshots=[county.pk] * 2, division=PREFECTURE) == "SNP-043"


class TestDuplicates:
    @pytest.fixture
    def merged(self, register: Register) -> Snapshot:
        """The head of a household in one county has the number of the head in another."""
        one = register.rich.memberships.get(relation="01").person
        other = register.elsewhere.memberships.get(relation="01").person
        Person.objects.filter(pk=other.pk).update(id_index=b"")
        other.id_type, other.id_number = one.id_type, one.id_number
        other.save(update_fields=["id_type", "id_number"])
        parts = [actions.take(by=operator(), at=make.AT, division=each).pk for each in (make.COUNTY, NEIGHBOUR)]
        return actions.merge(by=operator(), snapshots=parts, division=PREFECTURE)

    def test_who_stands_in_two_counties_is_found_by_token(self, merged: Snapshot, register: Register) -> None:
        found = actions.report_duplicates(by=operator(), snapshot=merged.pk)
        assert found.pairs == {("621202", "621223"): 1}
        (group,) = found.groups
        assert [(each.county, each.village, each.household_id) for each in group] == [
            ("621202", make.ELSEWHERE, str(register.elsewhere.pk)), ("621223", make.VILLAGE, str(register.rich.pk)),
        ]  # fmt: skip
        assert found.compared == {linkage_key_name(): ["621202", "621223"]}
        assert found.unknown == []
        assert AuditEntry.objects.filter(action="snapshot.duplicates").count() == 1

    def test_the_command_tells_and_writes_them(self, merged: Snapshot, tmp_path: Path, capsys) -> None:
        call_command("snapshot", "duplicates", merged.pk, "--csv", str(tmp_path / "twice.csv"))
        assert "621202  621223  1" in capsys.readouterr().out
        rows = list(csv.DictReader(io.StringIO((tmp_path / "twice.csv").read_text(encoding="utf-8"))))
        assert [(row["group"], row["county"], row["village"]) for row in rows] == [
            ("1", "621202", make.ELSEWHERE), ("1", "621223", make.VILLAGE),
        ]  # fmt: skip
        call_command("snapshot", "duplicates", merged.pk, "--json")
        assert json.loads(capsys.readouterr().out)["pairs"] == [{"counties": ["621202", "621223"], "people": 1}]

    def test_tokens_of_two_keys_are_said_not_to_be_compared(self, register: Register, settings) -> None:
        one = actions.take(by=operator(), at=make.AT, division=make.COUNTY)
        own = linkage_key_name()
        settings.LIKA_LINKAGE_KEY = bytes(32)
        other = actions.take(by=operator(), at=make.AT, division=NEIGHBOUR)
        merged = actions.merge(by=operator(), snapshots=[one.pk, other.pk], division=PREFECTURE)
        found = actions.report_duplicates(by=operator(), snapshot=merged.pk)
        assert found.compared == {own: ["621223"], linkage_key_name(): ["621202"]}
        assert found.groups == []

    def test_a_county_that_did_not_note_its_key_is_not_compared(self, merged: Snapshot) -> None:
        folder = storage.folder_of(merged)
        manifest = replace(manifests.read(folder), linkage={"621223": linkage_key_name()})
        (folder / "manifest.json").write_bytes(manifest.to_bytes())
        Snapshot.objects.filter(pk=merged.pk).update(manifest_sha256=hashlib.sha256(manifest.to_bytes()).hexdigest())
        found = actions.report_duplicates(by=operator(), snapshot=merged.pk)
        assert (found.groups, found.unknown, found.compared) == ([], ["621202"], {linkage_key_name(): ["621223"]})


def test_the_commands_from_the_county_to_the_prefecture(
    county: Snapshot, neighbour: Snapshot, key: Path, tmp_path: Path, capsys
) -> None:
    for each in (county, neighbour):
        call_command("snapshot", "hand-up", each.pk, "--to", str(tmp_path / f"{each.pk}.zip"))
        storage.folder_of(each).rename(tmp_path / f"{each.pk}.gone")
    Snapshot.objects.all().delete()
    packed = sorted(str(path) for path in tmp_path.glob("*.zip"))
    make.make_division("621221000000", "成县")
    call_command("snapshot", "trust", "--division", "6212", "--name", "演示州", "--key", str(key))
    call_command("snapshot", "receive", *packed)
    call_command("snapshot", "merge", county.pk, neighbour.pk, "--division", "6212")
    merged = Snapshot.objects.get(division=int(PREFECTURE))
    assert merged.households == 5
    told = capsys.readouterr().out
    assert f"{signing.fingerprint()}" in told
    assert "有 1 个县（市、区）未包含在内：621221" in told
    (tmp_path / "bad.zip").write_bytes(b"")
    with pytest.raises(SystemExit):
        call_command("snapshot", "receive", str(tmp_path / "bad.zip"), packed[0])
    refused = capsys.readouterr().err
    assert ["SNP-030" in refused, "SNP-034" in refused] == [True, True]
    call_command("snapshot", "distrust", signing.fingerprint())
    call_command("snapshot", "senders")
    assert "演示州" in capsys.readouterr().out
