"""The figures by which the divisions of an area are coloured on the map and ranked in the list beside it."""

import math
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from itertools import pairwise

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from lika.console.queries.places import Place

Number = int | Decimal
NOTHING = "—"
MOST_CLASSES = 5
_NICE = (1, 2, 5)


@dataclass(frozen=True)
class Measure:
    """A figure of a place. Shares are fractions of one; counts are whole. `lowest_first`: a low figure needs work."""

    key: str
    label: str | Promise
    of: Callable[[Place], Number | None]
    share: bool = False
    lowest_first: bool = False
    population_too: bool = False

    def text(self, value: Number | None) -> str:
        """As the list and the map print it: 12.3%, 1,204, — for what is not known."""
        if value is None:
            return NOTHING
        return f"{100 * value:.1f}%" if self.share else f"{value:,}"


MET = Measure("met", _("Share met"), lambda place: place.share_met, share=True, lowest_first=True)
INCIDENCE = Measure(
    "incidence", _("Poverty incidence"), lambda place: place.incidence,
    share=True, population_too=True,
)  # fmt: skip
POOR = Measure("poor", _("Poor households"), lambda place: place.poor_households)
HOUSEHOLDS = Measure("households", _("Households"), lambda place: place.households)
PERSONS = Measure("persons", _("Persons"), lambda place: place.persons)


def offered(screened: bool) -> list[Measure]:
    """The figures to choose from, the first unless another is asked for; without a screening none of its results."""
    rest = [INCIDENCE, POOR, HOUSEHOLDS, PERSONS]
    return [MET, *rest] if screened else [HOUSEHOLDS, INCIDENCE, POOR, PERSONS]


def chosen_measure(key: str, screened: bool) -> Measure:
    """The figure asked for, or the first that is offered."""
    choices = offered(screened)
    return next((each for each in choices if each.key == key), choices[0])


@dataclass(frozen=True)
class Ranked:
    """A place in the list: equal figures share a rank; None where the figure is not known."""

    rank: int | None
    place: Place
    text: str


def ranked(places: Iterable[Place], measure: Measure) -> list[Ranked]:
    """By the figure, what needs work first; equal ones by code, those without households or figure last."""
    known = [(value, place) for place in places if (value := figure_of(place, measure)) is not None]
    sign = 1 if measure.lowest_first else -1
    known.sort(key=lambda pair: (sign * pair[0], pair[1].code))
    values = [value for value, _place in known]
    first = {value: values.index(value) + 1 for value in set(values)}
    listed = {place.code for _value, place in known}
    rest = sorted((place for place in places if place.code not in listed), key=lambda place: place.code)
    return [
        *(Ranked(first[value], place, measure.text(value)) for value, place in known),
        *(Ranked(None, place, NOTHING) for place in rest),
    ]


def figure_of(place: Place, measure: Measure) -> Number | None:
    """The figure of a place; None where the place has no households, for then nothing was counted."""
    return measure.of(place) if place.households else None


@dataclass(frozen=True)
class Scale:
    """Classes of equal width, at most five: `start`, `step` and how many. The last one holds its upper end too.

    Figures beyond the ends belong to the first and the last class: where some are, the `labels` have open ends.
    """

    start: Decimal
    step: Decimal
    count: int

    def class_of(self, value: Number | None) -> int | None:
        """The class of a figure, from 0; None for none."""
        if value is None or not self.count:
            return None
        return max(0, min(int((Decimal(value) - self.start) / self.step), self.count - 1))

    def labels(self, measure: Measure, *, open_ends: bool = False) -> list[str]:
        """What each class holds, the lowest first: 80%–85%, 1,000–1,500; with `open_ends` <85%, 85%–90%, ≥90%."""
        ends = [self.start + self.step * number for number in range(self.count + 1)]
        texts = [f"{(100 * end).normalize():f}%" if measure.share else f"{int(end):,}" for end in ends]
        labels = [f"{low}–{high}" for low, high in pairwise(texts)]
        return [f"<{texts[1]}", *labels[1:-1], f"≥{texts[-2]}"] if open_ends and self.count > 1 else labels


NO_SCALE = Scale(Decimal(0), Decimal(1), 0)


def scale_of(values: Sequence[Number | None], measure: Measure) -> Scale:
    """Round classes (widths 1, 2, 5, 10 …; of shares in whole per cents) that hold all figures."""
    known = [Decimal(value) for value in values if value is not None]
    finest = Decimal("0.01") if measure.share else Decimal(1)
    if not known:
        return NO_SCALE
    low, high = min(known), max(known)
    for power in range(16):
        for nice in _NICE:
            step = finest * nice * 10**power
            start = math.floor(low / step) * step
            count = max(1, math.ceil((high - start) / step))
            if count <= MOST_CLASSES:
                return Scale(start, step, count)
    raise ValueError(f"no classes for figures up to {high}")
