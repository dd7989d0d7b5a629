"""Loading: all or nothing, every fault named, the same again changes nothing."""

import datetime as dt
from collections.abc import Callable
from decimal import Decimal
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command

from lika.core.actors import SystemActor
from lika.core.areas import Area
from lika.core.errors import ManyErrors, PermissionRefused, UserError
from lika.core.models import AuditEntry
from lika.core.permissions import Permission
from lika.divisions import actions, queries, sources, verification
from lika.divisions.models import Division, DivisionChange
from tests.divisions.conftest import CORNER

BatchOf = Callable[[str], sources.Batch]


def faults_of(error: ManyErrors) -> list[tuple[int, str, str]]:
    return [(fault.where["row"], fault.code, fault.where["division"]) for fault in error.errors]


def test_a_file_is_loaded_once(corner: actions.Loaded, manager: SystemActor, csv_batch: BatchOf) -> None:
    before = list(Division.objects.values_list())
    again = actions.load(by=manager, batch=csv_batch(CORNER), overwrite=True)
    assert corner == actions.Loaded(added=6, changed=0, kept=0, changes=0)
    assert again == actions.Loaded(added=0, changed=0, kept=0, changes=0)
    assert again.nothing
    assert not corner.nothing
    assert list(Division.objects.values_list()) == before
    # One audit row tells of the first load; the second did nothing and left none.
    assert list(AuditEntry.objects.values_list("actor", "action", "label")) == [
        ("system:test", "divisions.load", "区划.csv")
    ]


def test_a_row_becomes_a_division(corner: actions.Loaded) -> None:
    village = queries.get("621223100202")
    assert (village.number, village.level, village.name, village.parent_id) == (
        621223100202, 5, "新城村委会", "621223100000",
    )  # fmt: skip
    assert (village.valid_from, village.valid_to, village.successor_code, village.longitude) == (None, None, "", None)
    assert queries.get("62").parent is None


FAULTY = """
code,name,level,parent,valid_from,valid_to,successor,source,longitude,latitude
62122310,太短,4,,,,,,,
6212231002x1,字母,5,,,,,,,
621223101,哈达铺镇,5,,,,,,,
621223102201,无上级村,5,,,,,,,
621223103,南阳镇,4,621221,,,,,,
621223100203,两次村,5,,,,,,,
621223100203,又一次村,5,,,,,,,
621223100204,,5,,,,,,,
621223100205,日期村,5,,2014-13-01,2015年,,,,
621223100206,倒置村,5,,2015-01-01,2014-01-01,,,,
621223100207,无据村,5,,,2015-01-01,621223100201,,,
621223100208,无后继村,5,,,2015-01-01,621223100299,某文件,,
621223100209,重叠村,5,,,2015-01-01,621223100210,某文件,,
621223100210,后继村,5,,2014-06-01,,,,,
621223100211,坐标村,5,,,,,,200,34
621223101201,不算孤儿村,5,,,,,,,
"""


def test_every_fault_is_named_at_once_and_nothing_is_loaded(
    corner: actions.Loaded, manager: SystemActor, csv_batch: BatchOf
) -> None:
    before = set(Division.objects.values_list("code", "name"))
    with pytest.raises(ManyErrors) as refused:
        actions.load(by=manager, batch=csv_batch(FAULTY), overwrite=True)
    assert refused.value.code == "DIV-020"
    assert faults_of(refused.value) == [
        (2, "DIV-001", "62122310"),
        (3, "DIV-001", "6212231002x1"),
        (4, "DIV-002", "621223101000"),
        (5, "DIV-003", "621223102201"),
        (6, "DIV-004", "621223103000"),
        (8, "DIV-005", "621223100203"),
        (9, "DIV-009", "621223100204"),
        (10, "DIV-006", "621223100205"),
        (10, "DIV-006", "621223100205"),
        (11, "DIV-006", "621223100206"),
        (12, "DIV-008", "621223100207"),
        (13, "DIV-008", "621223100208"),
        (14, "DIV-007", "621223100209"),
        (16, "DIV-016", "621223100211"),
    ]
    assert set(Division.objects.values_list("code", "name")) == before
    assert DivisionChange.objects.count() == 0


