"""Lists behind the numbers of a comparison and of a scenario's errors, as an address or a form asks for them.

Page and file ask by the same words, so that both hold the same units.
"""

from collections.abc import Container
from dataclasses import dataclass
from uuid import UUID

from django.http import QueryDict
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _lazy

from lika.core.actors import Actor
from lika.divisions import queries as divisions
from lika.snapshots import queries
from lika.snapshots.models import Scenario, ScreenedCriterion, Screening
from lika.snapshots.queries import scenarios
from lika.snapshots.queries.compared import division_compared
from lika.snapshots.queries.compared_units import units_moved
from lika.snapshots.queries.effects import Truth, units_in_error
from lika.snapshots.queries.trying import LONGEST
from lika.snapshots.queries.verdicts import PAGE_SIZE
from lika.snapshots.scenario_report import truth_heading, truth_of

_MOVED = {"enter": _lazy("Who enters"), "leave": _lazy("Who leaves")}
_IN_ERROR = {"missed": _lazy("Who is missed by the scenario"), "wrong": _lazy("Who is wrongly in by the scenario")}


@dataclass(frozen=True)
class MovedList:
    """Who enters (to met) or leaves (from met) by a criterion from one screening to another, in a division."""

    old: Screening
    new: Screening
    criterion: ScreenedCriterion
    division: int
    which: str

    @property
    def title(self) -> str:
        """Which of both it is."""
        return str(_MOVED[self.which])

    def page(self, by: Actor, number: int, size: int = PAGE_SIZE) -> queries.UnitPage:
        """A page (from 1) of it, within the actor's sight."""
        enter = self.which == "enter"
        return units_moved(by, self.old, self.new, self.criterion, self.division, enter=enter, page=number, size=size)


@dataclass(frozen=True)
class InErrorList:
    """Whom a scenario misses, or takes in wrongly, by a criterion against a truth, in a division."""

    scenario: Scenario
    trial: Screening
    criterion: ScreenedCriterion
    division: int
    which: str
    truth: Truth

    @property
    def title(self) -> str:
        """Which of both it is."""
        return str(_IN_ERROR[self.which])

    @property
    def heading(self) -> str:
        """What is held to be true, with the snapshot that it is read from."""
        return truth_heading(self.criterion, self.truth, self.scenario.base)

    def page(self, by: Actor, number: int, size: int = PAGE_SIZE) -> queries.UnitPage:
        """A page (from 1) of it, within the actor's sight. Raises what `units_in_error` raises."""
        return units_in_error(
            by, self.scenario.base, self.trial, self.criterion.criterion, self.truth, self.division,
            missed=self.which == "missed", page=number, size=size,
        )  # fmt: skip


def moved_list(by: Actor, new: UUID, given: QueryDict) -> MovedList:
    """The list of `which`, `old`, `criterion` and `division`.

    Raises SCR-020, SCR-022, SCR-024, and what `division_named` raises.
    """
    found, old = queries.get_screening(by, new), old_asked(by, given)
    which = _which(given, _MOVED)
    division = division_named(given, old, found)
    return MovedList(old, found, queries.criterion_of(found, _text(given, "criterion")), division, which)


def in_error_list(by: Actor, scenario: UUID, given: QueryDict) -> InErrorList:
    """The list of `which`, `criterion`, `division`, and of `truth` or `true_by`.

    Raises SCR-020, SCR-022, SCR-024 (also where no truth is named, or two), SCR-063, SCR-064, and what
    `division_named` raises.
    """
    found = scenarios.get_scenario(by, scenario)
    which = _which(given, _IN_ERROR)
    text, true_by = _text(given, "truth"), _text(given, "true_by")
    if bool(text) == bool(true_by):
        raise queries.no_such_list()
    trial = scenarios.run_of(found)
    item = queries.criterion_of(trial, _text(given, "criterion"))
    division = division_named(given, found.base, trial)
    return InErrorList(found, trial, item, division, which, truth_of(by, text, true_by))


def old_asked(by: Actor, given: QueryDict) -> Screening:
    """The screening that another is held against (`old`). Raises SCR-020."""
    try:
        return queries.get_screening(by, UUID(_text(given, "old")))
    except ValueError:
        raise queries.no_such_screening() from None


def division_named(given: QueryDict, old: Screening, new: Screening) -> int:
    """The division asked for, else the whole area. Raises DIV-001, DIV-010, SCR-050, SCR-052."""
    asked = _text(given, "division")
    return division_compared(old, new, divisions.place(asked).number if asked else None)


def screening_told(found: Screening) -> str:
    """A screening in words, apart from all others of its area: pack, time point, when it was run, if as a trial."""
    told = _("%(title)s (%(pack)s), time point %(at)s, run %(run)s") % {
        "title": found.title,
        "pack": found.pack,
        "at": f"{found.snapshot.at:%Y-%m-%d}",
        "run": f"{timezone.localtime(found.finished_at):%Y-%m-%d %H:%M}",
    }
    if not found.what_if:
        return told
    return " · ".join([told, _("Trial run"), *([found.scenario.name] if found.scenario else [])])


def _which(given: QueryDict, known: Container[str]) -> str:
    asked = _text(given, "which")
    if asked not in known:
        raise queries.no_such_list()
    return asked


def _text(given: QueryDict, name: str) -> str:
    """What is given under a name. Raises SCR-024 for what no page of ours asks for."""
    text = str(given.get(name, ""))
    if "\0" in text or len(text) > LONGEST:
        raise queries.no_such_list()
    return text
