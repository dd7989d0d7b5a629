"""The resolved pack: everything that applies, inherited or own, as one canonical text with one hash.

This is what is stored, hashed and pinned. Values are canonical texts (a decimal of two places is
`50000.00`), so that the hash does not depend on how a file was typed.
"""

import datetime as dt
import hashlib
import json
from calendar import monthrange
from decimal import Decimal
from functools import cached_property
from typing import Any

from pydantic import Field

from lika.core.areas import Area
from lika.divisions import sources
from lika.engine.schema import ParameterValue
from lika.engine.types import DecimalType, IntegerType
from lika.policy.choices import Fate, ValueType
from lika.policy.packs.case_form import Case
from lika.policy.packs.form import (
    AccountFields,
    ChangeFields,
    Clause,
    ClauseEntry,
    CollectedFields,
    CriterionFields,
    DeadlineFields,
    FactFields,
    Group,
    Local,
    PatternFields,
    QualityFields,
    Removal,
    Shape,
    Source,
    Text,
    TypedFields,
    Validity,
    Words,
)
from lika.policy.packs.procedure_form import ProcedureFields
from lika.policy.packs.report_form import ReportFields

FORMAT = 1
# What packs did not have from the first.
_LATER = ("items", "quality", "patterns", "calendar", "changes", "accounts", "procedures", "reports")


class ResolvedValue(Shape):
    """A parameter's value from a day on, as canonical text."""

    since: dt.date
    text: str
    clause: Clause | None = None


class ResolvedParameter(TypedFields):
    """A parameter and the pack (`id@version`) that it comes from."""

    origin: str
    values: tuple[ResolvedValue, ...]
    local: Local | None = None

    def value_at(self, day: dt.date) -> ParameterValue:
        """The value in force on a day; None where the document gives none."""
        current = self._in_force(day)
        return None if current is None else from_text(self.type, current.text)

    def since_at(self, day: dt.date) -> dt.date | None:
        """From which day the value in force on a day holds; None where there is none."""
        current = self._in_force(day)
        return None if current is None else current.since

    def _in_force(self, day: dt.date) -> ResolvedValue | None:
        begun = [value for value in self.values if value.since <= day]
        return begun[-1] if begun else None


class ResolvedItem(CollectedFields):
    """An item that the jurisdiction collects, and its origin."""

    origin: str


class ResolvedFact(FactFields):
    """A derived fact and its origin."""

    origin: str


class ResolvedCriterion(CriterionFields):
    """A criterion or measure and its origin. The canonical text leaves out what is empty: 待补充依据 too."""

    origin: str
    expression: Text | None = None


class ResolvedRule(QualityFields):
    """A rule of quality and its origin."""

    origin: str


class ResolvedPattern(PatternFields):
    """What is looked for across households, and its origin."""

    origin: str


class ResolvedDeadline(DeadlineFields):
    """A date of the work calendar and its origin."""

    origin: str

    def day_in(self, data_year: int) -> dt.date | None:
        """The last day for a data year; None where no basis gives it. A day that a month lacks is its last."""
        if self.due is None:
            return None
        year = data_year + self.due.years
        last = monthrange(year, self.due.month)[1]
        return dt.date(year, self.due.month, min(self.due.day or last, last))


class ResolvedChange(ChangeFields):
    """What a kind of change asks for, and its origin."""

    origin: str


class ResolvedAccount(AccountFields):
    """An account of income and cost, and its origin."""

    origin: str


class ResolvedProcedure(ProcedureFields):
    """A procedure and its origin."""

    origin: str


class ResolvedReport(ReportFields):
    """A report and its origin."""

    origin: str


class ResolvedClause(ClauseEntry):
    """A clause of the document with its words, and where it went."""

    fate: Fate
    origin: str


class ResolvedRemoval(Removal):
    """What was removed on the way, and by which pack."""

    origin: str


class ResolvedCase(Shape):
    """A golden case as stored: facts as JSON would hold them."""

    id: str
    zh: str
    en: str
    unit: str
    at: dt.date
    assume: dict[str, str]
    facts: dict[str, Any]
    expect: dict[str, str]
    figures: dict[str, dict[str, str]] = Field(default_factory=dict)


