"""The door out: by whom, with what, and that what leaves comes back as it was."""

import datetime as dt
import io
import zipfile
from collections.abc import Callable
from pathlib import Path
from uuid import UUID

import openpyxl
import psycopg
import pytest
from django.db import connection
from django.utils import timezone

from lika.accounts.models import Official, User
from lika.accounts.queries import actor_of
from lika.collection.actions import import_register
from lika.collection.choices import BatchState, ExportFormat, ExportState
from lika.collection.exporting import actions, queries
from lika.collection.models import Export
from lika.core.actors import Actor
from lika.core.errors import UserError
from lika.register.models import Household, Person
from tests.collection import workbooks
from tests.collection.workbooks import H1, H2, LI, clean
from tests.console.officials import Role, official
from tests.factories import COUNTY, VILLAGE

TOWNSHIP = VILLAGE[:9] + "000"


@pytest.fixture
def register(officer: Actor, tmp_path: Path) -> Path:
    """The clean workbook, imported."""
    path = workbooks.save(tmp_path / "演示.xlsx", clean())
    assert import_register(by=officer, path=path).state == BatchState.PUBLISHED
    return path


@pytest.fixture
def asker(register: Path) -> Actor:
    return actor_of(named(Role.COUNTY, COUNTY, "county-one"))


@pytest.fixture
def second(register: Path) -> Actor:
    return actor_of(named(Role.COUNTY, COUNTY, "county-two"))


def named(role: Role, division: str, name: str) -> User:
    user = official(role, division)
    user.username = name
    user.save()
    return user


def ask(by: Actor, kind: ExportFormat = ExportFormat.CSV, *, personal: bool = False, **other: object) -> Export:
    given = {"division": COUNTY, "data_year": 2016, "reason": "年度核对"} | other
    return actions.ask(by=by, kind=kind, personal=personal, **given)  # type: ignore[arg-type]


def refused(run: Callable[[], object]) -> str:
    with pytest.raises(UserError) as error:
        run()
    return error.value.code


def taken(by: Actor, export: Export) -> bytes:
    actions.make(export.id)
    return actions.take(by=by, export=export.id)[1]


@pytest.mark.parametrize("kind", ExportFormat)
def test_what_leaves_comes_back_and_changes_nothing(
    kind: ExportFormat, asker: Actor, second: Actor, officer: Actor, tmp_path: Path
) -> None:
    export = ask(asker, kind, personal=True)
    actions.decide(by=second, export=export.id, agree=True)
    path = tmp_path / export.file_name
    path.write_bytes(taken(asker, export))
    report = import_register(by=officer, path=path)
    assert (report.findings, report.state) == ((), BatchState.UNCHANGED)
    assert dict(report.rows) == {
        "households": 2, "persons": 4, "household_years": 2, "village_years": 1, "county_years": 1
    }  # fmt: skip
    assert Export.objects.get().rows == dict(report.rows)


def test_a_text_that_a_spreadsheet_would_run_comes_back_whole(
    asker: Actor, second: Actor, officer: Actor, tmp_path: Path
) -> None:
    Household.objects.filter(number=H1).update(bank_name="=演示银行")
    export = ask(asker, personal=True)
    actions.decide(by=second, export=export.id, agree=True)
    content = taken(asker, export)
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        assert ",'=演示银行," in archive.read("户信息.csv").decode("utf-8-sig")
    (tmp_path / "a.zip").write_bytes(content)
    assert import_register(by=officer, path=tmp_path / "a.zip").state == BatchState.UNCHANGED


def test_without_personal_data_one_person_is_enough_and_nobody_is_named(asker: Actor) -> None:
    content = taken(asker, ask(asker))
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        texts = {name: archive.read(name).decode("utf-8-sig") for name in archive.namelist()}
    assert sorted(texts) == sorted(["说明.csv", "户信息.csv", "户年度数据.csv", "村年度数据.csv", "县年度数据.csv"])
    everything = "".join(texts.values())
    secrets = [LI, "13900000001", "62280000000000", "演示街", *Person.objects.values_list("name", flat=True)]
    assert [secret for secret in secrets if secret in everything] == []
    assert (H1 in texts["户信息.csv"], H2 in texts["户信息.csv"]) == (True, True)


def test_the_file_says_who_took_it_and_why(asker: Actor, second: Actor) -> None:
    export = ask(asker, ExportFormat.XLSX, personal=True)
    actions.decide(by=second, export=export.id, agree=True)
    book = openpyxl.load_workbook(io.BytesIO(taken(asker, export)))
    notes = [row[0] for row in book["说明"].iter_rows(max_row=5, values_only=True)]
    assert [notes[0], notes[1], notes[3], notes[4]] == [
        f"导出编号 {export.id}",
        f"区划 {COUNTY}，数据年度 2016",
        "用途：年度核对",
        "含个人信息，请妥善保管，用毕删除。",
    ]
    assert notes[2].startswith("导出人 county-one，同意人 county-two，")


