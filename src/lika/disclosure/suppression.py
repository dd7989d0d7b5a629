"""Hiding small counts so that nothing hidden can be worked out from what is shown.

A table of counts by place: one place, the places directly below it, and those below them. A *line* is what is counted
of one place: its total and the parts that add up to it. A line that holds a small count (above zero, below the
smallest shown) is hidden whole. What is shown of its neighbours must not give it back, so:

- where any place below another is hidden, at least two are, and what they hold together is no small count either;
- where that cannot be had, the place above is hidden as well;
- below a hidden place nothing is shown.

A part of which the hidden places together hold nothing is nothing in each of them: it is shown as zero, for anybody
can see it. Every other hidden count could be, by what is shown, at least as many numbers as the smallest count shown.
See docs/adr/disclosure.md.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

Counts = tuple[int, ...]  # the total, then its parts
Shown = tuple[int | None, ...]  # None: hidden


@dataclass(frozen=True)
class Place:
    """A place by its code, what is counted there, and the places directly below."""

    code: int
    counts: Counts
    below: tuple["Place", ...] = ()


@dataclass(frozen=True)
class _Hidden:
    """The codes of the places whose line is hidden, and of each group of them the parts that are zero anyway."""

    smallest: int
    codes: set[int] = field(default_factory=set)
    zeros: dict[int, frozenset[int]] = field(default_factory=dict)

    def is_small(self, counts: Sequence[int]) -> bool:
        return any(0 < count < self.smallest for count in counts)


def shown(top: Place, *, smallest: int) -> Mapping[int, Shown]:
    """The counts of every place as they may be shown, by code. Counts of a hidden line are None."""
    hidden = _Hidden(smallest)
    _choose(top, hidden)
    if hidden.is_small(top.counts):
        hidden.codes.add(top.code)
    _spread(top, hidden)
    return {
        place.code: tuple(
            None if place.code in hidden.codes and column not in hidden.zeros.get(place.code, ()) else count
            for column, count in enumerate(place.counts)
        )
        for place in _all(top)
    }


def _choose(place: Place, hidden: _Hidden) -> None:
    """Lowest places first: which lines below a place are hidden, and whether its own must be too."""
    for child in place.below:
        _choose(child, hidden)
        if hidden.is_small(child.counts):
            hidden.codes.add(child.code)
    group = [child for child in place.below if child.code in hidden.codes]
    if not group:
        return
    others = [child for child in place.below if child.code not in hidden.codes]
    others.sort(key=lambda one: (one.counts, one.code))
    while others and not _is_safe(group, hidden):
        group.append(others.pop(0))
    hidden.codes.update(one.code for one in group)
    if not _is_safe(group, hidden):
        hidden.codes.add(place.code)


def _is_safe(group: Sequence[Place], hidden: _Hidden) -> bool:
    """Whether what is left when the shown lines are taken from the place above tells of none of the group."""
    return len(group) > 1 and not hidden.is_small(_summed(group))


def _spread(place: Place, hidden: _Hidden) -> None:
    """From the top down: below a hidden place all is hidden; which parts are seen to be zero all the same."""
    own = place.code in hidden.codes
    group = [child for child in place.below if own or child.code in hidden.codes]
    if group:
        seen = hidden.zeros.get(place.code, frozenset()) if own else range(len(place.counts))
        summed = _summed(group)
        zeros = frozenset(column for column in seen if summed[column] == 0)
        hidden.codes.update(child.code for child in group)
        hidden.zeros.update((child.code, zeros) for child in group)
    for child in place.below:
        _spread(child, hidden)


def _summed(group: Sequence[Place]) -> Counts:
    return tuple(sum(column) for column in zip(*(one.counts for one in group), strict=True))


def _all(place: Place) -> list[Place]:
    return [place, *(found for child in place.below for found in _all(child))]
