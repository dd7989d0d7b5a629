"""The shape of a pack's files, as Pydantic reads them: fields, kinds of value, closed lists.

What a value means (types of parameters, names in expressions, inheritance) is checked later, by
`resolution` and `compilation`.
"""

import datetime as dt
from decimal import Decimal
from typing import Annotated, Any, Literal

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, StringConstraints
from pydantic_core import PydanticCustomError

from lika.core.areas import range_of
from lika.core.privacy import Privacy
from lika.engine.schema import UNIT_NAMES
from lika.policy.choices import (
    Basis,
    CalendarTask,
    CriterionKind,
    Dimension,
    ItemType,
    ItemUnit,
    Pattern,
    Severity,
    ValueType,
    Verdict,
)

ID = r"[a-z][a-z0-9_]*"
PACK_ID = r"[a-z0-9][a-z0-9-]*(/[a-z0-9][a-z0-9-]*)+"
VERSION = r"[0-9]+(\.[0-9]+)*"


def expected(text: str) -> PydanticCustomError:
    """A refusal whose message is what was expected."""
    return PydanticCustomError("expected", "{expected}", {"expected": text})


def _scalar(value: Any) -> Any:
    if value is None or isinstance(value, (dict, list)):
        raise expected("true, 50000, 2736.10, 2016-12-31, 'A'")
    return value


def _division(value: Any) -> Any:
    if not isinstance(value, str):
        raise expected("'620000'")
    try:
        range_of(value)
    except ValueError:
        raise expected("'620000'") from None
    return value


def _unit(value: Any) -> Any:
    if value not in UNIT_NAMES:
        raise PydanticCustomError("choice", "{known}", {"known": list(UNIT_NAMES), "value": str(value)})
    return value


def choice(choices: type[Any]) -> BeforeValidator:
    """A value of a closed list, refused with the list."""
    values = [str(member.value) for member in choices]

    def chosen(value: Any) -> Any:
        if not isinstance(value, str) or value not in values:
            raise PydanticCustomError("choice", "{known}", {"known": values, "value": str(value)})
        return choices(value)

    return BeforeValidator(chosen)


Text = Annotated[str, StringConstraints(min_length=1, strip_whitespace=True)]
Id = Annotated[str, StringConstraints(pattern=rf"^{ID}$")]
Scalar = Annotated[bool | int | Decimal | dt.date | str, BeforeValidator(_scalar)]
UnitName = Annotated[str, BeforeValidator(_unit)]


class Shape(BaseModel):
    """Nothing is guessed: no unknown fields, no conversion of kinds."""

    model_config = ConfigDict(extra="forbid", frozen=True, strict=True, populate_by_name=True)


class Words(Shape):
    """The same in both languages."""

    zh: Text
    en: Text


class Clause(Shape):
    """Where the document says it (`001 ch10 §1-6`), and its own words."""

    ref: Text
    text: Text


class ClauseEntry(Shape):
    """An entry of `clauses.yaml`: what a clause is about, its own words, and what its fate in SOURCES.md means."""

    ref: Text
    zh: Text
    en: Text
    text: Text
    note: Words | None = None


class Validity(Shape):
    """First and last day; without a last day the pack is in force until replaced."""

    first: dt.date = Field(alias="from")
    last: dt.date | None = Field(alias="to")


class Source(Shape):
    """The document that a pack carries."""

    alias: Text
    zh: Text
    en: Text


class Group(Shape):
    """A heading that criteria are shown under."""

    id: Id
    zh: Text
    en: Text


class Removal(Shape):
    """An inherited item that does not apply here."""

    kind: Literal[
        "parameter",
        "item",
        "fact",
        "criterion",
        "quality",
        "pattern",
        "deadline",
        "change",
        "account",
        "procedure",
        "report",
    ]
    id: Id
    reason: Words


class Head(Shape):
    """`pack.yaml`."""

    id: Annotated[str, StringConstraints(pattern=rf"^{PACK_ID}$")]
    version: Annotated[str, StringConstraints(pattern=rf"^{VERSION}$")]
    title: Words
    jurisdiction: Annotated[str, BeforeValidator(_division)]
    valid: Validity
    document: Source
    demo: bool = False
    extends: Annotated[str, StringConstraints(pattern=rf"^{PACK_ID}@{VERSION}$")] | None = None
    groups: list[Group] = Field(default_factory=list)
    remove: list[Removal] = Field(default_factory=list)


class ItemFields(Shape):
    """What every item says of itself."""

    id: Id
    zh: Text
    en: Text
    clause: Clause
    basis: Annotated[Basis, choice(Basis)] = Basis.GIVEN
    note: Words | None = None


class TypedFields(ItemFields):
    """An item with a type. `places` belongs to decimals, `codes` (a code list) to codes."""

    type: Annotated[ValueType, choice(ValueType)]
    places: Annotated[int, Field(ge=0, le=10)] | None = None
    codes: Text | None = None
    unit_shown: Words | None = None


class DatedValue(Shape):
    """A value from a day on; a clause of its own where another document sets it."""

    since: dt.date = Field(alias="from")
    value: Scalar
    clause: Clause | None = None


class Local(Shape):
    """A lower level may set its own value, within bounds (both included)."""

    levels: list[Literal["province", "prefecture", "county", "township"]]
    least: int | Decimal | None = None
    most: int | Decimal | None = None


