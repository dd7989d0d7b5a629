"""What hangs on a board: notices, announcements, and the proof that they hung (DOMAIN §3.12)."""

import datetime as dt
from dataclasses import dataclass

from lika.casework.papers.shared import HouseholdLine, Office, Signature, UnitLine
from lika.core.papers import PaperData


@dataclass(frozen=True, kw_only=True)
class Public(PaperData):
    """Households or units, by whose rule (`basis`: document and clause), after which steps (`course`), by whom."""

    place: str
    basis: str
    course: str
    subject: str
    places: tuple[str, ...]
    office: Office
    issuers: tuple[str, ...]
    households: tuple[HouseholdLine, ...] = ()
    units: tuple[UnitLine, ...] = ()


@dataclass(frozen=True, kw_only=True)
class Notice(Public):
    """公示. `starts_on` is the first day that counts, the one after the posting; `period` in words (7日, 5个工作日)."""

    starts_on: dt.date
    ends_on: dt.date
    period: str


@dataclass(frozen=True, kw_only=True)
class Announcement(Public):
    """公告. `effect` says what holds from `effective_on` (None: not decided yet); `kept` what they keep, or nothing."""

    number: str
    effect: str
    effective_on: dt.date | None
    kept: str = ""


@dataclass(frozen=True)
class Posting:
    """A place, from when to when it hung there, by whom, the numbers of the photographs; `remark`: torn, hung anew."""

    place: str
    from_on: dt.date
    to_on: dt.date | None
    by: str
    photographs: str
    remark: str = ""


@dataclass(frozen=True, kw_only=True)
class PostingProof(PaperData):
    """张贴证明: of which notice, where, how it ended (`conclusion`: 无异议, or what became of objections)."""

    notice: str
    period: str
    postings: tuple[Posting, ...]
    conclusion: str
    signatures: tuple[Signature, ...]
