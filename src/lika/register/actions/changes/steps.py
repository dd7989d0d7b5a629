"""The lines of a change: written when it is proposed, carried out when it is agreed, turned round when it is undone.

A line names one field of one row with its value before and after. Carrying out compares the value before: what was
agreed to is done to the record that was looked at, or not at all (REG-066).
"""

import datetime as dt
import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from itertools import groupby
from typing import Any
from uuid import UUID

from django.core.serializers.json import DjangoJSONEncoder
from django.db import models
from django.utils.translation import gettext_lazy as _

from lika.core.errors import UserError
from lika.core.ids import uuid7
from lika.engine.schema import Fact
from lika.register.actions import items
from lika.register.actions.members import index_of
from lika.register.actions.years import village_of_row
from lika.register.choices import Subject
from lika.register.facts.items import value_of
from lika.register.identity import account_index, phone_index
from lika.register.models import ITEM_TABLES, Change, ChangeField, CountyYear, Household, Person
from lika.register.models.years import YearRow
from lika.register.names import spell
from lika.register.queries.lines import SUBJECTS, TABLES, Step, column_of, steps_of, typed


def altered(row: models.Model, values: Mapping[str, Any], *, person: UUID | None = None) -> list[Step]:
    """The lines that bring a row to some values; what stays the same is no line."""
    subject = SUBJECTS[type(row)]
    return [
        Step(subject, row.pk, name, getattr(row, name), value, person=person)
        for name, value in values.items()
        if getattr(row, name) != value
    ]


def added(model: type[models.Model], values: Mapping[str, Any], *, person: UUID | None = None) -> list[Step]:
    """The lines of a new row, which gets its id now."""
    row, subject = uuid7(), SUBJECTS[model]
    whom = row if model is Person else person
    return [Step(subject, row, name, None, value, is_new=True, person=whom) for name, value in values.items()]


def write(change: Change, steps: Iterable[Step]) -> None:
    """Keep the lines with their change."""
    ChangeField.objects.bulk_create(
        ChangeField(
            change=change,
            position=position,
            subject=step.subject,
            subject_id=step.row,
            person_id=step.person,
            field=step.field,
            is_new=step.is_new,
            old="" if step.is_new and step.old is None else _text(step.old),
            new=_text(step.new),
        )
        for position, step in enumerate(steps)
    )


def read(change: Change) -> list[Step]:
    """The lines of a change in their order."""
    return steps_of(change.lines.all())


def _text(value: Any) -> str:
    return json.dumps(value, cls=DjangoJSONEncoder, ensure_ascii=False)


def reversed_steps(steps: Sequence[Step], effective_on: dt.date) -> list[Step]:
    """The lines that put back what lines did, the last first; `effective_on` is the day of what is undone.

    A new row stays and is made void: a membership or placement that ends on the day it began, a household closed on
    that day. A person stays a person, and an event of status an event.
    """
    back: list[Step] = []
    for (_subject, _row), group in _by_row(reversed(steps)):
        back += (
            _voided(group, effective_on)
            if group[0].is_new
            else [replace(step, old=step.new, new=step.old) for step in group]
        )
    return back


_ENDS = {Subject.MEMBERSHIP: ("joined_on", "left_on"), Subject.PLACEMENT: ("started_on", "ended_on")}


def _voided(group: Sequence[Step], effective_on: dt.date) -> list[Step]:
    first = group[0]
    values = {step.field: step.new for step in group}
    if first.subject in _ENDS:
        began, ended = _ENDS[first.subject]
        return [Step(first.subject, first.row, ended, None, values[began], person=first.person)]
    if first.subject == Subject.HOUSEHOLD:
        return [Step(first.subject, first.row, "closed_on", None, effective_on)]
    return []


def _by_row(steps: Iterable[Step]) -> Iterator[tuple[tuple[str, UUID], list[Step]]]:
    for key, group in groupby(steps, key=lambda step: (step.subject, step.row)):
        yield key, list(group)


def differs(steps: Sequence[Step]) -> bool:
    """Whether the record holds other values now than the lines say was there before."""
    for (subject, row), group in _by_row(steps):
        found = TABLES[subject]._default_manager.filter(pk=row).first()
        if found is None:
            return True
        if not isinstance(found, YearRow):
            if any(getattr(found, step.field) != step.old for step in group):
                return True
            continue
        columns, besides = _split(found, group)
        if _is_stale(found, columns, besides, _asked(found)):
            return True
    return False