def test_personal_data_need_a_second_person(asker: Actor, second: Actor) -> None:
    export = ask(asker, personal=True)
    assert (export.state, queries.waiting_for(asker), queries.waiting_for(second)) == (ExportState.ASKED, 0, 1)
    assert refused(lambda: actions.make(export.id)) == "COL-033"
    assert refused(lambda: actions.decide(by=asker, export=export.id, agree=True)) == "COL-032"
    agreed = actions.decide(by=second, export=export.id, agree=True)
    assert (agreed.state, agreed.decided_by) == (ExportState.WAITING, "county-two")
    assert refused(lambda: actions.decide(by=second, export=export.id, agree=False)) == "COL-033"
    no = ask(asker, personal=True)
    assert actions.decide(by=second, export=no.id, agree=False).state == ExportState.REFUSED
    assert refused(lambda: actions.make(no.id)) == "COL-033"


def test_only_the_asker_takes_it_and_each_time_is_written_down(asker: Actor, second: Actor) -> None:
    export = ask(asker)
    assert refused(lambda: actions.take(by=asker, export=export.id)) == "COL-033"
    actions.make(export.id)
    assert refused(lambda: actions.take(by=second, export=export.id)) == "COL-036"
    assert refused(lambda: actions.make(export.id)) == "COL-033"
    for _time in range(2):
        actions.take(by=asker, export=export.id)
    export.refresh_from_db()
    assert (export.taken, export.state, len(export.file_sha256)) == (2, ExportState.READY, 64)
    actions.path_of(export).unlink()
    assert refused(lambda: actions.take(by=asker, export=export.id)) == "COL-035"


def test_the_file_lies_encrypted(asker: Actor) -> None:
    export = ask(asker)
    actions.make(export.id)
    lies = actions.path_of(export)
    assert (H1.encode() in lies.read_bytes(), lies.stat().st_mode & 0o777) == (False, 0o600)


def test_within_the_area_with_a_reason_and_for_a_year_that_is_there(asker: Actor) -> None:
    township = actor_of(named(Role.TOWNSHIP, TOWNSHIP, "township"))
    village = actor_of(named(Role.VILLAGE, VILLAGE, "village"))
    assert refused(lambda: ask(township)) == "ACC-002"
    assert refused(lambda: ask(village, division=VILLAGE)) == "ACC-001"
    assert refused(lambda: ask(asker, reason="  ")) == "COL-030"
    assert refused(lambda: ask(asker, data_year=1999)) == "COL-031"
    far = ask(asker)
    assert refused(lambda: actions.take(by=township, export=far.id)) == "COL-034"
    assert [line.export.id for line in queries.listed(township)] == []
    mine = ask(township, division=TOWNSHIP)
    assert [line.export.id for line in queries.listed(township)] == [mine.id]
    assert [line.export.id for line in queries.listed(asker)] == [mine.id, far.id]


def test_rights_of_today_count_when_the_file_is_made(asker: Actor) -> None:
    user = named(Role.COUNTY, COUNTY, "leaver")
    export = ask(actor_of(user))
    Official.objects.get(user=user).posts.update(valid_from="2000-01-01", valid_to="2000-12-31")
    assert refused(lambda: actions.make(export.id)) == "ACC-001"
    assert Export.objects.get(pk=export.id).state == ExportState.FAILED


def test_there_is_no_such_export(asker: Actor) -> None:
    none = UUID(int=7)
    assert refused(lambda: actions.make(none)) == "COL-034"
    assert refused(lambda: actions.take(by=asker, export=none)) == "COL-034"


def test_an_export_whose_process_died_or_never_began_is_told_as_failed(asker: Actor):
    long_ago = timezone.now() - dt.timedelta(minutes=5)
    died, waits, never = ask(asker), ask(asker), ask(asker)
    Export.objects.filter(pk=died.pk).update(state=ExportState.RUNNING)
    Export.objects.filter(pk=never.pk).update(asked_at=long_ago)

    found = {line.export.pk: line.export.state for line in queries.listed(asker)}

    assert found == {died.pk: ExportState.FAILED, waits.pk: ExportState.WAITING, never.pk: ExportState.FAILED}
    assert Export.objects.filter(state=ExportState.FAILED, finished_at__isnull=False).count() == 2
    assert refused(lambda: actions.make(died.pk)) == "COL-033"


def test_an_export_that_a_process_makes_runs_on_and_is_not_made_twice(asker: Actor):
    export = ask(asker)
    Export.objects.filter(pk=export.pk).update(state=ExportState.RUNNING)
    parameters = {**connection.get_connection_params(), "cursor_factory": psycopg.Cursor, "context": None}
    with psycopg.connect(**parameters, autocommit=True) as other:
        other.execute("SELECT pg_advisory_lock(%s)", [export.lock_key])

        (line,) = queries.listed(asker)
        assert line.export.state == ExportState.RUNNING
        assert refused(lambda: actions.make(export.pk)) == "COL-033"
    assert Export.objects.get().state == ExportState.RUNNING
