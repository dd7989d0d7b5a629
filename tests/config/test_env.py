"""The configuration is read strictly, and every fault says what to do."""

import base64
import stat
from pathlib import Path

import pytest

from lika.config import env
from lika.config.values import DatabaseAddress
from lika.runtime.faults import StartFault, StartFaults
from tests.pgplugin import KEYS

EXTERNAL = {**KEYS, "LIKA_DATABASE_URL": "postgresql://lika:p%40ss@db.county.example:5433/lika?sslmode=require"}


def faults_of(environ: dict[str, str], cwd: Path, **more: object) -> list[StartFault]:
    with pytest.raises(StartFaults) as caught:
        env.load(environ, cwd=cwd, **more)  # type: ignore[arg-type]
    return list(caught.value.faults)


def codes_of(environ: dict[str, str], cwd: Path) -> list[str]:
    return [fault.code for fault in faults_of(environ, cwd)]


def test_everything_given(tmp_path: Path) -> None:
    (tmp_path / "packs").mkdir()
    given = {
        **EXTERNAL,
        "LIKA_DATA_DIR": str(tmp_path / "data"),
        "LIKA_DEBUG": "off",
        "LIKA_DEMO": "Yes",
        "LIKA_HTTPS": "1",
        "LIKA_ALLOWED_HOSTS": "lika.county.example, .inner.example",
        "LIKA_HOST": "0.0.0.0",
        "LIKA_PORT": "8080",
        "LIKA_WEB_WORKERS": "4",
        "LIKA_PACKS_DIR": str(tmp_path / "packs"),
        "LIKA_MAP_LICENCE": "甘S(2026)001号",
        "LIKA_OFFICE_PHONES": "621223=0939-6120000, 621223102=0939-6120001",
        "HOME": "/nowhere",
    }
    assert env.load(given, cwd=tmp_path) == env.Configuration(
        database=DatabaseAddress(
            name="lika",
            user="lika",
            password="p@ss",
            host="db.county.example",
            port="5433",
            options=(("sslmode", "require"),),
        ),
        web_database=None,
        portal_database=None,
        data_dir=tmp_path / "data",
        secret_key=KEYS["LIKA_SECRET_KEY"],
        master_key=b"M" * 32,
        linkage_key=b"L" * 32,
        debug=False,
        demo=True,
        https=True,
        allowed_hosts=["lika.county.example", ".inner.example"],
        host="0.0.0.0",
        port=8080,
        web_workers=4,
        packs_dir=tmp_path / "packs",
        map_licence="甘S(2026)001号",
        office_phones=(("621223", "0939-6120000"), ("621223102", "0939-6120001")),
    )
    assert not (tmp_path / "data").exists()


def test_pages_are_served_by_another_role_of_the_same_database(tmp_path: Path) -> None:
    web = "postgresql://lika_web:p@db.county.example/lika"
    found = env.load({**EXTERNAL, "LIKA_WEB_DATABASE_URL": web}, cwd=tmp_path).web_database
    assert found == DatabaseAddress(name="lika", user="lika_web", password="p", host="db.county.example", port="")


@pytest.mark.parametrize(
    "web", ["postgresql://lika@db.county.example/lika", "postgresql://lika_web@db.county.example/other"]
)
def test_the_owner_and_another_database_are_refused_for_pages(tmp_path: Path, web: str) -> None:
    assert codes_of({**EXTERNAL, "LIKA_WEB_DATABASE_URL": web}, tmp_path) == ["CFG-009"]


def test_with_the_embedded_database_no_role_is_named(tmp_path: Path) -> None:
    assert codes_of({**KEYS, "LIKA_WEB_DATABASE_URL": "postgresql://lika_web@/lika"}, tmp_path) == ["CFG-009"]


