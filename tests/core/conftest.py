"""A data folder and keys of its own for each test that asks."""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from django.conf import settings as configured

from lika.core import crypto
from lika.core.actors import SystemActor
from lika.core.areas import EVERYWHERE
from lika.core.permissions import Permission


@pytest.fixture
def data_dir(settings, tmp_path: Path) -> Path:
    """An empty data folder."""
    settings.LIKA = replace(configured.LIKA, data_dir=tmp_path)
    return tmp_path


@pytest.fixture
def fresh_keys() -> Iterator[None]:
    """No key in memory, before and after."""
    crypto.forget_keys()
    yield
    crypto.forget_keys()


@pytest.fixture
def operator() -> SystemActor:
    """Whoever works at the machine."""
    return SystemActor("test", tuple(Permission), EVERYWHERE)
