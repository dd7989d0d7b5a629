"""Backups: what is inside, what is never inside, what is refused, and the way back. 演示数据"""

import gzip
import hashlib
import json
import os
import resource
import subprocess
import sys
import tarfile
from collections.abc import Iterator
from contextlib import closing
from dataclasses import replace
from io import BytesIO
from pathlib import Path
from urllib.parse import urlsplit

import psycopg
import pytest
from django.core.management import call_command
from django.db import connection, transaction

from lika.core import audit, crypto, safekeeping, sealing
from lika.core.actors import SystemActor
from lika.core.errors import PermissionRefused, UserError
from lika.core.ids import uuid7
from lika.core.master import secrets_in_words
from lika.core.models import AuditEntry
from lika.core.safekeeping.archive import MANIFEST, SEAL
from lika.register import document_files
from lika.register.actions import documents
from lika.register.actions.documents import Owner, Paper
from lika.register.choices import DocumentOwner
from lika.register.models import Household
from tests import factories as make
from tests import files
from tests.pgplugin import KEYS

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("fresh_keys")]

NAME = "备演示"
NUMBER = "13912345678"


@pytest.fixture
def installation(data_dir: Path, operator: SystemActor) -> Path:
    """A data folder with what an installation has in it, keys too, and one household in the database."""
    for name, content in {
        "snapshots/s1/manifest.json": "{}",
        "uploads/b.sealed": "sealed",
        "uploads/half.part": "half",
        "run/web-8000.json": "{}",
        "keys/secret.key": KEYS["LIKA_SECRET_KEY"],
        "keys/master.key": KEYS["LIKA_MASTER_KEY"],
        "elsewhere/copy-of-master.txt": f"{KEYS['LIKA_MASTER_KEY']}\n",
    }.items():
        path = data_dir / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(content)
    make.make_household(head=NAME, phone=NUMBER)
    with transaction.atomic():
        audit.record(by=operator, action="household.changed", change=audit.Change("household", "1", 621223))
    sealing.seal(by=operator)
    return data_dir


@pytest.fixture
def archive(installation: Path, operator: SystemActor, tmp_path: Path) -> Path:
    path, _manifest = safekeeping.back_up(by=operator, folder=tmp_path / "backups", say=lambda part: None)
    return path


def members(path: Path) -> dict[str, bytes]:
    with tarfile.open(path) as tar:
        return {name: tar.extractfile(name).read() for name in tar.getnames()}


def rewritten(path: Path, held: dict[str, bytes]) -> Path:
    target = path.with_name("altered.tar")
    with tarfile.open(target, "w") as tar:
        for name, content in held.items():
            member = tarfile.TarInfo(name)
            member.size = len(content)
            tar.addfile(member, BytesIO(content))
    return target


def refusal(operator: SystemActor, path: Path) -> tuple[str, object]:
    with pytest.raises(UserError) as refused:
        safekeeping.check(by=operator, path=path)
    return refused.value.code, refused.value.where.get("field")


# What is inside


def test_files_database_and_packs_are_inside_and_nothing_of_this_place_alone(archive: Path, settings) -> None:
    names = set(members(archive))
    packs = {f"packs/{each.relative_to(settings.LIKA.packs_dir)}" for each in settings.LIKA.packs_dir.rglob("*.yaml")}
    assert packs <= names
    assert {name for name in names if not name.startswith("packs/")} == {
        *("manifest.json", "manifest.seal", "database.sql.gz", "data/snapshots/s1/manifest.json"),
        *("data/uploads/b.sealed", "data/audit/heads.jsonl", "data/audit/audit-public-key.pem"),
    }
    assert archive.stat().st_mode & 0o777 == 0o600


def test_no_key_is_inside_and_numbers_are_sealed(archive: Path, installation: Path) -> None:
    held = members(archive)
    script = gzip.decompress(held["database.sql.gz"])
    secrets = {*secrets_in_words(), (installation / "keys/audit.key").read_text().strip()}
    assert len(secrets) == 4
    found = [(name, i) for name, content in held.items() for i, one in enumerate(secrets) if one.encode() in content]
    assert found == []
    assert [one for one in secrets if one.encode() in script] == []
    assert (NAME.encode() in script, NUMBER.encode() in script) == (True, False)


