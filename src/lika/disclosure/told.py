"""What the public is told beside the publications: from `disclosure.toml` and the installation's configuration."""

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from django.conf import settings

from lika.core.language import chosen

_DATA = Path(__file__).with_name("disclosure.toml")


@dataclass(frozen=True)
class Hotline:
    """A telephone that takes reports, with its name in the reader's language."""

    number: str
    zh: str
    en: str

    def __str__(self) -> str:
        return chosen(self.zh, self.en)


@dataclass(frozen=True)
class Limits:
    """How often one address may do something in how many seconds."""

    turns: int
    seconds: int


def inbox_limits() -> Limits:
    """What one address may send from the pages of notices."""
    return Limits(**_table()["inbox"])


def receipt_limits() -> Limits:
    """How often one address may ask for what is told under a receipt."""
    return Limits(**_table()["receipt"])


def smallest_shown() -> int:
    """The smallest count above zero that a publication shows."""
    return int(_table()["suppression"]["smallest_shown"])


def hotline() -> Hotline:
    """The national telephone for reports."""
    return Hotline(**_table()["hotline"])


def office_phone(division: int) -> str | None:
    """The telephone of the office responsible for a division (12 digits): that of the nearest place given.

    None where the configuration (LIKA_OFFICE_PHONES) gives none: nothing is invented.
    """
    code = f"{division:012d}"
    given = [(place, phone) for place, phone in settings.LIKA.office_phones if code.startswith(place)]
    return max(given, key=lambda one: len(one[0]))[1] if given else None


@cache
def _table() -> Mapping[str, Any]:
    return tomllib.loads(_DATA.read_text(encoding="utf-8"))