class Parameter(TypedFields):
    """An entry of `parameters.yaml`."""

    values: list[DatedValue]
    local: Local | None = None
    override: bool = False


class CollectedFields(ItemFields):
    """What one jurisdiction alone collects in the yearly form of a unit; no policy, so it has no value here.

    `least` and `most` bound a number, both included. Its privacy class decides who sees it.
    """

    unit: Annotated[ItemUnit, choice(ItemUnit)]
    type: Annotated[ItemType, choice(ItemType)]
    places: Annotated[int, Field(ge=0, le=4)] | None = None
    codes: Text | None = None
    unit_shown: Words | None = None
    privacy: Annotated[Privacy, choice(Privacy)] = Privacy.PERSONAL
    least: int | Decimal | None = None
    most: int | Decimal | None = None
    meaning: Words | None = None


class CollectedItem(CollectedFields):
    """An entry of `items.yaml`."""

    override: bool = False


class FactFields(TypedFields):
    """A fact worked out from others."""

    unit: UnitName
    formula: Text


class DerivedFact(FactFields):
    """An entry of `facts.yaml`."""

    override: bool = False


class CriterionFields(ItemFields):
    """A criterion; measures are criteria with the platform's label and the source of their statistics.

    `summary` marks the criterion that sums up its kind and unit (all conditions of an exit are met). `never` names
    verdicts that the expression cannot give, so that no golden case is asked for them.
    """

    unit: UnitName
    kind: Annotated[CriterionKind, choice(CriterionKind)]
    group: Id | None = None
    order: int
    summary: bool = False
    never: list[Annotated[Verdict, choice(Verdict)]] = Field(default_factory=list)
    expression: Text | None
    label: Words | None = None
    statistic: Words | None = None


class Criterion(CriterionFields):
    """An entry of `criteria/*.yaml` or `measures/*.yaml`."""

    override: bool = False


class QualityFields(ItemFields):
    """A rule of quality: `expression` is what sound data meet, so the unit is faulty where it is not met.

    Where it is unknown the unit is not judged; a rule that wants something to be known says `is_known`. `field` is the
    fact to point at, of the unit or (`person.relation`) of a lower one. `message` says what is wrong, `remedy` what to
    do. `never` is that of criteria.
    """

    unit: UnitName
    dimension: Annotated[Dimension, choice(Dimension)]
    severity: Annotated[Severity, choice(Severity)]
    field: Annotated[str, StringConstraints(pattern=rf"^([a-z]+\.)?{ID}$")]
    message: Words
    remedy: Words
    never: list[Annotated[Verdict, choice(Verdict)]] = Field(default_factory=list)
    expression: Text

    @property
    def field_unit(self) -> str:
        """The unit whose fact `field` names."""
        return self.field.partition(".")[0] if "." in self.field else self.unit

    @property
    def field_name(self) -> str:
        """The name of the fact that `field` names."""
        return self.field.rpartition(".")[2]


class QualityRule(QualityFields):
    """An entry of `quality/*.yaml`."""

    override: bool = False


class PatternFields(ItemFields):
    """What is looked for across households: duplicates and evasion. What is found is a lead and proves nothing.

    `looks_for` names the search (none where nothing in the register could show it: 待补充依据). `parameters` says
    which parameter of the pack answers what the search asks, `amounts` which facts of households identical amounts
    are looked for in. `meaning` says what a lead means, `remedy` what to do about it.
    """

    looks_for: Annotated[Pattern, choice(Pattern)] | None = None
    meaning: Words
    remedy: Words
    parameters: dict[Id, Id] = Field(default_factory=dict)
    amounts: list[Id] = Field(default_factory=list)


class PatternItem(PatternFields):
    """An entry of `patterns.yaml`."""

    override: bool = False


class Due(Shape):
    """A day of each year: without `day` the last of the month; `years` after the data year (1: the next)."""

    month: Annotated[int, Field(ge=1, le=12)]
    day: Annotated[int, Field(ge=1, le=31)] | None = None
    years: Annotated[int, Field(ge=0, le=1)] = 0


class DeadlineFields(ItemFields):
    """A date of the work calendar: the last day of a task of each data year; `due` is empty where no basis gives it."""

    task: Annotated[CalendarTask, choice(CalendarTask)]
    due: Due | None = None


class Deadline(DeadlineFields):
    """An entry of `calendar.yaml`."""

    override: bool = False


class ChangeFields(ItemFields):
    """What a kind of change of the register (its `id`) asks for.

    `checked`: a second person must agree before it holds. `evidence`: a photograph or paper must be there when they do.
    """

    checked: bool
    evidence: bool = False


class ChangeItem(ChangeFields):
    """An entry of `changes.yaml`."""

    override: bool = False


class AccountFields(ItemFields):
    """An account that income or cost is entered under.

    A national account (its id is one of `NATIONAL_ACCOUNTS`) has no `parent`; every other one says which it belongs
    to. `counted`: whether it counts toward the stable income of an exit; as its parent where nothing is said.
    """

    parent: Id | None = None
    counted: bool | None = None


class AccountItem(AccountFields):
    """An entry of `accounts.yaml`."""

    override: bool = False
