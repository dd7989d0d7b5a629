"""Other files than one workbook: CSV as offices have it, Parquet, several files of a sheet, folders and archives."""

import csv
import datetime as dt
import io
import zipfile
from collections.abc import Callable, Iterable
from decimal import Decimal
from pathlib import Path
from typing import Any

import openpyxl
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from lika.collection import marking
from lika.collection.actions import import_register
from lika.collection.choices import BatchState
from lika.collection.report import ImportReport
from lika.collection.schema import HOUSEHOLDS
from lika.collection.workbook import AsTyped
from lika.core.actors import Actor
from lika.core.errors import UserError
from lika.register.models import Membership
from tests.collection import workbooks
from tests.collection.workbooks import H1, H2, LI, changed, clean

Cells = list[list[Any]]
ROWS = {"households": 2, "persons": 4, "household_years": 2, "village_years": 1, "county_years": 1}


def sheets(tmp_path: Path, rows: workbooks.Rows | None = None) -> dict[str, Cells]:
    """The sheets with data as people see them in the workbook, by name."""
    book = openpyxl.load_workbook(workbooks.save(tmp_path / "source.xlsx", rows or clean()))
    names = ("户信息", "家庭成员", "户年度数据", "村年度数据", "县年度数据")
    return {name: [[shown(cell) for cell in row] for row in book[name].iter_rows(values_only=True)] for name in names}


def shown(cell: Any) -> Any:
    return cell.date() if isinstance(cell, dt.datetime) else cell


def as_csv(cells: Cells, *, encoding: str = "utf-8", delimiter: str = ",") -> bytes:
    text = io.StringIO()
    csv.writer(text, delimiter=delimiter).writerows(cells)
    return text.getvalue().encode(encoding)


def folder_of(tmp_path: Path, files: dict[str, bytes]) -> Path:
    folder = tmp_path / "files"
    folder.mkdir()
    for name, content in files.items():
        (folder / name).write_bytes(content)
    return folder


def refusal(run: Callable[[], object]) -> tuple[str, dict[str, Any]]:
    with pytest.raises(UserError) as error:
        run()
    return error.value.code, dict(error.value.where)


def places(report: ImportReport) -> list[tuple[str, str, str, int, str]]:
    return [(f.code, f.file, f.sheet, f.row, f.field) for f in report.findings]


@pytest.mark.parametrize(
    ("encoding", "delimiter"),
    [("utf-8", ","), ("utf-8-sig", ","), ("gb18030", "\t"), ("utf-16", ";"), ("gbk", "|")],
)
def test_csv_files_say_what_the_workbook_says(encoding: str, delimiter: str, tmp_path: Path, officer: Actor) -> None:
    files = {f"{name}.csv": as_csv(cells, encoding=encoding, delimiter=delimiter)
             for name, cells in sheets(tmp_path).items()}  # fmt: skip
    report = import_register(by=officer, path=folder_of(tmp_path, files))
    assert (report.findings, dict(report.rows), report.state) == ((), ROWS, BatchState.PUBLISHED)
    assert Membership.objects.get(household__number=H1, relation="01").person.id_number == LI
    again = import_register(by=officer, path=tmp_path / "source.xlsx")
    assert (again.findings, again.state) == ((), BatchState.UNCHANGED)


def typed(name: str, values: Iterable[Any]) -> pa.Array:
    """A column with the type that a database would give it."""
    listed = list(values)
    kinds = {type(value) for value in listed if value is not None}
    if name in ("住房安全等级", "户主关系"):
        return pa.array(listed).dictionary_encode()
    if kinds <= {int, float, Decimal} and kinds:
        return pa.array([None if v is None else Decimal(str(v)) for v in listed], pa.decimal128(18, 2))
    if kinds == {dt.date}:
        return pa.array([None if v is None else dt.datetime.combine(v, dt.time()) for v in listed], pa.timestamp("us"))
    return pa.array([None if value is None else str(value) for value in listed])


def as_parquet(cells: Cells, **columns: pa.Array) -> bytes:
    heading, *rows = cells
    made = {str(name): typed(str(name), (row[at] for row in rows)) for at, name in enumerate(heading)}
    out = io.BytesIO()
    pq.write_table(pa.table(made | columns), out)
    return out.getvalue()


def test_parquet_files_say_what_the_workbook_says(tmp_path: Path, officer: Actor) -> None:
    files = {f"{name}.parquet": as_parquet(cells) for name, cells in sheets(tmp_path).items()}
    report = import_register(by=officer, path=folder_of(tmp_path, files))
    assert (report.findings, dict(report.rows), report.state) == ((), ROWS, BatchState.PUBLISHED)
    again = import_register(by=officer, path=tmp_path / "source.xlsx")
    assert (again.findings, again.state) == ((), BatchState.UNCHANGED)


