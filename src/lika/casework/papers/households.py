"""Forms about one household: application, survey, verification, its own word, the sheet that all levels sign."""

import datetime as dt
from dataclasses import dataclass

from lika.casework.papers.shared import AboutHousehold, Finding, Signature, SignatureLevel
from lika.core.papers import Money


@dataclass(frozen=True)
class Member:
    """Who belongs to the household, as an application names them."""

    name: str
    relation: str
    remark: str = ""


@dataclass(frozen=True, kw_only=True)
class Application(AboutHousehold):
    """申请书, to a committee: what is asked for, why, for whom. Empty `reasons` leave lines to write on."""

    addressee: str
    asked: str
    reasons: tuple[str, ...] = ()
    family: tuple[Member, ...] = ()


@dataclass(frozen=True)
class IncomeLine:
    """An account of the household's year, in yuan; costs are negative."""

    account: str
    amount: Money


@dataclass(frozen=True, kw_only=True)
class SurveyForm(AboutHousehold):
    """入户调查表: the year's income by account, and what was seen; two surveyors, and the household's hand."""

    surveyed_on: dt.date | None
    year: int
    income: tuple[IncomeLine, ...]
    total: Money | None
    per_head: Money | None
    findings: tuple[Finding, ...]
    opinion: str
    signatures: tuple[Signature, ...]


@dataclass(frozen=True, kw_only=True)
class VerificationForm(AboutHousehold):
    """入户核实表: item by item what the record has and what was found; where and by which photographs."""

    verified_on: dt.date | None
    findings: tuple[Finding, ...]
    position: str
    photographs: str
    conclusion: str
    signatures: tuple[Signature, ...]


@dataclass(frozen=True, kw_only=True)
class Consent(AboutHousehold):
    """农户认可书: `answer` is agreed, refused, absent, or empty until somebody was there."""

    matter: str
    basis: str
    year: int
    per_head: Money | None
    findings: tuple[Finding, ...]
    answer: str
    remark: str
    signatures: tuple[Signature, ...]


@dataclass(frozen=True, kw_only=True)
class SignatureSheet(AboutHousehold):
    """审批表 with the places of every level in order, from below (4-3-4-2 in Gansu)."""

    identified_in: str
    causes: str
    per_head: Money | None
    findings: tuple[Finding, ...]
    result: str
    levels: tuple[SignatureLevel, ...]
