"""What `lika doctor` finds: each fault made in earnest, with what to do about it. 演示数据"""

import datetime as dt
import json
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest
from django.conf import settings
from django.db import connection, transaction
from django.utils import timezone

from lika.collection.choices import BatchState
from lika.collection.models import ImportBatch
from lika.console.doctor import State, examine
from lika.core import audit, crypto, master, safekeeping, sealing
from lika.core.actors import SystemActor
from lika.core.areas import EVERYWHERE
from lika.core.models import AuditEntry
from lika.core.permissions import Permission

pytestmark = pytest.mark.django_db(transaction=True)

OPERATOR = SystemActor("test", tuple(Permission), EVERYWHERE)
Found = Callable[[str], tuple[State, str | None]]


@pytest.fixture
def data_dir(settings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A data folder of the test's own, and the report in English."""
    settings.LIKA = replace(settings.LIKA, data_dir=tmp_path / "data")
    (tmp_path / "data").mkdir(mode=0o700)
    monkeypatch.setenv("LIKA_LANG", "en")
    crypto.forget_keys()
    return tmp_path / "data"


def found(subject: str) -> tuple[State, str | None]:
    """How a check ended, and its remedy."""
    by_subject = {str(finding.subject): finding for finding in examine()}
    finding = by_subject[subject]
    return finding.state, None if finding.remedy is None else str(finding.remedy)


def test_every_fault_names_its_remedy_and_what_is_well_needs_none(data_dir: Path) -> None:
    findings = list(examine())
    assert [str(each.subject) for each in findings] == [
        *("configuration", "disk space", "permissions", "keys", "change of the master key", "exposure"),
        *("database", "schema", "second wall", "public pages", "master key", "restore"),
        *(
            "signing key of the audit",
            "sealing of the audit",
            "imports",
            "documents",
            "backup",
            "policy packs",
            "static files",
            "faces of papers",
            "translations",
        ),
        "system checks",
    ]
    assert [each for each in findings if (each.state is State.GOOD) == (each.remedy is not None)] == []
    assert {str(each.subject) for each in findings if each.state is State.BAD} == set()


def test_entries_that_nobody_seals(data_dir: Path) -> None:
    with transaction.atomic():
        audit.record(by=OPERATOR, action="x.changed", change=audit.Change("x", "1"))
    assert found("sealing of the audit") == (State.GOOD, None)
    AuditEntry.objects.update(at=timezone.now() - dt.timedelta(hours=1))
    assert found("sealing of the audit") == (State.DOUBTFUL, "Run lika serve, or lika audit seal once.")


def test_a_signing_key_that_is_gone(data_dir: Path) -> None:
    with transaction.atomic():
        audit.record(by=OPERATOR, action="x.changed", change=audit.Change("x", "1"))
    sealing.seal(by=OPERATOR)
    assert found("signing key of the audit") == (State.GOOD, None)
    (data_dir / "keys/audit.key").unlink()
    assert found("signing key of the audit") == (State.BAD, "Put it back from the keys that were kept apart.")


def test_an_import_whose_process_died(data_dir: Path) -> None:
    batch = ImportBatch.objects.create(
        file_name="演示.xlsx", file_sha256="0" * 64, file_bytes=1, by_name="x", state=BatchState.RUNNING,
        started_at=timezone.now(),
    )  # fmt: skip
    assert found("imports") == (State.DOUBTFUL, "Start them again or discard them on the import page.")
    batch.state = BatchState.PUBLISHED
    batch.save(update_fields=["state"])
    assert found("imports") == (State.GOOD, None)


def test_backups_that_are_missing_or_old(data_dir: Path, settings) -> None:
    remedy = "Run lika backup FOLDER, keep the keys apart (lika keys copy), and do so daily."
    assert found("backup") == (State.DOUBTFUL, remedy)
    safekeeping.back_up(by=OPERATOR, folder=data_dir / "backups", say=lambda part: None)
    assert found("backup") == (State.GOOD, None)
    kept = json.loads((data_dir / "backup.json").read_text())
    kept["at"] = (timezone.now() - dt.timedelta(days=8)).isoformat()
    (data_dir / "backup.json").write_text(json.dumps(kept))
    assert found("backup") == (State.DOUBTFUL, remedy)
    settings.LIKA = replace(settings.LIKA, demo=True)
    assert found("backup") == (State.GOOD, None)


def test_a_restore_and_a_change_of_keys_that_broke_off(data_dir: Path, settings) -> None:
    (data_dir / "restore.json").write_text(json.dumps({"digest": "a" * 64}))
    assert found("restore") == (State.BAD, "Run lika restore with the same archive again.")

    key = data_dir / "keys/master.key"
    settings.LIKA = replace(settings.LIKA, master_key_file=key)
    key.parent.mkdir(mode=0o700)
    key.write_text("TU1NTU1NTU1NTU1NTU1NTU1NTU1NTU1NTU1NTU1NTU0=\n")
    key.chmod(0o600)
    assert found("change of the master key") == (State.GOOD, None)
    master.coming().write_text("Tk5OTk5OTk5OTk5OTk5OTk5OTk5OTk5OTk5OTk5OTk4=\n")
    assert found("change of the master key") == (State.DOUBTFUL, "Run lika keys rotate again.")


def test_modes_that_are_too_open(data_dir: Path) -> None:
    (data_dir / "snapshots").mkdir()
    (data_dir / "snapshots").chmod(0o777)
    assert found("permissions") == (State.BAD, f"Run chmod o-w on them in {data_dir}.")
    (data_dir / "keys").mkdir()
    (data_dir / "keys/audit.key").write_text("x")
    (data_dir / "keys/audit.key").chmod(0o644)
    assert found("keys") == (State.BAD, f"Run chmod 600 {data_dir}/keys/*.key")


def test_a_table_without_its_policy(data_dir: Path) -> None:
    try:
        with connection.cursor() as cursor:
            cursor.execute("ALTER TABLE register_person DISABLE ROW LEVEL SECURITY")
        assert found("second wall") == (State.BAD, "Run lika migrate.")
    finally:
        with connection.cursor() as cursor:
            cursor.execute("ALTER TABLE register_person ENABLE ROW LEVEL SECURITY")


def test_a_role_of_the_public_pages_that_reads_too_much_or_nothing(data_dir: Path) -> None:
    role = connection.ops.quote_name(settings.PORTAL_DATABASE.user)
    for damage, repair in (
        (f"GRANT SELECT ON register_person TO {role}", f"REVOKE SELECT ON register_person FROM {role}"),
        (f"REVOKE ALL ON disclosure_publication FROM {role}", f"GRANT SELECT ON disclosure_publication TO {role}"),
    ):
        assert found("public pages") == (State.GOOD, None)
        try:
            with connection.cursor() as cursor:
                cursor.execute(damage)
            assert found("public pages") == (State.BAD, "Run lika migrate.")
        finally:
            with connection.cursor() as cursor:
                cursor.execute(repair)


def test_a_face_of_papers_that_is_gone(data_dir: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    assert found("faces of papers") == (State.GOOD, None)
    monkeypatch.setattr("lika.core.papers.faces.FOLDER", tmp_path)
    assert found("faces of papers") == (State.BAD, "The installation is incomplete; install again.")
