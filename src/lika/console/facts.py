"""Facts as people read them: their label, unit and value in the language of the page."""

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from functools import lru_cache
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext as _

from lika.core import facts as registry
from lika.core.language import chosen
from lika.engine.amounts import RATIO, YEAR, date_words, value_words
from lika.engine.schema import CodeList, Fact, Schema
from lika.engine.types import CodeType, is_number

NOTHING = "—"


@lru_cache(maxsize=1)
def declared() -> Schema:
    """All facts and code lists. The apps declare them when they start, so they are put together once."""
    return registry.schema()


def label(item: Any) -> str:
    """The label of a fact, a code, a list or anything with `zh` and `en`."""
    return chosen(str(item.zh), str(item.en))


def heading(fact: Fact) -> str:
    """The label with the unit: 工资性收入（元）."""
    if not fact.unit or fact.unit == RATIO.zh:
        return label(fact)
    return chosen(f"{fact.zh}（{fact.unit}）", f"{fact.en} ({fact.unit_en or fact.unit})")


def code_label(code_list: CodeList | None, code: str | None) -> str:
    """The words of a code; a code outside the list as it stands, nothing as —."""
    if not code:
        return NOTHING
    item = code_list.item(code) if code_list else None
    return label(item) if item else code


def shown(fact: Fact, value: Any) -> str:
    """A value in words: codes by their label, yes and no, amounts with separators; nothing as —."""
    if value is None or value == "":
        return NOTHING
    if isinstance(fact.type, CodeType):
        return code_label(declared().code_lists.get(fact.type.list_id), str(value))
    if is_number(fact.type):
        measure = next((own for own in (YEAR, RATIO) if own.zh == fact.unit), None)
        # The figure alone, the same in both languages: the unit stands in the heading.
        return value_words(Fraction(value), fact.type, declared(), measure).en
    return plain(value)


def plain(value: Any) -> str:
    """A value without a declaration, in words."""
    if value is None:
        return NOTHING
    if isinstance(value, bool):
        return _("Yes") if value else _("No")
    if isinstance(value, dt.date):
        return chosen(*date_words(value))
    if isinstance(value, Decimal):
        return f"{value:,.2f}"
    return str(value)


@dataclass(frozen=True)
class FactRow:
    """A fact and its values, one for each year of the table."""

    label: str
    values: Sequence[str]
    numeric: bool


@dataclass(frozen=True)
class FactGroup:
    """Facts under a heading of the form."""

    title: str | Promise
    rows: Sequence[FactRow]


def table(
    unit: str, groups: Sequence[tuple[str | Promise, str]], years: Sequence[Mapping[str, Any]]
) -> list[FactGroup]:
    """Facts by group and year; rows that no year fills are left out, and so are groups without rows.

    `groups` gives a title and the names of facts, blank between; `years` are the values of each year by fact.
    """
    known: Mapping[str, Fact] = declared().units[unit]
    tables = []
    for title, names in groups:
        rows = [
            FactRow(
                heading(known[name]),
                [shown(known[name], year.get(name)) for year in years],
                numeric=known[name].type.kind in {"decimal", "integer"},
            )
            for name in names.split()
            if any(year.get(name) not in (None, "") for year in years)
        ]
        if rows:
            tables.append(FactGroup(title, rows))
    return tables


def collected_table(years: Sequence[Sequence[tuple[Fact, Any]]]) -> list[FactGroup]:
    """What only this place collects, by year, under one title; nothing where no year has any."""
    known = {fact.name: fact for items in years for fact, _value in items}
    answers = [{fact.name: value for fact, value in items} for items in years]
    rows = [
        FactRow(
            heading(fact),
            [shown(fact, year.get(name)) for year in answers],
            numeric=fact.type.kind in {"decimal", "integer"},
        )
        for name, fact in known.items()
    ]
    return [FactGroup(_("Collected in this place"), rows)] if rows else []
