"""From a definition to the question that is counted: every name looked up, every value held against its list."""

from decimal import Decimal

from django.utils.translation import gettext as _

from lika.core.errors import UserError
from lika.reports.definition import UNKNOWN, Axis, Definition, Picked
from lika.reports.fields import LEVELS, Catalogue, Field, Kind
from lika.snapshots.choices import Result, UnitKind
from lika.snapshots.queries import analysis
from lika.snapshots.queries.analysis import AMOUNTS, Expression, Question, Unknown, Verdict, VerdictIn, What

YES, NO = "1", "0"


def question_of(definition: Definition, catalogue: Catalogue) -> Question:
    """The question. Raises REP-002 … REP-008 where something does not fit, and the engine's refusals of `where`."""
    conditions = [_condition(each, catalogue) for each in definition.filters]
    if definition.where:
        conditions.append(_where(definition, catalogue))
    return Question(
        unit=definition.unit,
        what=definition.what,
        of=_value(definition, catalogue),
        rows=grouping(definition.rows, catalogue),
        columns=grouping(definition.columns, catalogue),
        conditions=tuple(conditions),
        division=int(definition.division or 0),
    )


def grouping(axis: Axis | None, catalogue: Catalogue) -> analysis.Grouping | None:
    """What rows or columns are. Raises REP-003, REP-005 (a number without edges), REP-006, REP-016."""
    if axis is None:
        return None
    field = catalogue.field(axis.key)
    match field.kind:
        case Kind.PLACE:
            return analysis.Level(LEVELS[field.key])
        case Kind.VERDICT:
            return _verdict(field)
        case Kind.SEVERAL:
            return analysis.Several(tuple(Expression(field.unit, part.name) for part in field.parts))
        case Kind.MEASURES | Kind.OVERLAP:
            names = tuple(item.criterion for item in catalogue.measures)
            return analysis.Measures(names, exact=field.kind == Kind.OVERLAP)
        case Kind.NUMBER if axis.edges:
            return _bands(field, axis, catalogue)
        case Kind.NUMBER if not field.whole:
            raise UserError(
                "REP-005",
                _("%(field)s has too many values to be rows: say where its bands begin.") % {"field": field.label},
                remedy=_("Write the edges, for example 2000,5000 or param.exit_line."),
            )
    return _expression(field)


def edge_value(edge: str, catalogue: Catalogue) -> Decimal:
    """What an edge amounts to. Raises REP-006 (no such parameter, or no number), REP-016 (待补充依据)."""
    if not edge.startswith("param."):
        return Decimal(edge)
    name = edge.removeprefix("param.")
    spec = catalogue.language.parameters.get(name)
    if spec is None or spec.type.kind not in {"integer", "decimal"}:
        raise UserError(
            "REP-006",
            _("The policy pack has no number called %(name)s.") % {"name": name},
            remedy=_("Choose a parameter of the pack, or write a number."),
        )
    if spec.value is None:
        raise UserError(
            "REP-016",
            _("The policy pack gives no value for %(name)s yet (basis to be supplied).") % {"name": name},
            remedy=_("Write a number instead, or choose another policy pack."),
        )
    return Decimal(str(spec.value))


def _bands(field: Field, axis: Axis, catalogue: Catalogue) -> Expression:
    """Band n holds what lies from edge n-1 (included) to edge n (not included)."""
    values = [edge_value(edge, catalogue) for edge in axis.edges]
    if values != sorted(set(values)):
        raise UserError(
            "REP-006",
            _("The edges of the bands do not rise."),
            remedy=_("Write them from the least to the greatest, each once."),
        )
    name = _name(field)
    steps = "".join(f"if {name} < {_number(edge)} then {band} else " for band, edge in enumerate(axis.edges))
    return Expression(field.unit, f"{steps}{len(axis.edges)}")


def _number(text: str) -> str:
    """A number as the language writes it; the language has no exponent and no leading zeros."""
    return text if text.startswith("param.") else f"{Decimal(text):f}"


