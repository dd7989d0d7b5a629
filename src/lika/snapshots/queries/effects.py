"""What a scenario costs, and whom it would miss or take in wrongly, beside its base: by division, in whole passes."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from typing import Any

import duckdb
from django.utils.translation import gettext as _

from lika.core.actors import Actor
from lika.core.errors import NotFound, UserError
from lika.core.permissions import Permission
from lika.divisions import queries as divisions
from lika.engine.screening.rollups import LEVEL_OF_UNIT, SPAN_OF_LEVEL, level_of
from lika.engine.types import BooleanType
from lika.register.queries import seen_in_full
from lika.snapshots.guarding import is_guarded
from lika.snapshots.models import ScreenedCriterion, Screening
from lika.snapshots.queries.compared import require_one_area
from lika.snapshots.queries.singling import (
    is_fine,
    may_count_in,
    may_single_out,
    refuse_counting,
    refuse_singling,
    sees_each,
)
from lika.snapshots.queries.valued import answers_in_sight, answers_of, checked_text, valued
from lika.snapshots.queries.verdicts import PAGE_SIZE, UnitPage, criterion_of, unit_at


@dataclass(frozen=True)
class Cost:
    """The units that meet a criterion: how many they are, how many of unknown amount, and what the rest cost together.

    `amount` is None where it is made of what is not shown to the actor in the whole division: of two sums, the base's
    and the trial's, the difference may be one unit's own.
    """

    units: int = 0
    unknown: int = 0
    amount: Decimal | None = Decimal(0)


@dataclass(frozen=True)
class CostLine:
    """A criterion's cost in a division, by the base and by the trial."""

    division: int
    name: str
    base: Cost
    trial: Cost

    @property
    def difference(self) -> Decimal | None:
        """How much more the trial costs."""
        if self.base.amount is None or self.trial.amount is None:
            return None
        return self.trial.amount - self.base.amount


@dataclass(frozen=True)
class CostOf:
    """A criterion with the amount as typed; the whole first, then the divisions below."""

    criterion: ScreenedCriterion
    text: str
    own: CostLine
    lines: tuple[CostLine, ...]


@dataclass(frozen=True)
class Confusion:
    """Who is chosen held against who ought to be (METHODS §4). `unjudged`: unknown on either side, in none of the four.

    A rate is None where its denominator is nought.
    """

    right: int = 0
    wrongly_in: int = 0
    missed: int = 0
    rightly_out: int = 0
    unjudged: int = 0

    @property
    def ought(self) -> int:
        """All that ought to be chosen: TP + FN."""
        return self.right + self.missed

    @property
    def chosen(self) -> int:
        """All that are chosen: TP + FP."""
        return self.right + self.wrongly_in

    @property
    def exclusion(self) -> Fraction | None:
        """Those missed among all that ought to be chosen: FN / (TP + FN)."""
        return _share(self.missed, self.ought)

    @property
    def inclusion(self) -> Fraction | None:
        """Those taken in wrongly among all that are chosen: FP / (TP + FP)."""
        return _share(self.wrongly_in, self.chosen)

    @property
    def inclusion_of_others(self) -> Fraction | None:
        """Those taken in wrongly among all that ought not to be chosen: FP / (FP + TN)."""
        return _share(self.wrongly_in, self.wrongly_in + self.rightly_out)

    @property
    def false_omission(self) -> Fraction | None:
        """Those missed among all that are not chosen: FN / (FN + TN)."""
        return _share(self.missed, self.missed + self.rightly_out)

    @property
    def coverage(self) -> Fraction | None:
        """Those chosen among all that could be judged: (TP + FP) / N."""
        return _share(self.chosen, self.chosen + self.missed + self.rightly_out)


@dataclass(frozen=True)
class ErrorLine:
    """A division with its errors by the base and by the trial."""

    division: int
    name: str
    base: Confusion
    trial: Confusion


@dataclass(frozen=True)
class Truth:
    """What is held to be true: an expression about the unit in the language, or another screening's same criterion."""

    text: str = ""
    screening: Screening | None = None