def test_an_archive_of_mixed_files_and_a_workbook_in_parts(tmp_path: Path, officer: Actor) -> None:
    found = sheets(tmp_path)
    years = openpyxl.Workbook()
    years.active.title = "户年度数据"
    for row in found["户年度数据"]:
        years.active.append(row)
    years.save(tmp_path / "years.xlsx")
    path = tmp_path / "演示.zip"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("数据/households.csv", as_csv(found["户信息"]))
        archive.writestr("数据/家庭成员(1).csv", as_csv(found["家庭成员"][:4]))
        archive.writestr("数据/家庭成员(2).parquet", as_parquet([found["家庭成员"][0], *found["家庭成员"][4:]]))
        archive.write(tmp_path / "years.xlsx", "数据/years.xlsx")
        archive.writestr("__MACOSX/._households.csv", b"\x00\x01")
        archive.writestr("数据/说明.csv", "请先阅读\n")
        archive.writestr("数据/备注.csv", "随便\n")
    report = import_register(by=officer, path=path)
    assert places(report) == [("COL-010", "", "数据/备注.csv", 0, "")]
    assert dict(report.rows) == {"households": 2, "persons": 4, "household_years": 2}
    assert report.state == BatchState.PUBLISHED


def test_faults_stand_in_the_file_that_holds_them(tmp_path: Path, officer: Actor) -> None:
    faulty = changed(persons__5__sex=AsTyped("不详"), persons__5__id_number=LI, persons__4__education=AsTyped("九年级"))
    found = sheets(tmp_path, faulty)
    members = found["家庭成员"]
    folder = folder_of(
        tmp_path,
        {
            "户信息.csv": as_csv(found["户信息"]),
            "家庭成员-1.csv": as_csv([["宕昌县家庭成员表"], *members[:4]]),
            "家庭成员-2.csv": as_csv([members[0], *members[4:]]),
        },
    )
    report = import_register(by=officer, path=folder)
    assert places(report) == [
        ("COL-205", "家庭成员-1.csv", "persons", 3, "id_number"),
        ("COL-105", "家庭成员-1.csv", "persons", 5, "education"),
        ("COL-105", "家庭成员-2.csv", "persons", 2, "sex"),
        ("COL-205", "家庭成员-2.csv", "persons", 2, "id_number"),
    ]
    others = [dict(f.params)["other"] for f in report.findings if f.code == "COL-205"]
    assert others == ["家庭成员-2.csv 2", "家庭成员-1.csv 3"]
    assert [f.household for f in report.findings] == [H1, H1, H2, H2]
    marking.write(folder, folder.name, tmp_path / "标注.xlsx", report.findings)
    book = openpyxl.load_workbook(tmp_path / "标注.xlsx")
    assert book.sheetnames == ["错误清单", "户信息", "家庭成员-1", "家庭成员-2"]
    coloured = {
        (sheet.title, cell.row) for sheet in book for row in sheet.iter_rows() for cell in row
        if cell.fill.fill_type == "solid" and sheet.title.startswith("家庭")
    }  # fmt: skip
    assert coloured == {("家庭成员-1", 3), ("家庭成员-1", 5), ("家庭成员-2", 2)}


def test_good_rows_of_several_files(tmp_path: Path, officer: Actor) -> None:
    found = sheets(tmp_path, changed(persons__5__sex=AsTyped("不详")))
    members = found.pop("家庭成员")
    files = {f"{name}.csv": as_csv(cells) for name, cells in found.items()}
    files |= {"家庭成员 第1部分.csv": as_csv(members[:4]), "家庭成员 第2部分.csv": as_csv([members[0], *members[4:]])}
    report = import_register(by=officer, path=folder_of(tmp_path, files), good_rows=True)
    assert (report.state, report.left_out) == (BatchState.PUBLISHED, (H2,))
    assert set(Membership.objects.values_list("household__number", flat=True)) == {H1}


def test_cells_over_several_lines_and_rows_of_unequal_length(tmp_path: Path, officer: Actor) -> None:
    found = sheets(tmp_path)
    households = found["户信息"]
    address = households[0].index("家庭住址")
    households[1][address] = "城关镇\n演示街1号"
    short = [households[0], ["" for _cell in households[0]], households[1][:], households[2]]
    while short[2][-1] is None:
        short[2].pop()
    text = as_csv(short).decode()
    longer = text.rstrip("\r\n") + ",再来一格\r\n"
    found.pop("户信息")
    files = {f"{name}.csv": as_csv(cells) for name, cells in found.items()}
    report = import_register(by=officer, path=folder_of(tmp_path, {"户信息.csv": longer.encode(), **files}))
    assert places(report) == [("COL-022", "", "households", 4, "")]
    assert (report.state, [f.household for f in report.findings]) == (BatchState.REFUSED, [H2])


