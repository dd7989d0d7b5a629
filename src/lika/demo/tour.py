"""The tour: twenty invented households through the loop, with the file that does each step.

It reads what the loop left (register, snapshot, verdicts, explanation) and holds it against what each
household was made to show. A household that no longer does is an error, so the tour is also a test.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from lika.core import language
from lika.core.actors import Actor
from lika.core.errors import UserError
from lika.demo.loop import PACK_SHOWN
from lika.demo.tour_households import Shown, shown
from lika.register import queries as register
from lika.register.queries import HouseholdView
from lika.snapshots import queries as snapshots
from lika.snapshots.models import Screening
from lika.snapshots.queries import UnitVerdicts

# Each step of the loop and where it happens; `docs/tour.md` tells the same story at length.
STEPS = (
    (gettext_lazy("A row of the official workbook"), "src/lika/demo/data/tour.yaml, src/lika/collection/workbook.py"),
    (gettext_lazy("Read, staged and checked"), "src/lika/collection/reading/, src/lika/collection/checks/"),
    (gettext_lazy("Published in one transaction, with its audit row"), "src/lika/register/actions/bulk/"),
    (
        gettext_lazy("The record, encrypted and in scope"),
        "src/lika/register/models/, queries/scope.py",
    ),
    (gettext_lazy("Frozen in a snapshot"), "src/lika/snapshots/actions/snapshots.py, src/lika/engine/snapshots/"),
    (gettext_lazy("The policy as data"), "packs/cn-gansu/2016/, packs/demo/cn-gansu-dangchang/2016/"),
    (gettext_lazy("Criteria: text, checked tree, columns"), "src/lika/engine/parser.py, checker.py, duck/"),
    (
        gettext_lazy("Verdicts, roll-ups and digest"),
        "src/lika/engine/screening/, src/lika/snapshots/actions/",
    ),
    (gettext_lazy("Why"), "src/lika/engine/explain.py, src/lika/snapshots/queries/explaining.py"),
    (gettext_lazy("On the screen"), "src/lika/console/"),
)


@dataclass(frozen=True)
class Stop:
    """A household of the tour as the loop left it: verdicts and titles of the criteria that it shows, by id."""

    household: Shown
    view: HouseholdView
    got: Mapping[str, str]
    titles: Mapping[str, str]

    @property
    def holds(self) -> bool:
        return dict(self.got) == dict(self.household.expect)


def stops(by: Actor) -> tuple[Stop, ...]:
    """The twenty households with their current verdicts by the demonstration pack. Raises DEM-003 without them."""
    return tuple(_stop(by, household) for household in shown())


def _stop(by: Actor, household: Shown) -> Stop:
    found = register.household_visible_to(by, household.number)
    verdicts = _of_the_demonstration(snapshots.verdicts_of(by, "household", found.id, found.village))
    named = {item.criterion: (result.value, item.title) for item, result in verdicts.results}
    return Stop(
        household,
        register.household_detail(by=by, household=found.id),
        {criterion: named[criterion][0] for criterion in household.expect},
        {criterion: named[criterion][1] for criterion in household.expect},
    )


def _of_the_demonstration(found: list[UnitVerdicts]) -> UnitVerdicts:
    for verdicts in found:
        if verdicts.screening.pack_id == PACK_SHOWN:
            return verdicts
    raise UserError(
        "DEM-003", _("The demonstration has not been screened."), remedy=_("Run `make demo` first."), pack=PACK_SHOWN
    )


def why(by: Actor, stop: Stop) -> Iterator[str]:
    """The criteria that a household shows, in words."""
    found = register.household_visible_to(by, stop.household.number)
    screening: Screening = _of_the_demonstration(
        snapshots.verdicts_of(by, "household", found.id, found.village)
    ).screening
    for item in snapshots.explain_unit(by, screening, "household", found.id, near=found.village).criteria:
        if item.criterion.criterion in stop.household.expect:
            words = item.explanation.words
            yield f"{item.criterion.title}: {language.chosen(*words)}"
            yield from (f"  - {language.chosen(*reason)}" for reason in item.explanation.reasons)


def lines(by: Actor, *, chosen: int | None) -> Iterator[str]:
    """The tour in words: the steps, then each household; with `chosen` (1 … 20) one household at length."""
    for number, (name, files) in enumerate(STEPS, start=1):
        yield f"{number:2}. {name}  [{files}]"
    for order, stop in enumerate(stops(by), start=1):
        if chosen is not None and order != chosen:
            continue
        mark = "✓" if stop.holds else "✗"
        yield ""
        yield f"{mark} {order:2}  {stop.household.number}  {language.chosen(stop.household.zh, stop.household.en)}"
        for criterion, expected in stop.household.expect.items():
            got = stop.got[criterion]
            yield f"      {stop.titles[criterion]}: {_verdict(got)}" + (
                "" if got == expected else f"  ≠ {_verdict(expected)}"
            )
        if chosen is not None:
            yield from (f"      {line}" for line in why(by, stop))


def _verdict(result: str) -> str:
    return {"met": _("met"), "not_met": _("not met"), "unknown": _("unknown")}[result]
