"""Checking values against the facts they are: type, code list, bounds, decimal places. All faults at once."""

import datetime as dt
from collections.abc import Iterable, Mapping
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext_lazy as _

from lika.core import facts as registry
from lika.core.errors import ManyErrors, UserError
from lika.engine.schema import Fact
from lika.engine.types import BooleanType, CodeType, DateType, DecimalType, IntegerType, TextType

LONGEST_TEXT = 200
Value = bool | int | Decimal | dt.date | str | None


def checked(
    unit: str,
    values: Mapping[str, Any],
    allowed: Iterable[str],
    *,
    required: Iterable[str] = (),
    collected: Mapping[str, Fact] | None = None,
) -> dict[str, Value]:
    """The values by column, codes as text and numbers exact; empty stays empty (unknown).

    `collected` are the facts of items that are asked here besides the columns.

    Raises ManyErrors REG-010 with REG-011 (no such field here), REG-012 (not a code of the list), REG-013
    (wrong kind of value), REG-014 (out of bounds), REG-015 (too many digits), REG-028 (missing), REG-037 (long text).
    """
    facts = {**registry.schema().units[unit], **(collected or {})}
    known = frozenset(allowed).union(collected or ())
    faults = [fault for name, value in values.items() if (fault := _fault(name, value, facts, known)) is not None]
    faults += [_missing(facts[name]) for name in required if values.get(name) in (None, "")]
    if faults:
        raise ManyErrors(
            "REG-010", _("Some values cannot be recorded."), faults, remedy=_("Correct the values named below.")
        )
    return {name: _stored(value, facts[name]) for name, value in values.items()}


def _fault(name: str, value: Any, facts: Mapping[str, Fact], known: frozenset[str]) -> UserError | None:
    if name not in known or name not in facts:
        return UserError(
            "REG-011", _("There is no such field here."), remedy=_("Use the fields of the form."), field=name
        )
    fact = facts[name]
    if value is None or value == "":
        return None
    if isinstance(fact.type, CodeType):
        return None if value in fact.type.values else _not_in_list(fact)
    if isinstance(fact.type, IntegerType | DecimalType):
        return _number_fault(value, fact)
    if isinstance(fact.type, TextType):
        return _text_fault(value, fact)
    if not isinstance(value, bool if isinstance(fact.type, BooleanType) else dt.date):
        return _wrong_kind(fact)
    return None


def _text_fault(value: Any, fact: Fact) -> UserError | None:
    if not isinstance(value, str):
        return _wrong_kind(fact)
    if len(value) > LONGEST_TEXT:
        return UserError(
            "REG-037",
            _("The text is longer than %(length)s characters.") % {"length": LONGEST_TEXT},
            remedy=_("Shorten it."),
            field=fact.zh,
        )
    return None


def _number_fault(value: Any, fact: Fact) -> UserError | None:
    whole = isinstance(fact.type, IntegerType)
    if isinstance(value, bool) or not isinstance(value, int if whole else int | Decimal):
        return _wrong_kind(fact)
    number = Decimal(value)
    if not number.is_finite():
        return _wrong_kind(fact)
    too_small = fact.minimum is not None and number < fact.minimum
    if too_small or (fact.maximum is not None and number > fact.maximum):
        return UserError(
            "REG-014",
            _("The value is out of bounds."),
            remedy=_("Check the value against the form."),
            field=fact.zh,
            minimum=fact.minimum,
            maximum=fact.maximum,
        )
    places = fact.type.places if isinstance(fact.type, DecimalType) else 0
    digits = fact.type.digits if isinstance(fact.type, IntegerType | DecimalType) else 0
    if number != round(number, places) or abs(number) >= Decimal(10) ** (digits - places):
        return UserError(
            "REG-015",
            _("The number has too many digits."),
            remedy=_("Round it to the places that the form shows."),
            field=fact.zh,
            places=places,
        )
    return None


def _missing(fact: Fact) -> UserError:
    return UserError("REG-028", _("The value is missing."), remedy=_("Enter it."), field=fact.zh)


def _not_in_list(fact: Fact) -> UserError:
    assert isinstance(fact.type, CodeType)  # noqa: S101 - narrows the type; the caller asked
    return UserError(
        "REG-012",
        _("The code is not in the list."),
        remedy=_("Choose one of the list's codes."),
        field=fact.zh,
        codes=", ".join(fact.type.values),
    )


def _wrong_kind(fact: Fact) -> UserError:
    kinds = {
        BooleanType.kind: _("yes or no"),
        IntegerType.kind: _("a whole number"),
        DecimalType.kind: _("a number"),
        DateType.kind: _("a date"),
        TextType.kind: _("text"),
    }
    return UserError(
        "REG-013",
        _("The value is of another kind than the field."),
        remedy=_("Enter what the field asks for."),
        field=fact.zh,
        expected=kinds.get(fact.type.kind, fact.type.kind),
    )


def _stored(value: Any, fact: Fact) -> Value:
    if value == "":
        return None
    return Decimal(value) if isinstance(fact.type, DecimalType) and value is not None else value