class TestRefused:
    """What cannot be read is refused with a code, and nothing is written."""

    def test_what_is_no_text(self, tmp_path: Path, officer: Actor) -> None:
        path = tmp_path / "户信息.csv"
        path.write_bytes("户编号,行政村代码\n".encode() + b"\x81\x00\xff\xfe\xfa")
        assert refusal(lambda: import_register(by=officer, path=path)) == ("COL-018", {"file": "户信息.csv"})

    def test_a_cell_that_never_ends(self, tmp_path: Path, officer: Actor) -> None:
        path = tmp_path / "户信息.csv"
        path.write_text('户编号,行政村代码\n"62122310000001,6\n', encoding="utf-8")
        code, where = refusal(lambda: import_register(by=officer, path=path))
        assert (code, where["file"]) == ("COL-019", "户信息.csv")

    def test_parquet_cut_off(self, tmp_path: Path, officer: Actor) -> None:
        path = tmp_path / "户信息.parquet"
        path.write_bytes(as_parquet(sheets(tmp_path)["户信息"])[:-20])
        assert refusal(lambda: import_register(by=officer, path=path)) == ("COL-017", {"file": "户信息.parquet"})

    def test_a_column_of_lists(self, tmp_path: Path, officer: Actor) -> None:
        found = sheets(tmp_path)
        lists = as_parquet(found["户信息"], 联系电话=pa.array([["139"], ["138"]]))
        report = import_register(by=officer, path=folder_of(tmp_path, {"户信息.parquet": lists}))
        assert places(report) == [("COL-020", "", "households", 1, "phone")]
        assert (report.state, "list" in report.findings[0].message) == (BatchState.REFUSED, True)

    def test_files_of_a_sheet_with_other_columns(self, tmp_path: Path, officer: Actor) -> None:
        found = sheets(tmp_path)["户信息"]
        less = [row[:-1] for row in found]
        files = {"户信息-1.csv": as_csv(found[:2]), "户信息-2.csv": as_csv([less[0], less[2]])}
        report = import_register(by=officer, path=folder_of(tmp_path, files))
        assert places(report)[0] == ("COL-021", "户信息-2.csv", "households", 1, "")
        assert report.state == BatchState.REFUSED

    def test_an_archive_with_a_password_and_a_bomb(
        self, tmp_path: Path, officer: Actor, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        path = tmp_path / "a.zip"
        with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
            archive.writestr("户信息.csv", "0" * 5_000)
        locked = bytearray(path.read_bytes())
        for header, flags in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
            locked[locked.index(header) + flags] |= 1
        (tmp_path / "b.zip").write_bytes(locked)
        assert refusal(lambda: import_register(by=officer, path=tmp_path / "b.zip"))[0] == "COL-003"
        monkeypatch.setattr("lika.collection.reading.sources.MAX_UNPACKED_BYTES", 4_000)
        assert refusal(lambda: import_register(by=officer, path=path))[0] == "COL-002"

    def test_an_empty_folder_and_files_of_nothing(self, tmp_path: Path, officer: Actor) -> None:
        folder = folder_of(tmp_path, {"户信息.csv": b""})
        assert refusal(lambda: import_register(by=officer, path=folder))[0] == "COL-004"
        assert refusal(lambda: import_register(by=officer, path=tmp_path / "none"))[0] == "COL-005"

    def test_a_sign_that_is_none(self, tmp_path: Path, officer: Actor) -> None:
        found = sheets(tmp_path)
        named = found["户信息"][0].index("开户银行")
        for row in found["户信息"][1:]:
            row[named] = "演示\0银行"
        files = {"户信息.parquet": as_parquet(found["户信息"]), "家庭成员.csv": as_csv(found["家庭成员"])}
        report = import_register(by=officer, path=folder_of(tmp_path, files))
        assert places(report) == [("COL-114", "", "households", row, "bank_name") for row in (2, 3)]


def test_macros_are_named_and_not_run(tmp_path: Path, officer: Actor) -> None:
    path = workbooks.save(tmp_path / "演示.xlsm", clean())
    with zipfile.ZipFile(path, "a") as archive:
        archive.writestr("xl/vbaProject.bin", b"\xd0\xcf\x11\xe0")
    report = import_register(by=officer, path=path)
    assert (places(report), report.state) == ([("COL-023", "", "", 0, "")], BatchState.PUBLISHED)


def test_two_hundred_strange_sheets(tmp_path: Path, officer: Actor) -> None:
    path = workbooks.save(tmp_path / "演示.xlsx", clean())
    book = workbooks.edit(path)
    for number in range(200):
        book.create_sheet(f"附表{number}")
    book.save(path)
    report = import_register(by=officer, path=path)
    assert (dict(report.finding_counts), report.state) == ({"COL-010": 200}, BatchState.PUBLISHED)


def test_ten_thousand_faulty_rows_are_counted_and_a_thousand_shown(tmp_path: Path, officer: Actor) -> None:
    found = sheets(tmp_path)
    heading, first, *_others = found["家庭成员"]
    sex = next(at for at, words in enumerate(heading) if words.startswith("性别"))
    rows = [[*first[:sex], "不详", *first[sex + 1 :]] for _row in range(10_000)]
    files = {"户信息.csv": as_csv(found["户信息"]), "家庭成员.csv": as_csv([heading, *rows])}
    report = import_register(by=officer, path=folder_of(tmp_path, files))
    shown_rows = sum(f.code == "COL-105" for f in report.findings)
    assert (report.finding_counts["COL-105"], shown_rows, report.state) == (10_000, 1_000, BatchState.REFUSED)


@pytest.mark.parametrize("share", [0.02, 0.3, 0.6, 0.99])
def test_a_workbook_cut_off_is_refused(share: float, tmp_path: Path, officer: Actor) -> None:
    path = workbooks.save(tmp_path / "演示.xlsx", clean())
    whole = path.read_bytes()
    path.write_bytes(whole[: int(len(whole) * share)])
    assert refusal(lambda: import_register(by=officer, path=path))[0] == "COL-001"


def test_the_ending_of_a_name_does_not_matter(tmp_path: Path, officer: Actor) -> None:
    """What a file is, its first bytes say: offices rename."""
    workbooks.save(tmp_path / "演示.csv", clean())
    assert import_register(by=officer, path=tmp_path / "演示.csv").state == BatchState.PUBLISHED
    found = sheets(tmp_path)
    (tmp_path / "户信息.xlsx").write_bytes(as_csv(found["户信息"]))
    (tmp_path / "户信息.txt").write_bytes(as_parquet(found["户信息"]))
    for name in ("户信息.xlsx", "户信息.txt"):
        report = import_register(by=officer, path=tmp_path / name)
        assert (dict(report.rows), report.state) == ({"households": 2}, BatchState.UNCHANGED)


def retyped(cells: Cells, **columns: pa.Array) -> bytes:
    """A Parquet file whose named columns of the household sheet have other types."""
    headings = {column.name: heading for heading in cells[0] if (column := HOUSEHOLDS.by_heading(str(heading)))}
    return as_parquet(cells, **{headings[name]: values for name, values in columns.items()})


def test_parquet_columns_that_hold_no_plain_values_are_named(tmp_path: Path, officer: Actor) -> None:
    made = retyped(
        sheets(tmp_path)["户信息"], poverty_on=pa.array([dt.timedelta(days=1), None]),
        identified_year=pa.array([b"2013", b"2014"]),
    )  # fmt: skip
    report = import_register(by=officer, path=folder_of(tmp_path, {"户信息.parquet": made}))
    assert {(code, row, field) for code, _file, _sheet, row, field in places(report)} == {
        ("COL-020", 1, "poverty_on"), ("COL-020", 1, "identified_year"),
    }  # fmt: skip
    assert report.state == BatchState.REFUSED


def test_parquet_columns_of_other_types_are_read_or_named_row_by_row(tmp_path: Path, officer: Actor) -> None:
    """A number where text is asked reads as it is shown; what is no date and no whole year is named."""
    found = sheets(tmp_path)
    made = retyped(
        found["户信息"], number=pa.array([int(H1), int(H2)]), phone=pa.array([13900000001.0, 13800000002.0]),
        poverty_on=pa.array([True, False]), identified_year=pa.array([2013.5, 2014.0]),
    )  # fmt: skip
    files = {"户信息.parquet": made, "家庭成员.csv": as_csv(found["家庭成员"])}
    report = import_register(by=officer, path=folder_of(tmp_path, files))
    assert {(f.code, f.row, f.field, f.household) for f in report.findings if f.is_error} == {
        ("COL-109", 2, "poverty_on", H1), ("COL-108", 2, "identified_year", H1), ("COL-109", 3, "poverty_on", H2),
    }  # fmt: skip
