"""What a scenario gives, as text and as JSON: its changes, who enters and leaves, what it costs, its errors."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from typing import Any

from django.utils.translation import gettext as _

from lika.core.actors import Actor
from lika.core.language import listed
from lika.divisions import queries as divisions
from lika.snapshots import diffing
from lika.snapshots.choices import UnitKind
from lika.snapshots.models import Scenario, ScreenedCriterion, Screening
from lika.snapshots.queries.effects import Confusion, Cost, CostLine, CostOf, ErrorLine, Truth, costs, errors
from lika.snapshots.queries.scenarios import amounts_of, run_of
from lika.snapshots.queries.screenings import get_screening, summary_of
from lika.snapshots.queries.verdicts import criterion_of

#: Shares are shown in percent with two decimal places.
_HUNDREDTHS = 2


@dataclass(frozen=True)
class Errors:
    """Errors of a criterion against a truth, the whole and the divisions below."""

    criterion: ScreenedCriterion
    truth: Truth
    base: Screening
    own: ErrorLine
    lines: tuple[ErrorLine, ...]

    @property
    def heading(self) -> str:
        """Whose errors, and what is held to be true with the snapshot that it is read from."""
        return truth_heading(self.criterion, self.truth, self.base)


@dataclass(frozen=True)
class Report:
    """A scenario with its trial run held against its base."""

    scenario: Scenario
    trial: Screening
    diff: diffing.Diff
    costs: tuple[CostOf, ...]
    errors: Errors | None


def report(
    by: Actor, scenario: Scenario, *, division: str = "", limit: int, truth: str = "", true_by: str = "", of: str = ""
) -> Report:
    """A scenario's last trial run beside its base.

    `truth` is a condition about the unit, `true_by` the id of a screening whose result is held to be true; `of` names
    the criterion that is held against it, else the one that sums up households. Raises SCR-064 (not run yet) and what
    `diffing.diff`, `costs` and `errors` raise.
    """
    trial, base = run_of(scenario), scenario.base
    place = divisions.place(division).number if division else None
    told = diffing.diff(by, str(base.pk), str(trial.pk), division=division, limit=limit)
    found = None
    if truth or true_by:
        item = criterion_of(trial, of) if of else summary_of(trial, UnitKind.HOUSEHOLD)
        if item is None:
            item = criterion_of(trial, of)
        against = truth_of(by, truth, true_by)
        own, lines = errors(by, base, trial, item.criterion, against, place)
        found = Errors(item, against, base, own, lines)
    return Report(scenario, trial, told, tuple(costs(by, base, trial, amounts_of(scenario), place)), found)


def truth_heading(item: ScreenedCriterion, against: Truth, base: Screening) -> str:
    """Whose errors, and what is held to be true with the snapshot that it is read from."""
    held = against.screening
    if held is None:
        truth = _("%(text)s in the snapshot %(snapshot)s")
        words = {"text": against.text, "snapshot": base.snapshot_id}
    else:
        truth = _("the screening %(title)s (%(pack)s) of the snapshot %(snapshot)s")
        words = {"title": held.title, "pack": held.pack, "snapshot": held.snapshot_id}
    return _("Errors of %(criterion)s, held against: %(truth)s") % {"criterion": item.title, "truth": truth % words}


def truth_of(by: Actor, text: str, true_by: str) -> Truth:
    """What is held to be true, as named: a condition, or the id of a screening. Raises SCR-020."""
    return Truth(text, get_screening(by, diffing.identifier(true_by)) if true_by else None)


def lines_of(found: Report) -> Iterator[str]:
    """The report as text."""
    yield from heading(found.scenario)
    yield ""
    yield from diffing.lines_of(found.diff)
    for cost in found.costs:
        yield ""
        yield _("Cost by %(criterion)s, each %(amount)s") % {"criterion": cost.criterion.title, "amount": cost.text}
        yield from (cost_line(line) for line in (cost.own, *cost.lines))
    if found.errors is not None:
        yield ""
        yield found.errors.heading
        for line in (found.errors.own, *found.errors.lines):
            yield f"  {line.division:012d} {line.name}"
            yield "    " + _("base: %(what)s") % {"what": _confusion(line.base)}
            yield "    " + _("scenario: %(what)s") % {"what": _confusion(line.trial)}


def heading(scenario: Scenario) -> Iterator[str]:
    """Name, author, reason and changes."""
    written = {"name": scenario.name, "by": scenario.written_by, "at": f"{scenario.written_at:%Y-%m-%d}"}
    yield _("Scenario %(name)s, by %(by)s, %(at)s") % written + f"  {scenario.pk}"
    yield _("Reason: %(reason)s") % {"reason": scenario.reason}
    for change in scenario.changes.all():
        yield f"  {change.get_kind_display()} {change.item} = {' '.join(change.text.split())}"


def as_json(found: Report) -> dict[str, Any]:
    """The report for machines; shares are given with both their numbers."""
    return {
        "scenario": scenario_json(found.scenario),
        "diff": diffing.as_json(found.diff),
        "costs": [
            {
                "criterion": cost.criterion.criterion,
                "amount": cost.text,
                "own": cost_json(cost.own),
                "divisions": [cost_json(line) for line in cost.lines],
            }
            for cost in found.costs
        ],
        "errors": None if found.errors is None else _errors_json(found.errors),
    }


def scenario_json(scenario: Scenario) -> dict[str, Any]:
    """A scenario for machines."""
    return {
        "id": str(scenario.pk),
        "name": scenario.name,
        "reason": scenario.reason,
        "base": str(scenario.base_id),
        "pack_sha256": scenario.pack_sha256,
        "written_by": scenario.written_by,
        "changes": [
            {"kind": change.kind, "item": change.item, "text": change.text} for change in scenario.changes.all()
        ],
    }


def percent(share: Fraction | None) -> str:
    """A share as shown, rounded half up; a dash where there is nothing to divide by."""
    if share is None:
        return "—"
    scaled = share * 100 * 10**_HUNDREDTHS
    rounded = (scaled.numerator * 2 + scaled.denominator) // (scaled.denominator * 2)
    return f"{Decimal(rounded).scaleb(-_HUNDREDTHS):.{_HUNDREDTHS}f}%"


def error_rows(line: ErrorLine) -> list[tuple[Confusion, str, str]]:
    """The base's errors and the scenario's, each with its share of those missed and of those wrongly in."""
    return [(each, percent(each.exclusion), percent(each.inclusion)) for each in (line.base, line.trial)]


def cost_line(line: CostLine) -> str:
    """The cost in a division on one line, before and after."""
    difference = line.difference
    return f"  {line.division:012d} {line.name}: " + _("%(base)s → %(trial)s (%(difference)s)") % {
        "base": _cost(line.base),
        "trial": _cost(line.trial),
        "difference": "—" if difference is None else f"{difference:+,}",
    }


def _cost(cost: Cost) -> str:
    shown = "—" if cost.amount is None else f"{cost.amount:,}"
    if not cost.unknown:
        return shown
    return _("%(amount)s and %(count)d unknown") % {"amount": shown, "count": cost.unknown}


def _confusion(found: Confusion) -> str:
    parts: Sequence[str] = (
        _("missed %(part)d of %(whole)d that ought to be in (%(share)s)")
        % {"part": found.missed, "whole": found.ought, "share": percent(found.exclusion)},
        _("wrongly in %(part)d of %(whole)d that are in (%(share)s)")
        % {"part": found.wrongly_in, "whole": found.chosen, "share": percent(found.inclusion)},
        _("not to be judged %(count)d") % {"count": found.unjudged},
    )
    return listed(parts)


def cost_json(line: CostLine) -> dict[str, Any]:
    """The cost in a division for machines."""
    return {
        "division": f"{line.division:012d}",
        "base": _one_cost(line.base),
        "scenario": _one_cost(line.trial),
        "difference": None if line.difference is None else str(line.difference),
    }


def _one_cost(cost: Cost) -> dict[str, Any]:
    return {
        "units": cost.units,
        "unknown": cost.unknown,
        "amount": None if cost.amount is None else str(cost.amount),
    }


def _errors_json(found: Errors) -> dict[str, Any]:
    return {
        "criterion": found.criterion.criterion,
        "truth": found.truth.text if found.truth.screening is None else str(found.truth.screening.pk),
        "own": _error_json(found.own),
        "divisions": [_error_json(line) for line in found.lines],
    }


def _error_json(line: ErrorLine) -> dict[str, Any]:
    return {
        "division": f"{line.division:012d}",
        "base": _one_confusion(line.base),
        "scenario": _one_confusion(line.trial),
    }


def _one_confusion(found: Confusion) -> dict[str, Any]:
    return {
        "right": found.right,
        "wrongly_in": found.wrongly_in,
        "missed": found.missed,
        "rightly_out": found.rightly_out,
        "unjudged": found.unjudged,
        "exclusion_error_of_those_who_ought": percent(found.exclusion),
        "inclusion_error_of_those_in": percent(found.inclusion),
        "inclusion_error_of_those_who_ought_not": percent(found.inclusion_of_others),
        "false_omission_of_those_out": percent(found.false_omission),
        "coverage": percent(found.coverage),
    }
