"""Two to four scenarios of one screening side by side: what each criterion counts, what it costs, its errors."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _

from lika.core.actors import Actor
from lika.core.errors import UserError
from lika.core.language import listed
from lika.divisions import queries as divisions
from lika.engine.screening.rollups import level_of
from lika.snapshots import scenario_report
from lika.snapshots.choices import Result
from lika.snapshots.models import Scenario, ScreenedCriterion, Screening
from lika.snapshots.queries.compared import compare_screenings
from lika.snapshots.queries.effects import CostOf, costs
from lika.snapshots.queries.rollups import Counts, counts_by_division
from lika.snapshots.queries.scenarios import amounts_of, run_of
from lika.snapshots.queries.singling import may_count_in

FEWEST, MOST = 2, 4


@dataclass(frozen=True)
class Cell:
    """A criterion by one scenario: its counts in the division, who enters (to met) and who leaves (from met)."""

    counts: Counts | None
    enter: int
    leave: int


@dataclass(frozen=True)
class Line:
    """A criterion with its counts by the base and by each scenario, in their order."""

    criterion: ScreenedCriterion
    base: Counts | None
    cells: tuple[Cell, ...]


@dataclass(frozen=True)
class Beside:
    """Scenarios beside their base, in one division; criteria by which none of them differs are left out.

    `in_part` where the actor does not see all of the division: the numbers are of what they see.
    """

    base: Screening
    division: int
    name: str
    scenarios: tuple[Scenario, ...]
    lines: tuple[Line, ...]
    costs: tuple[tuple[CostOf, ...], ...]
    in_part: bool = False


def beside(by: Actor, scenarios: Sequence[Scenario], *, division: str = "") -> Beside:
    """Hold scenarios against each other.

    Raises SCR-067 (fewer than two, more than four, or one twice), SCR-068 (they start from different screenings),
    SCR-064 (one was not run yet), and what `compare_screenings` and `costs` raise.
    """
    if not FEWEST <= len({each.pk for each in scenarios}) == len(scenarios) <= MOST:
        raise UserError(
            "SCR-067",
            _("From %(fewest)d to %(most)d different scenarios stand side by side.") % {"fewest": FEWEST, "most": MOST},
            remedy=_("Choose other scenarios."),
        )
    base = scenarios[0].base
    if any(each.base_id != base.pk for each in scenarios):
        raise UserError(
            "SCR-068",
            _("The scenarios start from different screenings."),
            remedy=_("Compare scenarios of one screening, or write them anew from it."),
        )
    place = divisions.place(division).number if division else base.snapshot.division
    trials = [run_of(each) for each in scenarios]
    compared = [compare_screenings(by, base, trial, division=place) for trial in trials]
    changed: dict[str, ScreenedCriterion] = {}
    for found in compared:
        for kind in found.kinds:
            changed |= {item.criterion: item for item in kind.changed}
    level = level_of(place)
    lines = []
    for criterion, item in changed.items():
        if not all(may_count_in(by, trial, item, place) for trial in trials):
            continue
        cells = []
        for trial, found in zip(trials, compared, strict=True):
            turns = {turn: number for kind in found.kinds for turn, number in kind.own.turns.get(criterion, {}).items()}
            enter = sum(number for turn, number in turns.items() if turn.after == Result.MET)
            leave = sum(number for turn, number in turns.items() if turn.before == Result.MET)
            cells.append(Cell(counts_by_division(by, trial, criterion, level).get(place), enter, leave))
        before = counts_by_division(by, base, criterion, level).get(place)
        lines.append(Line(item, before, tuple(cells)))
    priced = tuple(
        tuple(costs(by, base, trial, amounts_of(each), place)) for each, trial in zip(scenarios, trials, strict=True)
    )
    name = divisions.place(f"{place:012d}").name
    in_part = any(found.in_part for found in compared)
    return Beside(base, place, name, tuple(scenarios), tuple(lines), priced, in_part)


def lines_of(found: Beside) -> Iterator[str]:
    """The scenarios side by side as text: a block for each criterion, a line for each scenario."""
    for number, scenario in enumerate(found.scenarios, start=1):
        heading = list(scenario_report.heading(scenario))
        yield f"{number}. {heading[0]}"
        yield from heading[1:]
    yield ""
    yield f"{found.division:012d} {found.name}"
    if found.in_part:
        yield _("Only what lies in your area is compared; what differs elsewhere is not shown.")
    if not found.lines:
        yield _("No unit came, went or is judged otherwise.")
    for line in found.lines:
        yield ""
        yield line.criterion.title
        yield "  " + _("base: %(what)s") % {"what": _counts(line.base)}
        for number, cell in enumerate(line.cells, start=1):
            moved = _("%(enter)d enter, %(leave)d leave") % {"enter": cell.enter, "leave": cell.leave}
            yield f"  {number}. {listed([_counts(cell.counts), moved])}"
    for number, priced in enumerate(found.costs, start=1):
        for cost in priced:
            yield ""
            title = _("Cost by %(criterion)s, each %(amount)s") % {
                "criterion": cost.criterion.title,
                "amount": cost.text,
            }
            yield f"{number}. {title}"
            yield scenario_report.cost_line(cost.own)


def as_json(found: Beside) -> dict[str, Any]:
    """The scenarios side by side for machines."""
    return {
        "base": str(found.base.pk),
        "division": f"{found.division:012d}",
        "in_part": found.in_part,
        "scenarios": [scenario_report.scenario_json(each) for each in found.scenarios],
        "criteria": {
            line.criterion.criterion: {
                "base": _counts_json(line.base),
                "scenarios": [
                    {"counts": _counts_json(cell.counts), "enter": cell.enter, "leave": cell.leave}
                    for cell in line.cells
                ],
            }
            for line in found.lines
        },
        "costs": [
            {cost.criterion.criterion: scenario_report.cost_json(cost.own) for cost in priced} for priced in found.costs
        ],
    }


def _counts(counts: Counts | None) -> str:
    if counts is None:
        return "—"
    return listed(
        f"{result.label} {number}"
        for result, number in zip(Result, (counts.met, counts.not_met, counts.unknown), strict=True)
    )


def _counts_json(counts: Counts | None) -> dict[str, int] | None:
    return None if counts is None else {"met": counts.met, "not_met": counts.not_met, "unknown": counts.unknown}