class ResolvedPack(Shape):
    """A whole pack. `base` names what it extends, with the hash of that version."""

    format: int = FORMAT
    id: str
    version: str
    title: Words
    jurisdiction: str
    valid: Validity
    document: Source
    demo: bool
    base: str | None = None
    base_sha256: str | None = None
    groups: tuple[Group, ...]
    parameters: tuple[ResolvedParameter, ...]
    items: tuple[ResolvedItem, ...] = ()
    facts: tuple[ResolvedFact, ...]
    criteria: tuple[ResolvedCriterion, ...]
    quality: tuple[ResolvedRule, ...] = ()
    patterns: tuple[ResolvedPattern, ...] = ()
    calendar: tuple[ResolvedDeadline, ...] = ()
    changes: tuple[ResolvedChange, ...] = ()
    accounts: tuple[ResolvedAccount, ...] = ()
    procedures: tuple[ResolvedProcedure, ...] = ()
    reports: tuple[ResolvedReport, ...] = ()
    removed: tuple[ResolvedRemoval, ...]
    cases: tuple[ResolvedCase, ...]
    clauses: tuple[ResolvedClause, ...] = ()

    @property
    def reference(self) -> str:
        """`id@version`."""
        return f"{self.id}@{self.version}"

    @cached_property
    def canonical(self) -> str:
        """The one text of the pack: sorted keys, no spaces."""
        content = self.model_dump(mode="json", by_alias=True)
        for later in (*_LATER, "clauses"):
            if not content[later]:
                del content[later]  # so that packs without them keep the hash that they always had
        for case in content["cases"]:
            if not case["figures"]:
                del case["figures"]
        for procedure in content.get("procedures", ()):
            if procedure["crossing"] is None:
                del procedure["crossing"]
        for report in content.get("reports", ()):
            if report["overlap"] is not None and report["overlap"]["among"] is None:
                del report["overlap"]["among"]
        return json.dumps(content, sort_keys=True, ensure_ascii=False, separators=(",", ":"))

    @cached_property
    def sha256(self) -> str:
        """SHA-256 of the canonical text, in hexadecimal."""
        return hashlib.sha256(self.canonical.encode()).hexdigest()

    def is_valid_at(self, day: dt.date) -> bool:
        """Whether the pack is in force on a day; the last day counts."""
        return self.valid.first <= day and (self.valid.last is None or day <= self.valid.last)

    def covers(self, division: str) -> bool:
        """Whether a division (code of 2 to 12 digits) lies in the pack's jurisdiction, or in what came in its place."""
        return self.area.covers(division)

    @cached_property
    def area(self) -> Area:
        """Where the pack rules: its jurisdiction with the codes that succeeded it."""
        return Area.of(sources.with_successors(self.jurisdiction))

    def jurisdiction_at(self, day: dt.date) -> str:
        """The code that the jurisdiction had on a day; the pack's own where none of its codes stood then."""
        return next(iter(sources.in_force(self.jurisdiction, day)), self.jurisdiction)

    def criterion(self, criterion_id: str) -> ResolvedCriterion | None:
        """The criterion with an id."""
        return next((item for item in self.criteria if item.id == criterion_id), None)


def from_canonical(text: str) -> ResolvedPack:
    """The pack that a stored canonical text holds."""
    return ResolvedPack.model_validate_json(text)


def from_text(kind: ValueType, text: str) -> ParameterValue:
    """The value that a canonical text stands for."""
    match kind:
        case ValueType.BOOLEAN:
            return text == "true"
        case ValueType.INTEGER:
            return int(text)
        case ValueType.DECIMAL:
            return Decimal(text)
        case ValueType.DATE:
            return dt.date.fromisoformat(text)
        case ValueType.CODE:
            return text


def to_text(kind: ValueType, places: int | None, value: object) -> str | None:
    """The canonical text of a value of a type; None where the value does not fit the type.

    A decimal may have fewer places than declared, never more: nothing is rounded. A number has no more digits than
    the engines hold, places included.
    """
    match kind, value:
        case ValueType.BOOLEAN, bool():
            return "true" if value else "false"
        case ((ValueType.INTEGER | ValueType.DECIMAL), bool()):
            return None
        case ValueType.INTEGER, int():
            return str(value) if abs(value) < 10 ** IntegerType().digits else None
        case ValueType.DECIMAL, (int() | Decimal()):
            return _decimal_text(Decimal(value), places or 0)
        case ValueType.DATE, dt.date():
            return value.isoformat()
        case ValueType.CODE, str():
            return value
    return None


def _decimal_text(exact: Decimal, places: int) -> str | None:
    if abs(exact) >= Decimal(1).scaleb(DecimalType(places).digits - places):
        return None  # asked first: past the precision of the context, quantize would raise
    rounded = exact.quantize(Decimal(1).scaleb(-places))
    return f"{rounded:f}" if rounded == exact else None


def stored_case(case: Case, assumed: dict[str, str]) -> ResolvedCase:
    """A case as it is stored."""
    return ResolvedCase(
        id=case.id,
        zh=case.zh,
        en=case.en,
        unit=case.unit,
        at=case.at,
        assume=assumed,
        facts=json.loads(json.dumps(case.facts, default=str)),
        expect={name: verdict.value for name, verdict in case.expect.items()},
        figures={report: {name: str(told) for name, told in of.items()} for report, of in case.figures.items()},
    )