def carry_out(steps: Sequence[Step], *, recorder: str) -> None:
    """Do what the lines say, row by row. Raises REG-066 where the record is not as it was; IntegrityError."""
    for (subject, row), group in _by_row(steps):
        model, values = TABLES[subject], {step.field: step.new for step in group}
        if group[0].is_new:
            model._default_manager.create(pk=row, **values, **_following(model, values))
            continue
        found = model._default_manager.select_for_update().filter(pk=row).first()
        if found is None:
            raise overtaken()
        if isinstance(found, YearRow):
            _carry_year(found, group, recorder)
        else:
            _carry_row(found, group)


def _carry_row(row: models.Model, group: Sequence[Step]) -> None:
    if any(getattr(row, step.field) != step.old for step in group):
        raise overtaken()
    values = {step.field: step.new for step in group}
    now = {name: getattr(row, name) for name in ("id_type", "id_number") if hasattr(row, name)}
    values |= _following(type(row), now | values) if values.keys() & _LEADING else {}
    for name, value in values.items():
        setattr(row, name, value)
    row.save(update_fields=sorted(values))


def _carry_year(row: YearRow, group: Sequence[Step], recorder: str) -> None:
    """A yearly row and its collected items; the state stays, for the row stays locked."""
    asked = _asked(row)
    columns, besides = _split(row, group)
    if _is_stale(row, columns, besides, asked):
        raise overtaken()
    items.carry(_unit(row), row, {step.field: typed(asked[step.field], step.new) for step in besides}, asked)
    for step in columns:
        setattr(row, step.field, step.new)
    row.recorded_by = recorder
    row.save(update_fields=[*(step.field for step in columns), "recorded_by"])


def _unit(row: YearRow) -> str:
    return SUBJECTS[type(row)].removesuffix("_year")


def _asked(row: YearRow) -> Mapping[str, Fact]:
    """The items that are collected where the row belongs."""
    return items.asked(_unit(row), row.county if isinstance(row, CountyYear) else village_of_row(row))


def _split(row: YearRow, group: Iterable[Step]) -> tuple[list[Step], list[Step]]:
    """The lines of columns, and those of collected items."""
    of_columns: list[Step] = []
    of_items: list[Step] = []
    for step in group:
        (of_items if column_of(type(row), step.field) is None else of_columns).append(step)
    return of_columns, of_items


def _is_stale(row: YearRow, columns: Iterable[Step], besides: Sequence[Step], asked: Mapping[str, Fact]) -> bool:
    if any(getattr(row, step.field) != step.old for step in columns):
        return True
    held = held_items(_unit(row), row, asked) if besides else {}
    return any(
        step.field not in asked or held.get(step.field) != typed(asked[step.field], step.old) for step in besides
    )


def held_items(unit: str, row: YearRow, asked: Mapping[str, Fact]) -> dict[str, Any]:
    """What a yearly row holds of the items asked there."""
    rows = ITEM_TABLES[unit]._default_manager.filter(year_id=row.pk, item__in=list(asked))
    return {each.item: value_of(each, asked[each.item]) for each in rows}


_LEADING = frozenset({"name", "id_number", "bank_account", "phone"})


def _following(model: type[models.Model], values: Mapping[str, Any]) -> dict[str, Any]:
    """The columns that follow from others and so are no lines of their own."""
    more: dict[str, Any] = {}
    if model is Person and "name" in values:
        more["pinyin"], more["initials"] = spell(values["name"])
    if model is Person and "id_number" in values:
        more["id_index"] = index_of(values) if values["id_number"] else None
    if model is Household and "bank_account" in values:
        account = values["bank_account"]
        more["bank_account_index"] = account_index(account) if account else None
    if model is Household and "phone" in values:
        more["phone_index"] = phone_index(values["phone"]) if values["phone"] else None
    return more


def overtaken() -> UserError:
    """REG-066: somebody else changed in the meantime what this change was made for."""
    return UserError(
        "REG-066",
        _("The record has changed since this was proposed."),
        remedy=_("Refuse it, look at the record, and propose the change anew."),
    )