def test_who_is_signed_in_is_not_inside(installation: Path, operator: SystemActor, tmp_path: Path) -> None:
    from django.contrib.sessions.backends.db import SessionStore

    session = SessionStore()
    session.create()
    path, manifest = safekeeping.back_up(by=operator, folder=tmp_path / "b", say=lambda part: None)
    assert session.session_key.encode() not in gzip.decompress(members(path)["database.sql.gz"])
    assert "django_session" not in manifest.counts


def test_the_manifest_counts_rows_and_the_folder_remembers_the_last_backup(
    archive: Path, operator: SystemActor, installation: Path
) -> None:
    manifest = safekeeping.check(by=operator, path=archive)
    assert (manifest.counts["register_household"], manifest.counts["core_auditentry"]) == (1, 2)
    kept = safekeeping.last_kept()
    assert (kept.file, kept.digest) == (str(archive), manifest.digest)
    assert AuditEntry.objects.filter(action="backup.made").values_list("label", flat=True).get() == archive.name


def test_only_who_may_keeps_backups(installation: Path, tmp_path: Path) -> None:
    with pytest.raises(PermissionRefused):
        safekeeping.back_up(by=SystemActor("x", ()), folder=tmp_path / "b", say=print)
    with pytest.raises(PermissionRefused):
        safekeeping.restore(by=SystemActor("x", ()), path=tmp_path / "none.tar", say=print)


# What cannot be written


def test_a_folder_that_cannot_be_written_is_refused_and_nothing_is_left(
    installation: Path, operator: SystemActor, tmp_path: Path
) -> None:
    (tmp_path / "file").write_text("in the way")
    with pytest.raises(UserError) as refused:
        safekeeping.back_up(by=operator, folder=tmp_path / "file", say=lambda part: None)
    assert refused.value.code == "BAK-005"
    assert safekeeping.last_kept() is None


def test_a_full_disk_is_told_and_leaves_nothing_behind(
    installation: Path, operator: SystemActor, tmp_path: Path
) -> None:
    (installation / "snapshots/s1/large.parquet").write_bytes(os.urandom(3_000_000))
    target = tmp_path / "full"
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (2_000_000, hard))  # as a disk with two megabytes left
    try:
        with pytest.raises(UserError) as refused:
            safekeeping.back_up(by=operator, folder=target, say=lambda part: None)
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))
    assert refused.value.code == "BAK-005"
    assert list(target.iterdir()) == []


# What is refused


@pytest.mark.parametrize("kept", [0, 100, 5_000, -2_000])
def test_an_archive_that_is_cut_off_is_refused(archive: Path, operator: SystemActor, kept: int) -> None:
    whole = archive.read_bytes()
    archive.write_bytes(whole[:kept] if kept >= 0 else whole[: whole.index(b"manifest.json")])
    assert refusal(operator, archive) == ("BAK-001", None)


def test_a_changed_byte_is_found_and_its_file_named(archive: Path, operator: SystemActor) -> None:
    held = members(archive)
    for name in ("data/uploads/b.sealed", "database.sql.gz"):
        altered = rewritten(archive, {**held, name: held[name][:-1] + bytes([held[name][-1] ^ 1])})
        assert refusal(operator, altered) == ("BAK-001", name)


def test_a_missing_and_an_added_file_are_found(archive: Path, operator: SystemActor) -> None:
    held = members(archive)
    less = {name: content for name, content in held.items() if name != "data/uploads/b.sealed"}
    assert refusal(operator, rewritten(archive, less)) == ("BAK-001", "data/uploads/b.sealed")
    more = {**held, "data/../../escape": b"x"}
    assert refusal(operator, rewritten(archive, more)) == ("BAK-001", "data/../../escape")


def test_a_manifest_that_was_rewritten_to_fit_is_found(archive: Path, operator: SystemActor) -> None:
    held = members(archive)
    told = json.loads(held[MANIFEST])
    told["counts"]["register_household"] = 2
    assert refusal(operator, rewritten(archive, {**held, MANIFEST: json.dumps(told).encode()})) == (
        "BAK-001",
        MANIFEST,
    )
    assert refusal(operator, rewritten(archive, {**held, SEAL: b"0" * 64})) == ("BAK-001", MANIFEST)


@pytest.mark.parametrize("content", [b"", b"PK\3\4 no archive of ours", b"\0" * 20_480])
def test_what_is_no_archive_is_refused(operator: SystemActor, installation: Path, tmp_path: Path, content) -> None:
    path = tmp_path / "x.tar"
    path.write_bytes(content)
    assert refusal(operator, path) == ("BAK-001", None)
    assert refusal(operator, tmp_path / "missing.tar") == ("BAK-001", None)


