"""The democratic appraisal (DOMAIN §3.11): minutes and attendance sheet."""

from dataclasses import dataclass

from lika.casework.papers.shared import Signature
from lika.core.papers import PaperData


@dataclass(frozen=True)
class Vote:
    """What the meeting said of a household."""

    head: str
    group: str
    members: int
    votes_for: int
    against: int
    abstained: int
    result: str


@dataclass(frozen=True, kw_only=True)
class Minutes(PaperData):
    """会议记录. `held_at` is day and hours in words; `quorum` what the rule asks; `guests` have no vote."""

    village: str
    held_at: str
    place: str
    chair: str
    recorder: str
    expected: int
    present: int
    quorum: str
    quorate: bool
    guests: str
    agenda: str
    proceedings: tuple[str, ...]
    votes: tuple[Vote, ...]
    signatures: tuple[Signature, ...]


@dataclass(frozen=True)
class Attendee:
    """Who came, as what (村民代表, 党员, 两委, 工作队)."""

    name: str
    kind: str


@dataclass(frozen=True, kw_only=True)
class SignIn(PaperData):
    """签到表. `expected` gives the lines: those beyond the names are left for the pen."""

    village: str
    held_at: str
    place: str
    expected: int
    attendees: tuple[Attendee, ...] = ()