def test_the_same_rows_without_their_faults_load(
    corner: actions.Loaded, manager: SystemActor, csv_batch: BatchOf
) -> None:
    mended = """
code,name,level,parent,valid_from,valid_to,successor,source,longitude,latitude
621223101,哈达铺镇,4,621223,,,,,,
621223101201,不算孤儿村,5,,,,,,104.5,34.25
621223100203,前身村,5,,,2015-01-01,621223100210,某文件,,
621223100210,后继村,5,,2015-01-01,,,,,
"""
    loaded = actions.load(by=manager, batch=csv_batch(mended), overwrite=True)
    assert loaded == actions.Loaded(added=4, changed=0, kept=0, changes=1)
    ended = queries.get("621223100203")
    assert (ended.valid_to, ended.successor_code) == (dt.date(2015, 1, 1), "621223100210")
    change = DivisionChange.objects.get()
    assert (change.predecessor_id, change.successor_id, change.on, change.source) == (
        "621223100203", "621223100210", dt.date(2015, 1, 1), "某文件",
    )  # fmt: skip
    assert verification.overlaps() == []
    placed = queries.get("621223101201")
    assert (placed.longitude, placed.latitude) == (Decimal("104.5"), Decimal("34.25"))


RENAMED = "code,name,level\n621223100201,旧城社区居委会,5\n"


def test_what_stands_differently_is_kept_unless_told(
    corner: actions.Loaded, manager: SystemActor, csv_batch: BatchOf
) -> None:
    kept = actions.load(by=manager, batch=csv_batch(RENAMED), overwrite=False)
    assert kept == actions.Loaded(added=0, changed=0, kept=1, changes=0)
    assert queries.get("621223100201").name == "旧城村委会"
    changed = actions.load(by=manager, batch=csv_batch(RENAMED), overwrite=True)
    assert changed == actions.Loaded(added=0, changed=1, kept=0, changes=0)
    assert queries.get("621223100201").name == "旧城社区居委会"


def test_columns_that_a_file_does_not_have_stay(
    corner: actions.Loaded, manager: SystemActor, csv_batch: BatchOf
) -> None:
    begun = "code,name,level,valid_from\n621223100201,旧城村委会,5,2001-05-01\n"
    assert actions.load(by=manager, batch=csv_batch(begun), overwrite=True).changed == 1
    actions.load(by=manager, batch=csv_batch(RENAMED), overwrite=True)
    village = queries.get("621223100201")
    assert (village.name, village.valid_from) == ("旧城社区居委会", dt.date(2001, 5, 1))


def test_a_split_names_all_successors(corner: actions.Loaded, manager: SystemActor, csv_batch: BatchOf) -> None:
    split = """
code,name,level,valid_from,valid_to,successor,source
621223100203,大村,5,,2015-01-01,621223100204 621223100205,某文件
621223100204,东村,5,2015-01-01,,,
621223100205,西村,5,2015-01-01,,,
"""
    assert actions.load(by=manager, batch=csv_batch(split), overwrite=False).changes == 2
    ended = queries.get("621223100203")
    assert ended.successor_code == ""
    assert [division.name for division in queries.successors(ended)] == ["东村", "西村"]
    with pytest.raises(UserError) as refused:
        queries.resolve("621223100203", at=dt.date(2016, 1, 1))
    assert refused.value.code == "DIV-014"
    assert queries.resolve("621223100203", at=dt.date(2014, 1, 1)) == ended


ENDED = """
code,name,level,valid_from,valid_to,successor,source
621223100203,前身村,5,2001-01-01,2015-01-01,621223100204,某文件
621223100204,后继村,5,2015-01-01,,,
"""