def test_an_archive_of_another_installation_is_refused(archive: Path, operator: SystemActor, settings) -> None:
    settings.LIKA_MASTER_KEY = b"X" * 32
    assert refusal(operator, archive) == ("BAK-002", None)


def test_an_archive_signed_by_another_audit_key_is_refused(
    archive: Path, operator: SystemActor, settings, tmp_path: Path
) -> None:
    settings.LIKA = replace(settings.LIKA, data_dir=tmp_path / "new")
    assert refusal(operator, archive) == ("BAK-002", None)


def test_an_archive_of_a_newer_version_is_refused(installation: Path, operator: SystemActor, tmp_path: Path) -> None:
    with connection.cursor() as cursor:
        cursor.execute("INSERT INTO django_migrations (app, name, applied) VALUES ('core', '9999_future', now())")
    path, _manifest = safekeeping.back_up(by=operator, folder=tmp_path / "b", say=lambda part: None)
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM django_migrations WHERE name = '9999_future'")
    assert refusal(operator, path) == ("BAK-003", None)


def test_a_restore_never_overwrites(archive: Path, operator: SystemActor) -> None:
    with pytest.raises(UserError) as refused:
        safekeeping.restore(by=operator, path=archive, say=lambda part: None)
    assert (refused.value.code, refused.value.where["field"]) == ("BAK-004", "audit")
    assert safekeeping.interrupted() is None


# The way back


@pytest.fixture
def empty(tmp_path: Path) -> Iterator[dict[str, str]]:
    """The environment of an installation with an empty data folder and an empty database on the test's server."""
    name = f"{connection.settings_dict['NAME']}_restored"
    with closing(psycopg.connect(os.environ["LIKA_DATABASE_URL"], autocommit=True)) as owner:
        owner.execute(f"DROP DATABASE IF EXISTS {name} WITH (FORCE)")
        owner.execute(f"CREATE DATABASE {name} TEMPLATE template0 ENCODING 'UTF8'")
        urls = {each: urlsplit(os.environ[each])._replace(path=f"/{name}").geturl() for each in URLS}
        yield {**os.environ, **KEYS, **urls, "LIKA_DATA_DIR": str(tmp_path / "new"), "LIKA_LANG": "en"}
        owner.execute(f"DROP DATABASE {name} WITH (FORCE)")


URLS = ("LIKA_DATABASE_URL", "LIKA_WEB_DATABASE_URL", "LIKA_PORTAL_DATABASE_URL")


def lika(env: dict[str, str], *words: str) -> "subprocess.CompletedProcess[str]":
    return subprocess.run([sys.executable, "-m", "lika", *words], env=env, capture_output=True, text=True, check=False)


def with_keys(installation: Path, env: dict[str, str]) -> Path:
    """The keys kept apart come back first."""
    new = Path(env["LIKA_DATA_DIR"])
    call_command("keys", "copy", str(new / "keys"))
    assert (new / "keys/audit.key").read_text() == (installation / "keys/audit.key").read_text()
    return new


def test_a_restore_into_an_empty_installation_brings_everything_back(
    archive: Path, installation: Path, empty: dict[str, str]
) -> None:
    without = lika(empty, "restore", str(archive))
    assert (without.returncode, without.stderr.split()[0]) == (2, "BAK-002")

    new = with_keys(installation, empty)
    done = lika(empty, "restore", str(archive))
    assert (done.returncode, done.stderr) == (0, "")
    assert "Restored." in done.stdout
    for name in ("snapshots/s1/manifest.json", "uploads/b.sealed", "audit/heads.jsonl"):
        assert (new / name).read_bytes() == (installation / name).read_bytes()
    with closing(psycopg.connect(empty["LIKA_DATABASE_URL"])) as restored:
        here = connection.cursor()
        for query in (
            "SELECT number, phone FROM register_household",
            "SELECT number, wrapped FROM core_datakey ORDER BY number",
            "SELECT county, position, link FROM core_auditlink ORDER BY 1, 2",
        ):
            here.execute(query)
            assert [tuple(map(_plain, row)) for row in restored.execute(query)] == [
                tuple(map(_plain, row)) for row in here.fetchall()
            ]
        assert [row[0] for row in restored.execute("SELECT name FROM register_person")] == [NAME]
        walled = restored.execute("SELECT relrowsecurity FROM pg_class WHERE relname = 'register_household'")
        assert walled.fetchone() == (True,)
    verified = lika(empty, "audit", "verify")
    assert (verified.returncode, "Nothing was altered." in verified.stdout) == (0, True)
    assert lika(empty, "restore", str(archive)).stderr.split()[0] == "BAK-004"


