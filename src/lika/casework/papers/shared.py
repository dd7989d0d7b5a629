"""What several papers hold: who signs, whom to call, whom it is about."""

import datetime as dt
from dataclasses import dataclass

from lika.core.papers import PaperData


@dataclass(frozen=True)
class Signature:
    """A place to sign, in a capacity (村主任); `name`, `on` and `how` (手写签名) are empty until it is signed."""

    capacity: str
    name: str = ""
    on: dt.date | None = None
    how: str = ""


@dataclass(frozen=True)
class SignatureLevel:
    """The places of one level, in the order in which they are signed (村级四方)."""

    name: str
    places: tuple[Signature, ...]


@dataclass(frozen=True)
class Office:
    """Who takes what people have to say: an office with its own telephone, never a person's."""

    name: str
    phone: str
    address: str = ""


@dataclass(frozen=True)
class HouseholdLine:
    """A household where everybody reads it. It holds nothing else about the family, and must not."""

    head: str
    group: str
    members: int
    result: str


@dataclass(frozen=True)
class UnitLine:
    """A village or a county where everybody reads it."""

    name: str
    within: str
    result: str


@dataclass(frozen=True)
class Household:
    """The household that a form is about; `place` down to the group. Never for a board."""

    head: str
    number: str
    place: str
    members: int


@dataclass(frozen=True)
class Finding:
    """An item of a form: what is asked, what the standard is, what was found, by what evidence; `met` None: unknown."""

    item: str
    standard: str
    found: str
    evidence: str = ""
    met: bool | None = None


@dataclass(frozen=True, kw_only=True)
class AboutHousehold(PaperData):
    """A form about one household."""

    household: Household