@pytest.mark.parametrize(
    ("header", "row", "fault"),
    [
        ("code,name,level,valid_from", "621223100203,前身村,5,2016-01-01", "DIV-006"),
        ("code,name,level,valid_to", "621223100203,前身村,5,2000-01-01", "DIV-006"),
        ("code,name,level,valid_to", "621223100203,前身村,5,", "DIV-008"),
        ("code,name,level,valid_to", "621223100203,前身村,5,2015-01-02", "DIV-007"),
        ("code,name,level,valid_from", "621223100204,后继村,5,2014-12-31", "DIV-007"),
        ("code,name,level,valid_from", "621223100204,后继村,5,", "DIV-007"),
    ],
)
def test_a_file_is_judged_with_what_the_table_has(
    corner: actions.Loaded, manager: SystemActor, csv_batch: BatchOf, header: str, row: str, fault: str
) -> None:
    actions.load(by=manager, batch=csv_batch(ENDED), overwrite=False)
    before = list(Division.objects.values_list())
    with pytest.raises(ManyErrors) as refused:
        actions.load(by=manager, batch=csv_batch(f"{header}\n{row}"), overwrite=True)
    assert faults_of(refused.value) == [(2, fault, row[:12])]
    assert list(Division.objects.values_list()) == before


def test_a_name_changes_beside_a_recorded_validity(
    corner: actions.Loaded, manager: SystemActor, csv_batch: BatchOf
) -> None:
    actions.load(by=manager, batch=csv_batch(ENDED), overwrite=False)
    renamed = "code,name,level\n621223100203,旧名村,5\n621223100204,新名村,5"
    assert actions.load(by=manager, batch=csv_batch(renamed), overwrite=True) == actions.Loaded(0, 2, 0, 0)
    ended = queries.get("621223100203")
    assert (ended.name, ended.valid_to, ended.successor_code) == ("旧名村", dt.date(2015, 1, 1), "621223100204")


@pytest.mark.parametrize(
    "content",
    [b"name,level\n\xe7\x94\x98,1\n", b"code,name,level,colour\n62,x,1,red\n", b"\xff\xfe62", b""],
    ids=["no code column", "unknown column", "not UTF-8", "empty"],
)
def test_a_file_that_is_no_table_of_divisions_is_refused(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "x.csv"
    path.write_bytes(content)
    with pytest.raises(UserError) as refused:
        sources.from_file(path)
    assert (refused.value.code, refused.value.where["file"]) == ("DIV-012", "x.csv")


def test_a_missing_file_is_refused(tmp_path: Path) -> None:
    with pytest.raises(UserError, match="DIV-012"):
        sources.from_file(tmp_path / "nowhere.csv")


def test_loading_needs_the_permission_and_the_area(db: None, csv_batch: BatchOf) -> None:
    with pytest.raises(PermissionRefused, match="ACC-001"):
        actions.load(by=SystemActor("reader", {Permission.DIVISIONS_VIEW}), batch=csv_batch(CORNER), overwrite=False)
    local = SystemActor("county", {Permission.DIVISIONS_MANAGE}, Area.of(["621223"]))
    with pytest.raises(PermissionRefused, match="ACC-002"):
        actions.load(by=local, batch=csv_batch(CORNER), overwrite=False)
    assert Division.objects.count() == 0


def test_an_official_loads_what_lies_in_the_area(corner: actions.Loaded, csv_batch: BatchOf) -> None:
    local = SystemActor("county", {Permission.DIVISIONS_MANAGE}, Area.of(["621223"]))
    village = "code,name,level\n621223100203,东村,5\n"
    assert actions.load(by=local, batch=csv_batch(village), overwrite=False).added == 1


def test_the_command_loads_a_file_and_says_so(
    db: None, tmp_path: Path, capsys: pytest.CaptureFixture[str], settings: object
) -> None:
    path = tmp_path / "区划.csv"
    path.write_text(CORNER.strip(), encoding="utf-8-sig")
    call_command("divisions", "load", file=path)
    assert "6" in capsys.readouterr().out
    call_command("divisions", "load", "--file", str(path))
    assert "区划.csv" in capsys.readouterr().out
    call_command("divisions", "show", "621223")
    shown = capsys.readouterr().out
    assert "621223000000  甘肃省 陇南市 宕昌县" in shown
    assert "621223000000 – 621223999999" in shown
    with pytest.raises(CommandError):
        call_command("divisions", "check")
    assert "110000000000" not in capsys.readouterr().out  # provinces that are not loaded are not missed