def test_documents_come_back_as_they_were(
    installation: Path, operator: SystemActor, tmp_path: Path, empty: dict[str, str]
) -> None:
    """Each with its digest; what a killed upload left behind goes along and is swept there."""
    owner = Owner(DocumentOwner.HOUSEHOLD, Household.objects.get().id)
    for content in (files.photograph(), files.pdf()):
        documents.add_document(by=operator, owner=owner, paper=Paper("04"), content=content)
    document_files.keep(uuid7(), {document_files.Part.ORIGINAL: b"x"})
    path, _manifest = safekeeping.back_up(by=operator, folder=tmp_path / "b", say=lambda part: None)
    new = with_keys(installation, empty)
    assert lika(empty, "restore", str(path)).returncode == 0
    held = [
        {file.relative_to(folder): hashlib.sha256(file.read_bytes()).hexdigest() for file in folder.rglob("*.sealed")}
        for folder in (installation / "documents", new / "documents")
    ]
    assert (len(held[0]), held[1]) == (5, held[0])
    checked = lika(empty, "documents", "check", "--read")
    assert (checked.returncode, checked.stdout) == (0, "2 documents; 1 files belong to none.\n")
    next((new / "documents").rglob("*.shown.sealed")).write_bytes(b"altered")
    assert lika(empty, "documents", "check", "--read").returncode == 1


def _plain(value: object) -> object:
    return bytes(value) if isinstance(value, memoryview) else value


def test_a_restore_that_broke_off_goes_on(archive: Path, installation: Path, empty: dict[str, str]) -> None:
    """Killed after the database was loaded and before the files were all in their place."""
    new = with_keys(installation, empty)
    assert lika(empty, "restore", str(archive)).returncode == 0
    digest = json.loads((installation / "backup.json").read_text())["digest"]
    (new / "restore.json").write_text(json.dumps({"digest": digest}))
    (new / "uploads/b.sealed").unlink()
    (new / "restore.part").mkdir()

    with closing(psycopg.connect(empty["LIKA_DATABASE_URL"], autocommit=True)) as restored:
        restored.execute("DELETE FROM core_auditentry WHERE action IN ('backup.restored', 'keys.rotated')")
    done = lika(empty, "restore", str(archive))
    assert (done.returncode, done.stderr) == (0, "")
    assert (new / "uploads/b.sealed").read_text() == "sealed"
    assert [(new / name).exists() for name in ("restore.json", "restore.part")] == [False, False]


def test_while_one_restore_is_broken_off_another_archive_is_refused(
    archive: Path, operator: SystemActor, installation: Path
) -> None:
    (installation / "restore.json").write_text(json.dumps({"digest": "0" * 64}))
    with pytest.raises(UserError) as refused:
        safekeeping.restore(by=operator, path=archive, say=lambda part: None)
    assert refused.value.code == "BAK-007"


def test_a_backup_of_before_a_rotation_is_restored_under_the_key_of_today(
    archive: Path, installation: Path, empty: dict[str, str]
) -> None:
    new = with_keys(installation, empty)
    (new / "keys/master.key").rename(new / "keys/master.key.until-20200101T000000")
    (new / "keys/master.key").write_text("Tk5OTk5OTk5OTk5OTk5OTk5OTk5OTk5OTk5OTk5OTk4=\n")
    files = {name: value for name, value in empty.items() if name not in KEYS}
    named = {f"{name}_FILE": str(new / "keys" / file) for name, file in FILES.items()}
    done = lika({**files, **named}, "restore", str(archive))
    assert (done.returncode, done.stderr) == (0, "")
    with closing(psycopg.connect(empty["LIKA_DATABASE_URL"])) as restored:
        wrapped = restored.execute("SELECT number, wrapped FROM core_datakey ORDER BY number").fetchall()
    assert len(wrapped) == 2
    assert [len(crypto.unwrap(number, bytes(sealed), [b"N" * 32])) for number, sealed in wrapped] == [32, 32]


FILES = {"LIKA_SECRET_KEY": "secret.key", "LIKA_MASTER_KEY": "master.key", "LIKA_LINKAGE_KEY": "linkage.key"}
