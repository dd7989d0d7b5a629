"""The units of a question with the row, column and value of each, as one SQL text with its bound values."""

from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _

from lika.core.actors import Actor
from lika.core.areas import Area
from lika.core.errors import NotFound
from lika.engine.screening.rollups import SPAN_OF_LEVEL
from lika.engine.screening.verdict_files import relation
from lika.engine.snapshots.layout import IDENTIFIED_UNITS, PERSONS, division_column, key_column
from lika.snapshots.choices import Result
from lika.snapshots.queries.analysis import language, sight
from lika.snapshots.queries.analysis.request import (
    Condition,
    Expression,
    Grouping,
    Key,
    Level,
    Measures,
    Question,
    Several,
    Unknown,
    Verdict,
    VerdictIn,
)
from lika.snapshots.queries.analysis.sources import Source, Sources

#: The group of the households that come under none of the measures.
UNDER_NONE = -1

_STORED = {Result.MET: "1", Result.NOT_MET: "0"}


@dataclass(frozen=True)
class Picking:
    """A WITH clause that ends in the table `picked` (id, household, persons, r, c, v), and the values it binds."""

    sql: str
    values: tuple[Any, ...]
    places: int


def picking(by: Actor, found: Sources, question: Question) -> Picking:
    """The units that the actor sees and the conditions leave. Raises REP-014 where files are missing."""
    return _Picker(by, found, question).picking()


def matches(side: str, grouping: Grouping, key: Key) -> tuple[str, list[Any]]:
    """The condition that a unit of `picked` belongs to the group of a key, given as text."""
    if isinstance(grouping, Several) or (isinstance(grouping, Measures) and not grouping.exact):
        # An unknown stands in the list as its only member.
        return (f"{side}[1] IS NULL", []) if key is None else (f"list_contains({side}::VARCHAR[], ?)", [str(key)])
    return (f"{side} IS NULL", []) if key is None else (f"{side}::VARCHAR = ?", [str(key)])