def costs(
    by: Actor, base: Screening, trial: Screening, amounts: Mapping[str, str], division: int | None = None
) -> list[CostOf]:
    """What the units that meet each criterion cost, by the base's and by the trial's verdicts and parameters.

    Numbers of villages that would tell the actor what is personal are left out. Raises ACC-001, SCR-022, and the
    engine's ENG-….
    """
    by.require(Permission.SCREENING_VIEW)
    place = base.snapshot.division if division is None else division
    found = []
    for name, text in amounts.items():
        item = criterion_of(trial, name)
        if not may_count_in(by, trial, item, place):
            continue
        span = _span(place, item.unit_kind)
        sides = [_cost_by_division(by, each, item, text, place, span) for each in (base, trial)]
        codes = sorted({*sides[0], *sides[1]})
        names = _names([place, *codes])
        lines = tuple(
            CostLine(code, names[code], sides[0].get(code, Cost()), sides[1].get(code, Cost()))
            for code in codes
            if may_count_in(by, trial, item, place, below=True)
        )
        whole = [_cost_by_division(by, each, item, text, place, 0).get(0, Cost()) for each in (base, trial)]
        found.append(CostOf(item, text, CostLine(place, names[place], *whole), lines))
    return found


def errors(
    by: Actor, base: Screening, trial: Screening, criterion: str, truth: Truth, division: int | None = None
) -> tuple[ErrorLine, tuple[ErrorLine, ...]]:
    """Whom a criterion misses and takes in wrongly against a truth: the whole, then the divisions below.

    Raises ACC-001, SCR-022 (no such criterion), SCR-050 (a truth by a screening of another area), SCR-065 (the truth
    is no condition), SCR-066 (a truth by a screening that says nothing of this criterion), SCR-080 (numbers of a
    village would tell what is personal; of the villages below a township they are left out), and the engine's ENG-….
    """
    by.require(Permission.SCREENING_VIEW)
    place = base.snapshot.division if division is None else division
    if truth.screening is not None:
        require_one_area(base, truth.screening)
    item = criterion_of(trial, criterion)
    named = names_open(by, base, trial, item, truth, place)
    if is_fine(place) and not named:
        raise refuse_counting()
    span = _span(place, item.unit_kind)
    sides = [_confused(by, each, item, truth, place, span, base) for each in (base, trial)]
    codes = sorted({*sides[0], *sides[1]})
    names = _names([place, *codes])
    lines = tuple(
        ErrorLine(code, names[code], sides[0].get(code, Confusion()), sides[1].get(code, Confusion()))
        for code in codes
        if named or not is_fine(place, below=True)
    )
    whole = (_added(side.values()) for side in sides)
    return ErrorLine(place, names[place], *whole), lines


def units_in_error(
    by: Actor,
    base: Screening,
    trial: Screening,
    criterion: str,
    truth: Truth,
    division: int,
    *,
    missed: bool,
    page: int = 1,
    size: int = PAGE_SIZE,
) -> UnitPage:
    """A page of those whom the trial misses, or takes in wrongly; a unit counts where it stood.

    Raises what `errors` raises, and SCR-074 where the truth reads what is not shown to the actor of each of them.
    """
    by.require(Permission.SCREENING_VIEW)
    item = criterion_of(trial, criterion)
    if not names_open(by, base, trial, item, truth, division):
        raise refuse_singling()
    if truth.screening is not None:
        require_one_area(base, truth.screening)
    wanted = "truth AND given = 0" if missed else "NOT truth AND given = 1"
    with _held(by, trial, item, truth, division, base) as session:
        total: Any = session.execute(f"SELECT count(*) FROM held WHERE {wanted}").fetchone()  # noqa: S608 - our own
        rows = session.execute(
            f"SELECT unit, lies FROM held WHERE {wanted} ORDER BY lies, unit LIMIT ? OFFSET ?",  # noqa: S608 - our own
            [size, (page - 1) * size],
        ).fetchall()
    return UnitPage(total[0], page, size, tuple(unit_at(*row) for row in rows))


def names_open(
    by: Actor, base: Screening, trial: Screening, item: ScreenedCriterion, truth: Truth, division: int
) -> bool:
    """Whether the actor may read who is held against a truth: one of one's own tells of each unit what it reads, and
    so does a rule chosen for a trial."""
    sides = [each for each in (trial, truth.screening) if each is not None]
    if not all(may_single_out(by, each, item, division) for each in sides):
        return False
    if truth.screening is not None or not is_guarded(checked_text(base, item.unit_kind, truth.text)):
        return True
    return sees_each(by, division)


