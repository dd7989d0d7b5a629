"""What offices write: lists of cases, opinions, approvals."""

from dataclasses import dataclass

from lika.casework.papers.shared import Signature, SignatureLevel
from lika.core.papers import PaperData


@dataclass(frozen=True)
class CaseLine:
    """A case of a list; `digest` is the hash of its content, in hexadecimal."""

    name: str
    place: str
    members: int
    result: str
    digest: str


@dataclass(frozen=True, kw_only=True)
class NameList(PaperData):
    """名册: cases in the order of their hashes or of the meeting, the hash of them all, and who signs it."""

    unit: str
    note: str
    cases: tuple[CaseLine, ...]
    digest: str
    levels: tuple[SignatureLevel, ...] = ()


@dataclass(frozen=True)
class Reviewed:
    """What became of the cases of a village: how many came, passed, went back, were struck out, in households."""

    village: str
    received: int
    passed: int
    returned: int
    struck_out: int


@dataclass(frozen=True)
class Objected:
    """A household that did not pass, and why."""

    head: str
    village: str
    decision: str
    reason: str


@dataclass(frozen=True, kw_only=True)
class Opinion(PaperData):
    """审核意见 of an office on what came from below."""

    number: str
    addressee: str
    basis: str
    matter: str
    reviewed: tuple[Reviewed, ...]
    objected: tuple[Objected, ...]
    opinion: tuple[str, ...]
    issuer: str
    signatures: tuple[Signature, ...] = ()


@dataclass(frozen=True)
class Approved:
    """What is approved for a village or a township."""

    name: str
    households: int
    persons: int


@dataclass(frozen=True, kw_only=True)
class Approval(PaperData):
    """批复: the answer to a request. `decision` in paragraphs; `attached` names what lies behind it."""

    number: str
    addressee: str
    request: str
    decision: tuple[str, ...]
    approved: tuple[Approved, ...]
    attached: tuple[str, ...]
    issuer: str
    copies: str = ""
