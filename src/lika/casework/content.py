"""What is decided on a case as one text, and its hash: what everybody who signs puts their name to.

Pure: equal values give equal hashes, on every machine and in every year.
"""

import datetime as dt
import hashlib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass

from lika.core import audit


@dataclass(frozen=True)
class Taken:
    """A step that was taken on a case; `at` with its time zone."""

    stage: str
    to_stage: str
    result: str
    duty: str
    reason: str
    by: str
    at: dt.datetime


@dataclass(frozen=True)
class Decided:
    """What is decided: on whom, by which rules, on what evidence, and what was done until it came to be signed.

    `screening` and `digest` are those of the pinned screening, "" where there is none. `steps` are those of the stages
    before the one that is signed, signature stages left out: a signature is over the decision, not over the others.
    """

    number: str
    unit: str
    household: str
    division: int
    procedure: str
    pack: str
    screening: str
    digest: str
    verdicts: Mapping[str, int | None]
    persons: int | None
    place: int | None
    steps: Sequence[Taken]


def text_of(decided: Decided) -> str:
    """The one text of a decision: sorted keys, no spaces, moments in UTC to the microsecond."""
    values = asdict(decided)
    values["steps"] = [
        asdict(step) | {"at": step.at.astimezone(dt.UTC).isoformat(timespec="microseconds")} for step in decided.steps
    ]
    return audit.canonical(values)


def hash_of(decided: Decided) -> str:
    """SHA-256 of the text, in hexadecimal."""
    return hashlib.sha256(text_of(decided).encode()).hexdigest()


def hash_of_roster(hashes: Iterable[str]) -> str:
    """SHA-256 over the hashes of its cases, sorted, one a line: the order of villages changes nothing."""
    return hashlib.sha256("\n".join(sorted(hashes)).encode()).hexdigest()