def _cost_by_division(
    by: Actor, found: Screening, item: ScreenedCriterion, text: str, place: int, span: int
) -> dict[int, Cost]:
    """Cost by division; with a span of nought, of all together (under 0)."""
    unit = item.unit_kind
    criterion_of(found, item.criterion)
    guarded = is_guarded(checked_text(found, unit, text))
    lies = f"lies // {span} * {span}" if span else "0"
    with valued(by, found, unit, place, {"v": text}) as table:
        rows = table.session.execute(
            f"SELECT {lies}, count(*), count_if(v IS NULL), coalesce(sum(v), 0) "  # noqa: S608 - our own names
            f"FROM valued JOIN {answers_of(found, unit, item.criterion)} USING (unit) WHERE answer = 1 GROUP BY 1"
        ).fetchall()
    seen = seen_in_full(by).area
    costs_by = {}
    for code, units, unknown, summed in rows:
        shown = not guarded or seen.covers(f"{code or place:012d}")
        amount = Decimal(int(summed)).scaleb(-table.places["v"]) if shown else None
        costs_by[code] = Cost(units, unknown, amount)
    return costs_by


def _confused(
    by: Actor, found: Screening, item: ScreenedCriterion, truth: Truth, place: int, span: int, base: Screening
) -> dict[int, Confusion]:
    """The four fields by division."""
    with _held(by, found, item, truth, place, base) as session:
        rows: list[Any] = session.execute(
            f"SELECT lies // {span} * {span}, count_if(truth AND given = 1), "  # noqa: S608 - our own numbers
            "count_if(NOT truth AND given = 1), count_if(truth AND given = 0), "
            "count_if(NOT truth AND given = 0), count_if(truth IS NULL OR given IS NULL) FROM held GROUP BY 1"
        ).fetchall()
    return {row[0]: Confusion(*row[1:]) for row in rows}


@contextmanager
def _held(
    by: Actor, found: Screening, item: ScreenedCriterion, truth: Truth, place: int, base: Screening
) -> Iterator[duckdb.DuckDBPyConnection]:
    """A session with the view `held`: unit, lies, truth, given.

    The truth is worked by the base's pack, so that both sides are held to the same.
    """
    unit = item.unit_kind
    criterion_of(found, item.criterion)
    text = truth.text if truth.screening is None else "true"
    if not isinstance(checked_text(base, unit, text).type, BooleanType):
        raise UserError(
            "SCR-065",
            _("What is held to be true must be met or not: %(text)s is no condition.") % {"text": text[:80]},
            remedy=_("Write a condition, such as poverty = 'poor' or met('…')."),
        )
    held, join, values = "v", "", list[Any]()
    if truth.screening is not None:
        if not truth.screening.criteria.filter(criterion=item.criterion, unit_kind=unit).exists():
            raise NotFound(
                "SCR-066",
                _("The screening that is held to be true has no criterion %(criterion)s.")
                % {"criterion": item.criterion},
                remedy=_("Choose a screening by the same criterion, or write a condition."),
            )
        held = "told.answer = 1"
        # What one that came from elsewhere was judged out of sight is not told: it is unjudged.
        told, values = answers_in_sight(by, truth.screening, unit, item.criterion)
        join = f"LEFT JOIN {told} told ON told.unit = valued.unit"
    with valued(by, base, unit, place, {"v": text}) as table:
        table.session.execute(
            f"CREATE TEMP TABLE held AS SELECT valued.unit, lies, {held} AS truth, "  # noqa: S608 - our own names
            f"given.answer AS given FROM valued "
            f"LEFT JOIN {answers_of(found, unit, item.criterion)} given ON given.unit = valued.unit {join}",
            values,
        )
        yield table.session


def _share(part: int, whole: int) -> Fraction | None:
    return Fraction(part, whole) if whole else None


def _added(parts: Iterable[Confusion]) -> Confusion:
    found = list(parts)
    return Confusion(
        sum(each.right for each in found),
        sum(each.wrongly_in for each in found),
        sum(each.missed for each in found),
        sum(each.rightly_out for each in found),
        sum(each.unjudged for each in found),
    )


def _span(place: int, unit: str) -> int:
    return SPAN_OF_LEVEL[min(level_of(place) + 1, LEVEL_OF_UNIT[unit])]


def _names(codes: Sequence[int]) -> dict[int, str]:
    known = divisions.places(f"{code:012d}" for code in codes)
    return {code: known[f"{code:012d}"].name if f"{code:012d}" in known else f"{code:012d}" for code in codes}
