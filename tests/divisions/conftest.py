"""Divisions for tests: a corner of 宕昌县 by its real codes, small enough to load for each test."""

from collections.abc import Callable
from pathlib import Path

import pytest

from lika.core.actors import SystemActor
from lika.core.areas import EVERYWHERE
from lika.core.permissions import Permission
from lika.divisions import actions, sources

CORNER = """
code,name,level
62,甘肃省,1
6212,陇南市,2
621223,宕昌县,3
621223100,城关镇,4
621223100201,旧城村委会,5
621223100202,新城村委会,5
"""


@pytest.fixture
def manager() -> SystemActor:
    return SystemActor("test", {Permission.DIVISIONS_MANAGE}, EVERYWHERE)


@pytest.fixture
def csv_batch(tmp_path: Path) -> Callable[[str], sources.Batch]:
    """A batch as read from a user's CSV file of this text."""

    def make(text: str) -> sources.Batch:
        path = tmp_path / "区划.csv"
        path.write_text(text.strip() + "\n", encoding="utf-8")
        return sources.from_file(path)

    return make


@pytest.fixture
def corner(db: None, manager: SystemActor, csv_batch: Callable[[str], sources.Batch]) -> actions.Loaded:
    return actions.load(by=manager, batch=csv_batch(CORNER), overwrite=False)
