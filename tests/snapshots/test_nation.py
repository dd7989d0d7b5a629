"""From county to nation: every office with its own key and folder, up to one snapshot of the country. 演示数据"""

import hashlib
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import duckdb
import pytest
from django.core.management import call_command

from lika.core import audit
from lika.core.areas import COUNTRY
from lika.core.errors import NotFound, UserError
from lika.core.models import AuditEntry
from lika.core.sealing import signing
from lika.divisions import queries as divisions
from lika.divisions.queries import Place
from lika.engine.snapshots import manifest as manifests
from lika.engine.snapshots.layout import Column
from lika.engine.snapshots.manifest import Manifest, sha256_of_file
from lika.engine.snapshots.soundness import sound
from lika.policy.models import PackVersion
from lika.policy.packs.resolved import ResolvedPack
from lika.register.models import HouseholdItem, Person
from lika.snapshots import actions, storage
from lika.snapshots.models import RollUp, Screening, Snapshot, SnapshotSender
from lika.snapshots.operators import operator
from lika.snapshots.queries import handed
from lika.snapshots.queries.snapshots import refuse_altered
from tests import collected
from tests import factories as make
from tests.snapshots.conftest import WritePack
from tests.snapshots.country import (
    BESIDE,
    COUNTIES,
    FAR,
    NEIGHBOUR,
    OTHER_PROVINCE,
    PREFECTURE,
    PROVINCE,
    Nation,
    merged,
    nation,
    pack,
    taken,
)
from tests.snapshots.test_handed_up import code_of, resigned, rewritten

__all__ = ["nation", "pack"]


@pytest.fixture
def office(settings: Any, tmp_path: Path) -> Callable[[str], Path]:
    """Go to another office: a data folder and key of its own, no snapshot and no sender yet; its public key."""

    def move(name: str) -> Path:
        Screening.objects.all().delete()
        Snapshot.objects.all().delete()
        SnapshotSender.objects.all().delete()
        folder = tmp_path / "offices" / name
        folder.mkdir(parents=True)
        settings.LIKA = replace(settings.LIKA, data_dir=folder)
        signing.ensure_key(may_make=True)
        return signing.public_key_file()

    return move


def manifest_of(snapshot: Snapshot) -> Manifest:
    return manifests.read(storage.folder_of(snapshot))


def files_of(snapshot: Snapshot) -> list[tuple[str, int]]:
    return [(entry.path, entry.rows) for entry in manifest_of(snapshot).files]


def counted(screening: Screening) -> set[tuple[Any, ...]]:
    columns = ("unit_kind", "criterion", "division", "level", "met", "not_met", "unknown")
    return set(RollUp.objects.filter(screening=screening).values_list(*columns))


def altered(snapshot: Snapshot, change: Callable[[Path, Manifest], Manifest]) -> Snapshot:
    """A snapshot as an office with another program would have taken it: sound in itself."""
    folder = storage.folder_of(snapshot)
    text = change(folder, manifest_of(snapshot)).to_bytes()
    (folder / "manifest.json").write_bytes(text)
    Snapshot.objects.filter(pk=snapshot.pk).update(manifest_sha256=hashlib.sha256(text).hexdigest())
    return Snapshot.objects.get(pk=snapshot.pk)


def with_columns(select: str, columns: Callable[[tuple[Column, ...]], tuple[Column, ...]]) -> Callable[..., Manifest]:
    """A change of the files of households: what is selected of them, and what their columns are then."""

    def change(folder: Path, manifest: Manifest) -> Manifest:
        files = []
        for entry in manifest.files:
            path = folder / entry.path
            if entry.unit == "household":
                beside = path.with_suffix(".other")
                duckdb.sql(f"COPY (SELECT {select} FROM '{path}') TO '{beside}' (FORMAT parquet)")
                path.unlink()
                beside.rename(path)
                files.append(replace(entry, bytes=path.stat().st_size, sha256=sha256_of_file(path)))
            else:
                files.append(entry)
        schema = {**manifest.schema, "household": columns(manifest.schema["household"])}
        return replace(manifest, files=tuple(files), schema=schema)

    return change