def _value(definition: Definition, catalogue: Catalogue) -> Expression | Verdict | None:
    what, of = definition.what, definition.of
    if what == What.PERSONS and definition.unit != UnitKind.HOUSEHOLD:
        raise _unfit(_("people are counted by choosing persons"))
    if what in {What.COUNT, What.PERSONS}:
        return None
    if of is None:
        raise _unfit(_("choose what it is made of"))
    field = catalogue.field(of.key)
    if what in AMOUNTS:
        if field.kind != Kind.NUMBER:
            raise _unfit(_("%(field)s is no number") % {"field": field.label})
        return _expression(field)
    if field.kind == Kind.VERDICT:
        return _verdict(field)
    if not field.filters or field.kind == Kind.SEVERAL:
        raise _unfit(_("%(field)s is no yes or no") % {"field": field.label})
    return _expression(field) if what == What.KNOWN else _numerator(field, of, catalogue)


def _numerator(field: Field, of: Picked, catalogue: Catalogue) -> Expression:
    """The condition of a share: yes, or one of some values."""
    if field.kind == Kind.BOOLEAN and not of.values:
        return _expression(field)
    condition = None if UNKNOWN in of.values else _among(field, list(of.values), of, catalogue)
    if condition is None:
        raise _unfit(_("say which values of %(field)s count") % {"field": field.label})
    return condition


def _unfit(why: str) -> UserError:
    return UserError(
        "REP-002",
        _("This measure cannot be counted so: %(why)s.") % {"why": why},
        remedy=_("Choose another measure or field."),
    )


def _condition(picked: Picked, catalogue: Catalogue) -> analysis.Condition:
    field = catalogue.field(picked.key)
    if not field.filters:
        raise _unfit_filter(field)
    if field.kind == Kind.VERDICT:
        if not picked.values or not all(value in Result.values for value in picked.values):
            raise _unfit_filter(field)
        return VerdictIn(_verdict(field), frozenset(Result(value) for value in picked.values))
    values = [value for value in picked.values if value != UNKNOWN]
    chosen = _among(field, values, picked, catalogue)
    if UNKNOWN not in picked.values:
        if chosen is None:
            raise _unfit_filter(field)
        return chosen
    if field.kind == Kind.SEVERAL:  # unknown is a household without any cause: its main one is unknown too
        return Unknown(Expression(field.unit, field.parts[0].name), chosen)
    return Unknown(_expression(field), chosen)


def _among(field: Field, values: list[str], picked: Picked, catalogue: Catalogue) -> Expression | None:
    """The condition that the value is one of some; None where none is named."""
    if field.kind == Kind.NUMBER:
        if values:
            raise _unfit_filter(field)
        ends = [(">=", picked.low), ("<", picked.high)]
        parts = [
            f"{_name(field)} {sign} {_number(end)}"
            for sign, end in ends
            if end and edge_value(end, catalogue) is not None
        ]
        return Expression(field.unit, " and ".join(parts)) if parts else None
    if picked.low or picked.high:
        raise _unfit_filter(field)
    if not values:
        return None
    if field.kind == Kind.BOOLEAN:
        if not set(values) <= {YES, NO}:
            raise _unfit_filter(field)
        texts = {YES: _name(field), NO: f"not {_name(field)}"}
        return Expression(field.unit, " or ".join(texts[value] for value in values))
    if field.code_list is None or any(field.code_list.item(value) is None for value in values):
        raise _unfit_filter(field)
    listed = ", ".join(f"'{value}'" for value in values)
    names = [part.name for part in field.parts] or [_name(field)]
    return Expression(field.unit, " or ".join(f"{name} in ({listed})" for name in names))


def _unfit_filter(field: Field) -> UserError:
    return UserError(
        "REP-007",
        _("%(field)s has no such value to filter by.") % {"field": field.label},
        remedy=_("Choose a value from the list, or take the filter away."),
    )


def _where(definition: Definition, catalogue: Catalogue) -> Expression:
    expression = Expression(str(definition.unit), definition.where)
    if analysis.checked(catalogue.found, expression).type.kind != "boolean":
        raise UserError(
            "REP-008",
            _("The expression is no condition: it gives a value, not yes or no."),
            remedy=_("Compare it with something, for example net_income_per_capita < 3000."),
        )
    return expression


def _verdict(field: Field) -> Verdict:
    if field.criterion is None:
        raise ValueError(field.key)
    return Verdict(field.unit, field.criterion.criterion)


def _expression(field: Field) -> Expression:
    return Expression(field.unit, _name(field))


def _name(field: Field) -> str:
    if field.fact is None:
        raise ValueError(field.key)
    return field.fact.name