def test_a_socket_folder_may_be_an_option_of_the_address(tmp_path: Path) -> None:
    given = {**KEYS, "LIKA_DATABASE_URL": "postgresql://lika@/lika?host=%2Ftmp%2Flika-1"}
    database = env.load(given, cwd=tmp_path).database
    assert database is not None
    assert database.for_django() == {
        "ENGINE": "django.db.backends.postgresql",
        "NAME": "lika",
        "USER": "lika",
        "PASSWORD": "",
        "HOST": "/tmp/lika-1",
        "PORT": "",
        "OPTIONS": {},
    }


@pytest.mark.parametrize(
    ("name", "value", "code"),
    [
        ("LIKA_DEBUG", "maybe", "CFG-004"),
        ("LIKA_DEBUG", "2", "CFG-004"),
        ("LIKA_PORT", "0", "CFG-004"),
        ("LIKA_PORT", "65536", "CFG-004"),
        ("LIKA_PORT", "８０００", "CFG-004"),
        ("LIKA_WEB_WORKERS", "-1", "CFG-004"),
        ("LIKA_ALLOWED_HOSTS", "https://lika.example", "CFG-004"),
        ("LIKA_ALLOWED_HOSTS", ",", "CFG-004"),
        ("LIKA_PACKS_DIR", "/no/such/folder", "CFG-004"),
        ("LIKA_DATABASE_URL", "mysql://lika@db/lika", "CFG-003"),
        ("LIKA_DATABASE_URL", "postgresql://lika@db:port/lika", "CFG-003"),
        ("LIKA_DATABASE_URL", "postgresql://lika@db/", "CFG-003"),
        ("LIKA_MASTER_KEY", "short", "CFG-005"),
        ("LIKA_MASTER_KEY", base64.b64encode(b"x" * 31).decode(), "CFG-005"),
        ("LIKA_SECRET_KEY", "short", "CFG-005"),
        ("LIKA_SECRET_KEY_FILE", "/no/such/file", "CFG-006"),
        ("LIKA_COLOUR", "red", "CFG-001"),
        ("LIKA_LANG", "fr", "CFG-004"),
    ],
)
def test_a_wrong_value_is_refused_with_its_name_and_a_remedy(tmp_path: Path, name: str, value: str, code: str) -> None:
    [fault] = faults_of({**EXTERNAL, name: value}, tmp_path)
    assert fault.code == code
    for text in (fault.message.zh, fault.message.en):
        assert name.removesuffix("_FILE") in text
    assert fault.remedy.zh
    assert fault.remedy.en


def test_all_faults_are_told_at_once(tmp_path: Path) -> None:
    wrong = {**EXTERNAL, "LIKA_DEBUG": "maybe", "LIKA_PROT": "8000", "LIKA_DATABASE_URL": "db"}
    found = faults_of(wrong, tmp_path)
    assert [fault.code for fault in found] == ["CFG-001", "CFG-003", "CFG-004"]
    assert found[0].remedy.en == "Did you mean LIKA_PORT?"


def test_no_fault_repeats_a_secret(tmp_path: Path) -> None:
    given = {**KEYS, "LIKA_DATABASE_URL": "pg://lika:geheim@db/lika"}
    [address] = faults_of(given, tmp_path)
    [key] = faults_of({**EXTERNAL, "LIKA_MASTER_KEY": "geheim"}, tmp_path)
    assert "geheim" not in f"{address.message.zh}{address.message.en}{key.message.zh}{key.message.en}"
    assert "p@ss" not in repr(env.load(EXTERNAL, cwd=tmp_path).database)


def test_the_environment_stands_above_the_file(tmp_path: Path) -> None:
    file = tmp_path / "lika.toml"
    file.write_text('port = 9000\ndemo = true\nallowed_hosts = ["a.example", "b.example"]\n')
    found = env.load({**EXTERNAL, "LIKA_CONFIG": str(file), "LIKA_PORT": "9001"}, cwd=tmp_path)
    assert (found.port, found.demo, found.allowed_hosts) == (9001, True, ["a.example", "b.example"])