def test_the_country_is_a_place_and_no_division(nation: Nation) -> None:
    assert divisions.place("000000") == divisions.place("0" * 12) == Place("0" * 12, 0, 0, "全国")
    assert divisions.place("621223") == Place(make.COUNTY, 621223000000, 3, "宕昌县")
    assert {code: each.name for code, each in divisions.places(["000000", "62", "990000000000"]).items()} == {
        "0" * 12: "全国", PROVINCE: "甘肃省",
    }  # fmt: skip
    assert divisions.path_labels(["0" * 12, PREFECTURE]) == {"0" * 12: "全国", PREFECTURE: "甘肃省 陇南市"}
    with pytest.raises(NotFound):
        divisions.place("990000")
    assert code_of(divisions.get, code="0" * 12) == "DIV-001"


def test_four_offices_up_to_the_country_by_command(
    nation: Nation, pack: ResolvedPack, office: Callable[[str], Path], tmp_path: Path, capsys: Any
) -> None:
    files: dict[str, Path] = {}
    keys: dict[str, Path] = {}
    ids: dict[str, str] = {}

    def take_and_hand_up(code: str) -> None:
        keys[code] = office(code)
        call_command("snapshot", "take", "--at", "2016-12-31", "--division", code)
        hand_up(code)

    def hand_up(code: str) -> None:
        newest = Snapshot.objects.first()
        ids[code], files[code] = newest.pk, tmp_path / f"{newest.pk}.zip"
        call_command("snapshot", "hand-up", newest.pk, "--to", str(files[code]))

    def receive_and_merge(code: str, *parts: str) -> str:
        keys[code] = office(code)
        for part in parts:
            call_command("snapshot", "trust", "--division", part, "--name", f"演示{part}", "--key", str(keys[part]))
        call_command("snapshot", "receive", *(str(files[part]) for part in parts))
        capsys.readouterr()
        call_command("snapshot", "merge", *(ids[part] for part in parts), "--division", code)
        return str(capsys.readouterr().out)

    for county in ("621223", "621202", "623021", "451081"):
        take_and_hand_up(county)
    assert "未包含" not in receive_and_merge("6212", "621223", "621202")
    hand_up("6212")
    assert "全国" not in receive_and_merge("62", "6212", "623021")
    hand_up("62")
    told = receive_and_merge(COUNTRY, "62", "451081")
    assert "未包含" not in told
    whole = Snapshot.objects.get(division=0)
    assert (whole.pk.split("-")[1], whole.last, whole.households, whole.made_of) == (
        COUNTRY, 10**12 - 1, 7, [ids["62"], ids["451081"]],
    )  # fmt: skip
    refuse_altered(whole)
    sound(storage.folder_of(whole))
    upper = [path for path, _rows in files_of(whole) if path.startswith("pr")]
    assert upper == [
        "prefecture/county=451000.parquet", "prefecture/county=621200.parquet", "prefecture/county=623000.parquet",
        "province/county=450000.parquet", "province/county=620000.parquet",
    ]  # fmt: skip
    call_command("screen", "--snapshot", whole.pk, "--pack", "test/exit")
    assert "省: 2" in capsys.readouterr().out.replace("：", ":").replace("Province", "省")
    by_merge = Screening.objects.get()
    # As one register of the whole country would have it.
    at_once = taken(COUNTRY)
    assert files_of(at_once) == files_of(whole)
    by_register = actions.screen(by=operator(), snapshot=at_once.pk, pack=pack, whole=True)
    assert by_merge.digest == by_register.digest
    assert counted(by_merge) == counted(by_register)
    rows = {row for row in counted(by_merge) if row[1] in {"income", "prefecture_poor", "province_poor"}}
    assert {row for row in rows if row[3] <= 1} == {
        ("household", "income", 0, 0, 2, 4, 1),
        ("household", "income", 450000000000, 1, 0, 1, 0), ("household", "income", 620000000000, 1, 2, 3, 1),
        ("prefecture", "prefecture_poor", 0, 0, 2, 1, 0),
        ("prefecture", "prefecture_poor", 450000000000, 1, 1, 0, 0),
        ("prefecture", "prefecture_poor", 620000000000, 1, 1, 1, 0),
        ("province", "province_poor", 0, 0, 1, 1, 0),
        ("province", "province_poor", 450000000000, 1, 1, 0, 0),
        ("province", "province_poor", 620000000000, 1, 0, 1, 0),
    }  # fmt: skip


