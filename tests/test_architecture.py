"""The rules of the house that imports alone cannot show (docs/adr/one-stack-of-apps.md)."""

import ast
import csv
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.apps import apps
from django.conf import settings
from django.core.management import call_command
from django.db import models
from django.urls import URLPattern, URLResolver, get_resolver

ROOT = Path(__file__).resolve().parents[1]
SOURCE = ROOT / "src/lika"
STACK = [name.removeprefix("lika.") for name in settings.LIKA_APPS]
OURS = [model for model in apps.get_models() if model.__module__.startswith("lika.")]
FILE_LINES, FUNCTION_LINES = 400, 80


def _python_files() -> list[Path]:
    return [path for path in sorted(SOURCE.rglob("*.py")) if "/migrations/" not in path.as_posix()]


def _label(model: type[models.Model]) -> str:
    return model._meta.app_label


@pytest.mark.parametrize("model", OURS, ids=lambda model: model._meta.label)
def test_foreign_keys_point_down_the_stack(model: type[models.Model]) -> None:
    upward = [
        field.name
        for field in model._meta.get_fields()
        if isinstance(field, models.ForeignKey)
        and _label(field.related_model) in STACK
        and STACK.index(_label(field.related_model)) > STACK.index(_label(model))
    ]
    assert upward == []


@pytest.mark.parametrize("model", OURS, ids=lambda model: model._meta.label)
def test_every_field_says_how_private_it_is(model: type[models.Model]) -> None:
    declared = set(getattr(model, "privacy", {}))
    fields = {field.name for field in model._meta.get_fields() if getattr(field, "concrete", False)}
    assert declared == fields


def _patterns(resolver: URLResolver, prefix: str = "") -> Iterator[tuple[str, URLPattern]]:
    for pattern in resolver.url_patterns:
        route = prefix + str(pattern.pattern)
        if isinstance(pattern, URLResolver):
            yield from _patterns(pattern, route)
        else:
            yield route, pattern


def test_every_url_names_its_permission() -> None:
    """Pages of allauth guard themselves: signed-in only but for sign-in, sign-out and password reset."""
    silent = [
        route
        for route, pattern in _patterns(get_resolver())
        if not hasattr(pattern.callback, "permission") and not route.startswith("accounts/")
    ]
    assert silent == []


def test_households_are_read_through_one_door() -> None:
    """Only the register itself may start from `Household.objects`: everyone else gets a scoped queryset."""
    climbing = [
        path.relative_to(ROOT).as_posix()
        for path in _python_files()
        if SOURCE / "register" not in path.parents
        and re.search(r"\b(Household|Person|Membership|HouseholdYear|PersonYear)\.objects\b", path.read_text())
    ]
    assert climbing == []


def test_files_and_functions_stay_small() -> None:
    long_files = {
        path.relative_to(ROOT).as_posix(): lines
        for path in _python_files()
        if (lines := path.read_text().count("\n")) > FILE_LINES
    }
    long_functions = [
        f"{path.relative_to(ROOT)}:{node.lineno} {node.name}"
        for path in _python_files()
        for node in ast.walk(ast.parse(path.read_text()))
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)
        and (node.end_lineno or node.lineno) - node.lineno > FUNCTION_LINES
    ]
    assert (long_files, long_functions) == ({}, [])


@pytest.mark.parametrize("height", range(1, len(STACK)), ids=lambda height: f"up-to-{STACK[height - 1]}")
def test_removing_the_upper_apps_leaves_the_others_loading(height: int) -> None:
    kept = [f"lika.{name}" for name in STACK[:height]]
    program = (
        "from lika.config import settings as full\n"
        "from django.conf import settings\n"
        "import django\n"
        "values = {name: getattr(full, name) for name in dir(full) if name.isupper()}\n"
        f"kept = {kept!r}\n"
        "values['INSTALLED_APPS'] = [a for a in full.INSTALLED_APPS if not a.startswith('lika.') or a in kept]\n"
        "if 'lika.accounts' not in kept:\n"
        "    values['AUTH_USER_MODEL'] = 'auth.User'\n"
        "    values['INSTALLED_APPS'] = [a for a in values['INSTALLED_APPS'] if not a.startswith('allauth')]\n"
        "settings.configure(**values)\n"
        "django.setup()\n"
        "print(len(django.apps.apps.get_models()))\n"
    )
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=False)
    assert (done.returncode, done.stderr) == (0, "")
    assert int(done.stdout) > 0


def _requirements() -> list[dict[str, str]]:
    with (ROOT / "docs/requirements.csv").open(encoding="utf-8") as file:
        return list(csv.DictReader(file))


def test_requirements_claim_only_tests_that_exist() -> None:
    """A row is open, or names its tests as path::function, several split by a space."""
    missing = []
    for row in _requirements():
        assert row["state"] in ("open", "part", "done"), row
        assert (row["state"] == "open") == (row["test"] == ""), row
        for claim in row["test"].split():
            path, _, name = claim.partition("::")
            file = ROOT / path
            if not file.is_file() or not re.search(
                rf"^(async )?def {re.escape(name)}\b", file.read_text(), re.MULTILINE
            ):
                missing.append((row["id"], claim))
    assert missing == []


def test_requirements_list_every_demand_once() -> None:
    identifiers = [row["id"] for row in _requirements()]
    assert (len(identifiers), len(set(identifiers))) == (292, 292)


def test_the_repository_names_no_host_of_a_registry_and_no_machine_path() -> None:
    listed = subprocess.run(
        ["git", "ls-files", "-co", "--exclude-standard"], cwd=ROOT, capture_output=True, text=True, check=True
    )
    hosts = re.compile(
        r"pypi\.org|pythonhosted|registry\.npmjs|deb\.debian|npmmirror|unpkg|jsdelivr|/work/(main|shared)|/root/"
    )
    naming = []
    for name in listed.stdout.splitlines():
        path = ROOT / name
        if path == Path(__file__) or not path.is_file() or path.suffix in (".parquet", ".png", ".xlsx", ".woff2"):
            continue
        if "static/vendor" not in name and hosts.search(path.read_text(encoding="utf-8", errors="replace")):
            naming.append(name)
    assert naming == []


def test_a_code_has_one_message() -> None:
    """Whoever is told a code finds one thing behind it. Codes that stood for several things before are listed."""
    stated = re.compile(r'"([A-Z]{3}-\d{3})",\s*(?:place,\s*)?_\(\s*"([^"]+)"')
    messages: dict[str, set[str]] = {}
    for path in _python_files():
        for code, message in stated.findall(path.read_text()):
            messages.setdefault(code, set()).add(message)
    assert {code for code, said in messages.items() if len(said) > 1} == {
        *("COL-002", "COL-003", "COL-005", "COL-008", "CON-004", "DIV-007", "DIV-008", "DIV-013", "POL-002"),
        *("REG-016", "REP-006", "REP-017", "SCR-023"),
    }


@pytest.mark.django_db
def test_no_model_has_changed_without_a_migration() -> None:
    call_command("makemigrations", "--check", "--dry-run", verbosity=0)
