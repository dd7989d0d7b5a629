"""Every list that may leave, whole: what its file holds from the title to the last cell. 演示数据

The files stand in `lists/`, as a reader finds them; what differs from run to run is written as in `CHANGING`.
"""

import csv
import io
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.conf import settings
from django.test import Client
from django.utils import timezone

from lika.accounts.models import User
from lika.console.leaving import LISTS
from tests.console.leaving_place import NOW, Place, make_place
from tests.console.taking import table, take
from tests.reports.conftest import County, module_folder, screened_county  # noqa: F401 - fixtures

FOLDER = Path(__file__).parent / "lists"
CHANGING = (
    (re.compile(r"20161231-621223-[0-9a-f]+"), "20161231-621223-…"),
    (re.compile(r"[0-9a-f]{64}"), "…"),
)


@pytest.fixture(autouse=True)
def data_dir() -> Path:
    """The folder of the module, in place of one for each test."""
    return settings.LIKA.data_dir


@pytest.fixture(scope="module")
def place(screened_county: County) -> Iterator[Place]:  # noqa: F811 - the fixture
    """The county with something in every list, once for the module, on one day."""
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(timezone, "now", lambda: NOW)
        yield make_place(screened_county)


def reader_of(page: str, place: Place) -> User:
    """Who takes it: an office of the county, but for what others keep."""
    return {"officials": place.administrator, "audit": place.auditor}.get(page, place.county)


@pytest.mark.django_db
@pytest.mark.parametrize("page", sorted(LISTS))
def test_a_list_leaves_as_its_file_stands_here(page: str, place: Place) -> None:
    client = Client(headers={"accept-language": "zh-hans"})
    client.force_login(reader_of(page, place), backend="allauth.account.auth_backends.AuthenticationBackend")
    found = table(take(client, page, place.addresses.get(page, "")))
    assert [[_still(cell) for cell in row] for row in found] == expected(page)


def expected(page: str) -> list[list[str]]:
    """The file of a list as it stands in the folder."""
    return list(csv.reader(io.StringIO((FOLDER / f"{page}.csv").read_text(encoding="utf-8"))))


def _still(cell: str) -> str:
    for pattern, written in CHANGING:
        cell = pattern.sub(written, cell)
    return cell


def test_no_file_is_left_of_a_list_that_is_none() -> None:
    assert {path.stem for path in FOLDER.iterdir()} == set(LISTS)