class TestRefusals:
    def test_a_province_that_lies_about_a_hash_is_not_taken_in(
        self, nation: Nation, office: Callable[[str], Path], tmp_path: Path
    ) -> None:
        files, keys = {}, {}
        for code, parts in (("62", COUNTIES[:3]), ("45", (FAR,))):
            keys[code] = office(code)
            own = [taken(part) for part in parts]
            handed_up = merged(*own, division=code) if len(own) > 1 else own[0]
            files[code] = tmp_path / f"{code}.zip"
            actions.hand_up(by=operator(), snapshot=handed_up.pk, target=files[code])

            def lie(values: dict[str, Any]) -> None:
                values["files"][0]["sha256"] = "0" * 64

            if code == "45":
                rewritten(files[code], lambda entries: resigned(entries, lie))
        office(COUNTRY)
        for code, key in keys.items():
            actions.trust(by=operator(), division=code, name=f"演示{code}", key=key)
        sound_one = actions.receive(by=operator(), path=files["62"])
        assert code_of(actions.receive, by=operator(), path=files["45"]) == "SNP-032"
        assert [each.pk for each in Snapshot.objects.all()] == [sound_one.pk]
        assert [path.name for path in storage.snapshots_folder().iterdir()] == [sound_one.pk]

    def test_a_province_altered_after_it_was_taken_in_is_not_merged(self, nation: Nation) -> None:
        one, far = taken(PROVINCE), taken(FAR)
        path = next((storage.folder_of(far) / "household").iterdir())
        path.write_bytes(path.read_bytes()[:-1] + b"x")
        given = {"by": operator(), "snapshots": [one.pk, far.pk], "division": COUNTRY}
        assert code_of(actions.merge, **given) == "SNP-007"
        assert Snapshot.objects.filter(division=0).count() == 0
        assert {path.name for path in storage.snapshots_folder().iterdir()} == {one.pk, far.pk}

    def test_the_same_county_by_two_ways_is_refused(self, nation: Nation) -> None:
        province, county, far = taken(PROVINCE), taken(make.COUNTY), taken(FAR)
        with pytest.raises(UserError) as refused:
            merged(province, far, county)
        assert (refused.value.code, "621223" in str(refused.value.message)) == ("SNP-041", True)
        assert merged(province, far).households == 7

    @pytest.mark.parametrize(
        ("select", "columns"),
        [
            ("* EXCLUDE (safe_water)", lambda held: tuple(each for each in held if each.name != "safe_water")),
            (
                "* REPLACE (CAST(safe_water AS VARCHAR) AS safe_water)",
                lambda held: tuple(
                    Column(each.name, "VARCHAR") if each.name == "safe_water" else each for each in held
                ),
            ),
        ],
        ids=["an older version lacks a fact", "a fact of another type"],
    )
    def test_another_version_of_the_facts_is_refused(
        self, nation: Nation, select: str, columns: Callable[..., tuple[Column, ...]]
    ) -> None:
        province, far = taken(PROVINCE), taken(FAR)
        altered(far, with_columns(select, columns))
        for pair in ((province, far), (far, province)):
            with pytest.raises(UserError) as refused:
                merged(*pair)
            assert (refused.value.code, str(refused.value.message).endswith("household.safe_water。")) == (
                "SNP-040", True,
            )  # fmt: skip

    def test_a_pack_of_a_province_does_not_rule_the_country(self, nation: Nation, write_pack: WritePack) -> None:
        whole = merged(taken(PROVINCE), taken(FAR))
        own = write_pack(**{'"621223"': '"62"'})
        with pytest.raises(UserError) as refused:
            actions.screen(by=operator(), snapshot=whole.pk, pack=own)
        assert (refused.value.code, "全国" in str(refused.value.message)) == ("SCR-002", True)
        assert actions.screen(by=operator(), snapshot=whole.pk, pack=own, what_if=True).what_if

    def test_whose_area_is_a_province_merges_no_country(self, nation: Nation) -> None:
        parts = [taken(PROVINCE).pk, taken(FAR).pk]
        given = {"by": make.make_actor(PROVINCE, OTHER_PROVINCE), "snapshots": parts}
        assert code_of(actions.merge, **given, division=COUNTRY) == "ACC-002"


