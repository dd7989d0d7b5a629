"""A disk that is full, of the database or of this machine: said so, and the register stays as it was. 演示数据"""

from pathlib import Path

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection

from lika.accounts.queries import actor_of
from lika.collection import uploads
from lika.collection.actions import import_register
from lika.collection.choices import BatchState, ExportFormat, ExportState
from lika.collection.exporting import actions as exporting
from lika.collection.models import Export, ImportBatch
from lika.core.actors import Actor
from lika.core.errors import UserError
from lika.register.actions import bulk
from lika.register.models import Household, Person
from tests.collection import workbooks
from tests.console.officials import Role, official
from tests.factories import COUNTY
from tests.full_disk import no_file_larger_than

# What PostgreSQL answers when a table cannot grow, from the moment when yearly rows are written.
FULL = """
    CREATE FUNCTION full_disk() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN RAISE EXCEPTION 'could not extend file: No space left on device' USING ERRCODE = 'disk_full'; END $$;
    CREATE TRIGGER full_disk BEFORE INSERT ON register_householdyear EXECUTE FUNCTION full_disk();
"""


def test_a_database_without_space_is_named_and_keeps_its_old_state(officer: Actor, tmp_path: Path) -> None:
    path = workbooks.save(tmp_path / "演示.xlsx", workbooks.clean())
    with connection.cursor() as cursor:
        cursor.execute(FULL)

    with pytest.raises(UserError) as error:
        import_register(by=officer, path=path)

    assert (error.value.code, Household.objects.count(), Person.objects.count()) == ("COL-025", 0, 0)
    batch = ImportBatch.objects.get()
    assert (batch.state, batch.fault, bulk.areas()) == (BatchState.FAILED, "COL-025", frozenset())
    with connection.cursor() as cursor:
        cursor.execute("DROP TRIGGER full_disk ON register_householdyear")
    assert import_register(by=officer, path=path).state == BatchState.PUBLISHED


def test_an_upload_that_does_not_fit_leaves_nothing(officer: Actor, tmp_path: Path) -> None:
    content = workbooks.save(tmp_path / "演示.xlsx", workbooks.clean()).read_bytes()

    with no_file_larger_than(1_000), pytest.raises(UserError) as error:
        uploads.keep(by=officer, file=SimpleUploadedFile("演示.xlsx", content))

    assert (error.value.code, ImportBatch.objects.count(), list(uploads.folder().iterdir())) == ("COL-025", 0, [])


def test_an_export_that_does_not_fit_has_failed(officer: Actor, tmp_path: Path) -> None:
    import_register(by=officer, path=workbooks.save(tmp_path / "演示.xlsx", workbooks.clean()))
    user = official(Role.COUNTY, COUNTY)
    asked = exporting.ask(
        by=actor_of(user), division=COUNTY, data_year=2016, kind=ExportFormat.CSV, personal=False, reason="年度核对"
    )

    with no_file_larger_than(100), pytest.raises(UserError) as error:
        exporting.make(asked.id)

    assert (error.value.code, Export.objects.get().state) == ("COL-025", ExportState.FAILED)
    assert not exporting.path_of(asked).exists()
