"""The corner of 宕昌县 that the workbooks of these tests speak of, and a way to import them."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from lika.collection.actions import import_register
from lika.collection.report import ImportReport
from lika.core.actors import Actor
from tests.collection import workbooks
from tests.factories import COUNTY, OTHER_VILLAGE, VILLAGE, make_actor, make_division

Import = Callable[..., ImportReport]


@pytest.fixture
def corner(db: None) -> None:
    """Two villages of a township."""
    make_division(VILLAGE)
    make_division(OTHER_VILLAGE)


@pytest.fixture
def officer(corner: None) -> Actor:
    """Somebody who may import for the whole county."""
    return make_actor(COUNTY, name="county-officer")


@pytest.fixture
def import_rows(officer: Actor, tmp_path: Path) -> Import:
    """Write rows as a workbook and import it; options go to the action."""

    def run(rows: workbooks.Rows, *, by: Actor = officer, **options: Any) -> ImportReport:
        return import_register(by=by, path=workbooks.save(tmp_path / "演示.xlsx", rows), **options)

    return run