class TestWhatOnlySomeCollect:
    @pytest.fixture
    def parts(self, nation: Nation, tmp_path: Path) -> list[Snapshot]:
        """宕昌县 collects items that no other county does."""
        collected.keep(tmp_path)
        year = nation.rich.years.get(data_year=make.YEAR)
        HouseholdItem.objects.create(year=year, item="reservoir", code="yes")
        return [taken(each) for each in COUNTIES]

    def test_it_is_left_out_and_told(self, parts: list[Snapshot], pack: ResolvedPack, capsys: Any) -> None:
        call_command("snapshot", "merge", *(part.pk for part in parts), "--division", COUNTRY)
        told = capsys.readouterr().out
        whole = Snapshot.objects.get(division=0)
        assert handed.left_out(operator(), whole.pk) == [
            "county.reservoirs", "household.moved_on", "household.remark", "household.reservoir", "household.rooms",
            "household.second_fuel", "household.well_depth", "person.returned_abroad", "village.wells",
        ]  # fmt: skip
        assert "household.reservoir" in told
        refuse_altered(whole)
        sound(storage.folder_of(whole))
        one, other = (manifest_of(each) for each in (parts[0], parts[1]))
        assert manifest_of(whole).versions.schema not in {one.versions.schema, other.versions.schema}
        hashes = {entry.path: entry.sha256 for entry in manifest_of(whole).files}
        assert [hashes[entry.path] == entry.sha256 for entry in other.files] == [True] * len(other.files)
        assert hashes["household/county=621223.parquet"] != next(
            entry.sha256 for entry in one.files if entry.path == "household/county=621223.parquet"
        )
        assert actions.screen(by=operator(), snapshot=whole.pk, pack=pack).digest == (
            actions.screen(by=operator(), snapshot=taken(COUNTRY).pk, pack=pack, whole=True).digest
        )

    def test_a_pack_that_asks_for_it_is_refused(self, parts: list[Snapshot], write_pack: WritePack) -> None:
        whole = merged(*parts)
        asking = write_pack(**{'"621223"': f'"{COUNTRY}"'})
        assert actions.screen(by=operator(), snapshot=whole.pk, pack=asking).pack == "test/exit@1"
        items = PackVersion.objects.get(pack_id="test/items").pack()
        given = {"by": operator(), "snapshot": whole.pk, "pack": items, "what_if": True}
        assert code_of(actions.screen, **given) == "SCR-004"

    def test_what_all_of_them_collect_stays(self, parts: list[Snapshot]) -> None:
        twin = altered(
            taken(NEIGHBOUR),
            with_columns("*, NULL::BOOLEAN AS reservoir", lambda held: (Column("reservoir", "BOOLEAN"), *held)),
        )
        both = merged(parts[0], twin, division=PREFECTURE)
        kept = {column.name for column in manifest_of(both).schema["household"]}
        assert ("reservoir" in kept, "rooms" in kept) == (True, False)
        sound(storage.folder_of(both))