@pytest.mark.parametrize(
    ("content", "code"), [("port = ", "CFG-002"), ("colour = 'red'", "CFG-001"), ("lang = 'zh'", "CFG-008")]
)
def test_a_faulty_file_is_refused(tmp_path: Path, content: str, code: str) -> None:
    file = tmp_path / "lika.toml"
    file.write_text(content)
    assert codes_of({**EXTERNAL, "LIKA_CONFIG": str(file)}, tmp_path) == [code]


def test_a_named_file_must_exist(tmp_path: Path) -> None:
    assert codes_of({**EXTERNAL, "LIKA_CONFIG": str(tmp_path / "absent.toml")}, tmp_path) == ["CFG-002"]


def test_secrets_of_a_local_installation_are_made_once_and_closed_to_others(tmp_path: Path) -> None:
    data = tmp_path / "new" / "data"
    first = env.load({"LIKA_DATA_DIR": str(data)}, cwd=tmp_path)
    assert env.load({"LIKA_DATA_DIR": str(data)}, cwd=tmp_path) == first
    assert len(first.master_key) == len(first.linkage_key) == 32
    assert len({first.secret_key.encode(), first.master_key, first.linkage_key}) == 3
    modes = {path.name: stat.S_IMODE(path.stat().st_mode) for path in (data / "keys").glob("*.key")}
    assert modes == {"secret.key": 0o600, "master.key": 0o600, "linkage.key": 0o600}
    assert stat.S_IMODE((data / "keys").stat().st_mode) == 0o700


def test_no_secret_is_made_for_a_database_elsewhere(tmp_path: Path) -> None:
    given = {"LIKA_DATABASE_URL": EXTERNAL["LIKA_DATABASE_URL"], "LIKA_DATA_DIR": str(tmp_path / "data")}
    assert codes_of(given, tmp_path) == ["CFG-007"] * 3
    assert not (tmp_path / "data").exists()


def test_no_secret_is_made_for_data_that_exist(tmp_path: Path) -> None:
    given = {"LIKA_DATA_DIR": str(tmp_path / "data")}
    found = faults_of(given, tmp_path, initialised=lambda data_dir: data_dir == tmp_path / "data")
    assert [fault.code for fault in found] == ["CFG-007"] * 3
    assert "master.key" in found[1].remedy.en


def test_no_secret_is_made_while_something_else_is_wrong(tmp_path: Path) -> None:
    assert codes_of({"LIKA_DATA_DIR": str(tmp_path / "data"), "LIKA_PORT": "x"}, tmp_path) == ["CFG-004"]
    assert not (tmp_path / "data").exists()


def test_a_secret_comes_from_the_file_named(tmp_path: Path) -> None:
    (tmp_path / "key").write_text(base64.urlsafe_b64encode(b"\xff" * 32).decode() + "\n")
    given = {name: value for name, value in EXTERNAL.items() if name != "LIKA_MASTER_KEY"}
    assert env.load({**given, "LIKA_MASTER_KEY_FILE": str(tmp_path / "key")}, cwd=tmp_path).master_key == b"\xff" * 32
    assert codes_of({**EXTERNAL, "LIKA_MASTER_KEY_FILE": str(tmp_path / "key")}, tmp_path) == ["CFG-006"]


def test_a_key_folder_of_another_kind_is_a_fault_not_a_crash(tmp_path: Path) -> None:
    (tmp_path / "data").mkdir()
    (tmp_path / "data" / "keys").write_text("")
    assert codes_of({"LIKA_DATA_DIR": str(tmp_path / "data")}, tmp_path) == ["CFG-006"] * 3


def test_the_named_home_holds_the_file_and_the_data(tmp_path: Path) -> None:
    home = tmp_path / "installed"
    home.mkdir()
    (home / "lika.toml").write_text("port = 9000\n")
    found = env.load({**EXTERNAL, "LIKA_HOME": str(home)}, cwd=tmp_path)
    assert (found.port, found.data_dir) == (9000, home / "var")
