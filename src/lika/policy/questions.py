"""One expression about one unit: `lika policy eval`, and whoever else asks a single question.

Needs the fact registry and no database. What is refused raises a `UserError` that says where.
"""

import datetime as dt
import json
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from decimal import ROUND_HALF_UP, Decimal, localcontext
from fractions import Fraction
from typing import Any

from django.utils.translation import gettext as _

from lika.core.errors import UserError
from lika.core.language import language, listed
from lika.engine.checker import check
from lika.engine.criteria import Checked
from lika.engine.errors import ExpressionError, FactsError
from lika.engine.facts_json import FactsDocument, load_facts
from lika.engine.parser import parse
from lika.engine.ranges import Range
from lika.engine.reference import Answer
from lika.engine.schema import NAME_PATTERN, ParameterSpec, ParameterValue, Schema
from lika.engine.types import (
    MOST_DIGITS,
    BooleanType,
    CodeType,
    DateType,
    DecimalType,
    IntegerType,
    Type,
    places_of,
)
from lika.policy import resolve
from lika.policy.engines import ENGINES
from lika.policy.packs.resolved import ResolvedPack

_INTEGER = re.compile(r"-?[0-9]+")
_DECIMAL = re.compile(r"-?[0-9]+\.([0-9]+)")
_DATE = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
_TRUTH = {"true": True, "false": False}


class Refused(UserError):
    """An expression or a facts document that is refused; the message begins with the place."""

    def __str__(self) -> str:
        return str(self.message)


@dataclass(frozen=True)
class Question:
    """What is asked: an expression, about which kind of unit, by which engine, under which pack at which day."""

    text: str
    unit: str
    engine: str = "reference"
    pack: ResolvedPack | None = None
    at: dt.date | None = None
    given: Mapping[str, str] = field(default_factory=dict)


def answer(question: Question, facts: str | bytes, *, source: str = "facts") -> dict[str, Any]:
    """The answer as plain JSON values: `value`, `type`, and what else belongs to it.

    A decimal is a text with its places ("2736.10"), a whole number a number, a day a text. What is unknown is
    None; a count that lies somewhere in a range has None and `range` with `low` and `high`. `rounded` says that
    a quotient has more places than are shown, `in_force` false that the pack does not rule on that day. `source`
    names the facts in messages.

    Raises `Refused` with line and column of the expression, or the path in the facts.
    """
    schema = resolve.schema_of(question.pack)
    document = _document(facts, schema, source)
    day = question.at or document.reference_date or dt.date.today()  # noqa: DTZ011 - the day where the person sits
    if question.at is not None:
        document = FactsDocument(document.root, question.at, document.unplaced)
    checked = _checked(question, schema, day)
    try:
        found = ENGINES[question.engine]([checked], document)[0]
    except FactsError as error:
        raise _refused_facts(error, source) from None
    result = shown(found, checked.type)
    if question.pack is not None:
        result |= {"pack": question.pack.reference, "at": day.isoformat()}
        if not question.pack.is_valid_at(day):
            result["in_force"] = False
    return result


def _checked(question: Question, schema: Schema, day: dt.date) -> Checked:
    parameters = resolve.parameters_of(question.pack, day) if question.pack else {}
    criteria = {item.id: resolve.engine_criterion(item) for item in question.pack.criteria} if question.pack else {}
    parameters |= {spec.name: spec for spec in _given(question.given, parameters)}
    try:
        node = parse(question.text)
        return check(node, unit=question.unit, schema=schema, parameters=parameters, criteria=criteria)
    except ExpressionError as error:
        raise _refused_expression(error, without_pack=question.pack is None) from None


def _refused_expression(error: ExpressionError, *, without_pack: bool) -> Refused:
    words = error.describe(language())
    if without_pack and error.code in ("ENG-021", "ENG-022"):
        words = f"{words} {_('Name a pack with --pack ID, or give a value with --param name=value.')}"
    return Refused(error.code, words, line=error.line, column=error.column)


def _document(facts: str | bytes, schema: Schema, source: str) -> FactsDocument:
    try:
        return load_facts(facts, schema)
    except FactsError as error:
        raise _refused_facts(error, source) from None
    except json.JSONDecodeError as error:
        words = _("This is not JSON: %(problem)s.") % {"problem": error.msg}
        raise Refused("POL-070", f"{source}:{error.lineno}:{error.colno}: POL-070 {words}") from None
    except (UnicodeDecodeError, RecursionError):
        words = _("This is not JSON: %(problem)s.") % {"problem": "UTF-8, {…}"}
        raise Refused("POL-070", f"{source}: POL-070 {words}") from None