class _Picker:
    """Puts the text together; `columns` names every expression that is read."""

    def __init__(self, by: Actor, found: Sources, question: Question) -> None:
        self.by, self.found, self.question = by, found, question
        self.unit = str(question.unit)
        self.criteria = found.criteria()
        self.columns = {expression: f"e{index}" for index, expression in enumerate(question.expressions())}
        self.verdict_units = tuple(dict.fromkeys(verdict.unit for verdict in question.verdicts()))

    def picking(self) -> Picking:
        own = self._compiled(self.unit)
        above = self._compiled("household") if self._reads_above() else None
        units = dict.fromkeys((*own.units, *(above.units if above else ())))
        near = self._near()
        parts = [f'"{unit}" AS NOT MATERIALIZED (FROM read_parquet(?))' for unit in units]
        values: list[Any] = [self._files(near, unit) for unit in units]
        for unit in self.verdict_units:
            files = relation(unit, _present([source.verdicts(unit) for source in near]))
            parts.append(f'"verdicts {unit}" AS NOT MATERIALIZED (FROM {files})')
        joins = [f"({own.sql}) u"]
        if above is not None:
            joins.append(f"LEFT JOIN ({above.sql}) h ON h.household_id = u.household_id")
        for unit in self.verdict_units:
            key = key_column(unit)
            joins.append(f'LEFT JOIN "verdicts {unit}" v_{unit} ON v_{unit}.{key} = u.{key}')
        seen, bound = self._seen()
        wheres = [f"({seen})", *(f"({self._condition(condition)})" for condition in self.question.conditions)]
        parts.append(
            f"picked AS MATERIALIZED (SELECT {', '.join(self._selected())} FROM {' '.join(joins)} "  # noqa: S608 - compiled
            f"WHERE {' AND '.join(wheres)})"
        )
        of = self.question.of
        places = (above or own) if isinstance(of, Expression) and of.unit != self.unit else own
        return Picking(
            f"WITH {', '.join(parts)}",
            (*values, *bound),
            places.places[self.columns[of]] if isinstance(of, Expression) else 0,
        )

    def _reads_above(self) -> bool:
        return any(expression.unit != self.unit for expression in self.columns)

    def _compiled(self, unit: str) -> language.ColumnsQuery:
        texts = tuple((name, expression.text) for expression, name in self.columns.items() if expression.unit == unit)
        return language.query_of(self.found, unit, texts)

    def _near(self) -> tuple[Source, ...]:
        """Only the files of counties that can matter are opened."""
        granted = Area.joined(
            (village, village) for _household, village in sight.granted_for(self.found, self.question)
        )
        area = Area.joined([*sight.area_of(self.by, self.question).ranges, *granted.ranges])
        return self.found.within(area) or self.found.sources[:1]  # out of sight: the condition leaves no row

    def _files(self, near: tuple[Source, ...], unit: str) -> list[str]:
        return _present([source.file(unit) for source in near])

    def _seen(self) -> tuple[str, list[Any]]:
        household = "u.household_id" if self.unit in IDENTIFIED_UNITS else None
        place = f"u.{division_column(self.unit)}"
        return sight.condition(self.by, self.found, self.question, place, household)

    def _selected(self) -> list[str]:
        named = self.unit in IDENTIFIED_UNITS
        persons = {"household": f'u."{PERSONS}"', "person": "1"}.get(self.unit, "0")
        return [
            f"u.{key_column(self.unit)} AS id",
            f"{'u.household_id' if named else 'NULL'} AS household",
            f"{persons} AS persons",
            f"{self._group(self.question.rows)} AS r",
            f"{self._group(self.question.columns)} AS c",
            f"{self._value()} AS v",
        ]

    def _value(self) -> str:
        of = self.question.of
        if of is None:
            return "NULL::BOOLEAN"
        return f"({self._verdict(of)} = 1)" if isinstance(of, Verdict) else self._column(of)

    def _column(self, expression: Expression) -> str:
        return f"{'u' if expression.unit == self.unit else 'h'}.{self.columns[expression]}"

    def _verdict(self, verdict: Verdict) -> str:
        if not any((item.unit_kind, item.criterion) == (verdict.unit, verdict.criterion) for item in self.criteria):
            raise NotFound(
                "REP-004",
                _("The current screening has no criterion %(criterion)s.") % {"criterion": verdict.criterion[:80]},
                remedy=_("Choose a criterion from the list."),
            )
        return f'v_{verdict.unit}."{verdict.criterion}"'

    def _group(self, grouping: Grouping | None) -> str:
        match grouping:
            case None:
                return "NULL"
            case Expression():
                column = self._column(grouping)
                boolean = language.checked(self.found, grouping).type.kind == "boolean"
                return f"{column}::TINYINT" if boolean else column
            case Verdict():
                return self._verdict(grouping)
            case Level(level=level):
                span = SPAN_OF_LEVEL[level]
                place = f"u.{division_column(self.unit)}"
                return place if span == 1 else f"({place} - {place} % {span})"
            case Several(parts=parts):
                listed = ", ".join(self._column(part) for part in parts)
                return _or_unknown(f"list_distinct([{listed}])")
        return self._measures(grouping)

    def _measures(self, grouping: Measures) -> str:
        verdicts = [self._verdict(Verdict("household", name)) for name in grouping.criteria]
        if grouping.exact:
            bits = (f"coalesce({text}, 0)::BIGINT << {bit}" for bit, text in enumerate(verdicts))
            return f"({' + '.join(f'({bit})' for bit in bits)})"
        listed = ", ".join(f"CASE WHEN {text} = 1 THEN {bit} END" for bit, text in enumerate(verdicts))
        unknown = " OR ".join(f"{text} IS NULL" for text in verdicts)
        # Under none of them and none unknown: a group of its own, so that the groups hold every household.
        under = f"list_distinct([{listed}])"
        return f"CASE WHEN len({under}) > 0 THEN {under} WHEN {unknown} THEN [NULL] ELSE [{UNDER_NONE}] END"

    def _condition(self, condition: Condition) -> str:
        match condition:
            case Unknown(value=value, otherwise=otherwise):
                known = f" OR {self._column(otherwise)}" if otherwise is not None else ""
                return f"{self._column(value)} IS NULL{known}"
            case VerdictIn(verdict=verdict, results=results):
                column = self._verdict(verdict)
                answers = [f"{column} = {_STORED[result]}" for result in sorted(results) if result in _STORED]
                return " OR ".join([*answers, *([f"{column} IS NULL"] if Result.UNKNOWN in results else [])])
        return self._column(condition)


def _or_unknown(listed: str) -> str:
    """A list without its unknowns; one unknown where nothing is left."""
    return f"CASE WHEN len({listed}) > 0 THEN {listed} ELSE [NULL] END"


def _present(paths: list[Any]) -> list[str]:
    if not paths or not all(path.is_file() for path in paths):
        raise NotFound(
            "REP-014",
            _("Files of the snapshot or of its screening are missing."),
            remedy=_("Restore the data folder, or take and screen a new snapshot."),
        )
    return [str(path) for path in paths]
