"""The lines of changes as the columns of the register hold them: for carrying out, for history, for earlier days."""

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any
from uuid import UUID

from django.db import models
from django.utils.dateparse import parse_date

from lika.engine.schema import Fact
from lika.engine.types import DateType, DecimalType
from lika.register.choices import Subject
from lika.register.models import (
    ChangeField,
    CountyYear,
    Household,
    HouseholdYear,
    Membership,
    Person,
    PersonYear,
    Placement,
    StatusEvent,
    VillageYear,
)

TABLES: Mapping[str, type[models.Model]] = {
    Subject.HOUSEHOLD: Household,
    Subject.PLACEMENT: Placement,
    Subject.PERSON: Person,
    Subject.MEMBERSHIP: Membership,
    Subject.STATUS: StatusEvent,
    Subject.HOUSEHOLD_YEAR: HouseholdYear,
    Subject.PERSON_YEAR: PersonYear,
    Subject.VILLAGE_YEAR: VillageYear,
    Subject.COUNTY_YEAR: CountyYear,
}
SUBJECTS: Mapping[type[models.Model], Subject] = {model: Subject(subject) for subject, model in TABLES.items()}


@dataclass(frozen=True)
class Step:
    """One field of one row, before and after; `person` is whom it tells of.

    Of a new row there is no before, but where it follows on another: then `old` is what that one holds.
    """

    subject: Subject
    row: UUID
    field: str
    old: Any
    new: Any
    is_new: bool = False
    person: UUID | None = None


def steps_of(lines: Iterable[ChangeField]) -> list[Step]:
    """Kept lines with their values as the columns hold them."""
    return [
        Step(
            Subject(line.subject),
            line.subject_id,
            line.field,
            _value(line, line.old) if line.old else None,
            _value(line, line.new),
            line.is_new,
            line.person_id,
        )
        for line in lines
    ]


def _value(line: ChangeField, text: str) -> Any:
    """As the column holds it; the value of a collected item stays as JSON has it until its fact is at hand."""
    column = column_of(TABLES[line.subject], line.field)
    value = json.loads(text)
    return value if column is None else column.to_python(value)


def column_of(model: type[models.Model], name: str) -> "models.Field[Any, Any] | None":
    """The column behind the name of a field; of a reference, that of the key it holds. None: a collected item."""
    found = next((field for field in model._meta.concrete_fields if field.attname == name), None)
    return found.target_field if isinstance(found, models.ForeignKey) else found


def typed(fact: Fact, value: Any) -> Any:
    """The value of a collected item as its fact has it, from JSON."""
    if not isinstance(value, str):
        return value
    if isinstance(fact.type, DecimalType):
        return Decimal(value)
    return parse_date(value) if isinstance(fact.type, DateType) else value