def _refused_facts(error: FactsError, source: str) -> Refused:
    words = f"{source}: {error.code} {error.message(language())}"
    if error.nearest:
        words = f"{words} {_('Did you mean: %(nearest)s?') % {'nearest': listed(error.nearest)}}"
    return Refused(error.code, words)


# Parameters given for one question


def _given(given: Mapping[str, str], known: Mapping[str, ParameterSpec]) -> Iterable[ParameterSpec]:
    for name, text in given.items():
        spec = known.get(name)
        if spec is None:
            type_, value = _guessed(name, text)
            yield ParameterSpec(name, name, name, type_, value)
        else:
            value = None if text == "" else read_value(spec.type, text)
            if value is None and text != "":
                raise _bad_parameter(name, text)
            yield replace(spec, value=value)


def _guessed(name: str, text: str) -> tuple[Type, ParameterValue]:
    """The type of a parameter that no pack declares, as it is written: 3, 2736.10, true, 2016-12-31."""
    fraction = _DECIMAL.fullmatch(text)
    candidates: tuple[Type, ...] = (
        BooleanType(),
        DateType(),
        DecimalType(len(fraction[1]), MOST_DIGITS) if fraction else IntegerType(MOST_DIGITS),
    )
    for type_ in candidates:
        value = read_value(type_, text)
        if value is not None and re.fullmatch(NAME_PATTERN, name):
            return type_, value
    raise _bad_parameter(name, text)


def read_value(type_: Type, text: str) -> ParameterValue:
    """A value of a type as people type it; None where it does not fit. Nothing is rounded."""
    match type_:
        case BooleanType():
            return _TRUTH.get(text)
        case IntegerType():
            return int(text) if _INTEGER.fullmatch(text) and _has_digits(text, type_.digits) else None
        case DecimalType():
            fraction = _DECIMAL.fullmatch(text)
            fits = _INTEGER.fullmatch(text) or (fraction is not None and len(fraction[1]) <= type_.places)
            whole = text.partition(".")[0]
            return Decimal(text) if fits and _has_digits(whole, type_.digits - type_.places) else None
        case DateType():
            return _day(text)
        case CodeType():
            return text if text in type_.values else None
    return None


def _has_digits(whole: str, most: int) -> bool:
    """Whether a whole number as text is no longer than a type holds: asked before it is made a number.

    Zeros in front count: Python refuses to read thousands of those too. One digit there always is.
    """
    return len(whole.lstrip("-")) <= max(most, 1)


def _day(text: str) -> dt.date | None:
    try:
        return dt.date.fromisoformat(text) if _DATE.fullmatch(text) else None
    except ValueError:
        return None


def _bad_parameter(name: str, text: str) -> UserError:
    return UserError(
        "POL-071",
        _("The parameter %(name)s cannot be %(value)s.") % {"name": name, "value": text or "''"},
        remedy=_("Expected: %(expected)s.") % {"expected": "name=2736.10, name=3, name=true, name=2016-12-31"},
    )


# Answers as JSON


def shown(found: Answer, type_: Type) -> dict[str, Any]:
    """An answer as plain JSON values."""
    result: dict[str, Any] = {"value": None, "type": type_.kind}
    if isinstance(found, Range):
        result["range"] = {"low": _number(found.low, type_), "high": _number(found.high, type_)}
    elif isinstance(found, Fraction):
        result["value"] = _number(found, type_)
        if (found * 10 ** places_of(type_)).denominator != 1:
            result["rounded"] = True
    elif isinstance(found, dt.date):
        result["value"] = found.isoformat()
    else:
        result["value"] = found
    return result


def _number(value: Fraction, type_: Type) -> int | str:
    """A whole number as such; a decimal as text, rounded half away from zero to the places of its type."""
    if not isinstance(type_, DecimalType):
        return int(value)
    with localcontext() as context:
        # Enough digits that the quotient cannot be rounded twice onto a half.
        context.prec = len(str(abs(value.numerator))) + len(str(value.denominator)) + type_.places + 2 * MOST_DIGITS
        exact = Decimal(value.numerator) / Decimal(value.denominator)
        return f"{exact.quantize(Decimal(1).scaleb(-type_.places), rounding=ROUND_HALF_UP):f}"