class TestWholeUnits:
    def test_a_prefecture_of_which_a_county_is_missing_has_no_row(
        self, nation: Nation, pack: ResolvedPack, capsys: Any
    ) -> None:
        parts = [taken(each).pk for each in (make.COUNTY, BESIDE, FAR)]
        make.make_division("110101000000", "东城区")
        call_command("snapshot", "merge", *parts, "--division", COUNTRY)
        told = capsys.readouterr().out
        whole = Snapshot.objects.get(division=0)
        assert [path for path, _rows in files_of(whole) if path.startswith("pr")] == [
            "prefecture/county=451000.parquet", "prefecture/county=623000.parquet", "province/county=450000.parquet",
        ]  # fmt: skip
        assert [each.code for each in handed.not_whole(operator(), whole.pk)] == [PROVINCE, PREFECTURE]
        assert "有 2 个县（市、区）未包含在内：11, 621202" in told
        assert "621200 陇南市" in told
        screening = actions.screen(by=operator(), snapshot=whole.pk, pack=pack)
        asked = {row[2] for row in counted(screening) if row[:2] == ("prefecture", "prefecture_poor") and row[3] == 2}
        assert asked == {451000000000, 623000000000}

    def test_what_has_no_register_is_not_waited_for(self, nation: Nation, capsys: Any) -> None:
        parts = [taken(each) for each in (make.COUNTY, BESIDE)]
        without = [NEIGHBOUR]
        call_command(
            "snapshot", "merge", *(each.pk for each in parts), "--division", "62", "--without", "621202",
        )  # fmt: skip
        assert "未包含" not in capsys.readouterr().out
        whole = Snapshot.objects.get(division=int(PROVINCE))
        assert handed.not_whole(operator(), whole.pk) == []
        assert [path for path, _rows in files_of(whole) if path.startswith("pr")] == [
            "prefecture/county=621200.parquet", "prefecture/county=623000.parquet", "province/county=620000.parquet",
        ]  # fmt: skip
        (entry,) = AuditEntry.objects.filter(action="snapshot.merge")
        assert audit.told(entry)[1]["without"] == without

    @pytest.mark.parametrize("claimed", [make.COUNTY, PREFECTURE, FAR, PROVINCE])
    def test_what_is_there_or_elsewhere_is_not_said_to_have_none(self, nation: Nation, claimed: str) -> None:
        parts = [taken(each).pk for each in (make.COUNTY, BESIDE)]
        make.make_division(FAR)
        given = {"by": operator(), "snapshots": parts, "division": "62", "without": [claimed]}
        assert code_of(actions.merge, **given) == "SNP-045"
        assert Snapshot.objects.count() == 2

    def test_a_row_that_was_handed_up_stays(self, nation: Nation) -> None:
        make.make_division("621221000000", "成县")
        # The prefecture answers for it: its register has nobody in 成县.
        own = taken(PREFECTURE)
        whole = merged(own, taken(BESIDE), division=PROVINCE)
        assert [path for path, _rows in files_of(whole) if path.startswith("pr")] == [
            "prefecture/county=621200.parquet", "prefecture/county=623000.parquet", "province/county=620000.parquet",
        ]  # fmt: skip

    def test_of_nothing_nothing_is_told(self, nation: Nation) -> None:
        make.make_division("623100000000", "无县州")
        make.make_division("624001000000", "无户县")
        held = {("county", 621223), ("county", 621202), ("county", 623021)}
        assert handed.made_whole(PROVINCE, make.AT, held) == [
            ("prefecture", 621200000000), ("prefecture", 623000000000),
        ]  # fmt: skip
        empty = [623100000000, 624001000000]
        assert handed.made_whole(PROVINCE, make.AT, held, empty) == [
            ("prefecture", 621200000000), ("prefecture", 623000000000), ("province", 620000000000),
        ]  # fmt: skip
        assert handed.made_whole(PROVINCE, make.AT, set(), empty) == []


def test_who_stands_in_two_provinces_is_found_by_token(nation: Nation) -> None:
    one = nation.rich.memberships.get(relation="01").person
    other = nation.far.memberships.get(relation="01").person
    Person.objects.filter(pk=other.pk).update(id_index=b"")
    other.id_type, other.id_number = one.id_type, one.id_number
    other.save(update_fields=["id_type", "id_number"])
    whole = merged(taken(PROVINCE), taken(FAR))
    found = actions.report_duplicates(by=operator(), snapshot=whole.pk)
    assert found.pairs == {("451081", "621223"): 1}
    assert [[each.county for each in group] for group in found.groups] == [["451081", "621223"]]
    assert [sorted(counties) for counties in found.compared.values()] == [["451081", "621202", "621223", "623021"]]
