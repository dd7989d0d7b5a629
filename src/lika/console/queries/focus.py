"""The division that a page is about: the one asked for, or the user's own."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from django.utils.translation import gettext_lazy as _

from lika.accounts.choices import ROLES_WITHOUT_AREA, Role
from lika.accounts.queries import UserActor
from lika.core.areas import Area
from lika.core.errors import NotFound
from lika.divisions import queries as divisions
from lika.divisions.choices import Level
from lika.divisions.codes import ancestor_codes, full_code
from lika.divisions.models import Division


@dataclass(frozen=True)
class Focus:
    """A division in the user's sight, with the way down to it and the divisions below it.

    `path` holds only divisions that the user may open, the uppermost first, the division itself last; `below` is
    what lies under each of them, by code.
    """

    division: Division
    path: Sequence[Division]
    below: Mapping[str, Sequence[Division]]

    @property
    def area(self) -> Area:
        """The village codes of the division."""
        return Area.of([self.division.code])

    @property
    def level(self) -> Level:
        return Level(self.division.level)

    @property
    def is_village(self) -> bool:
        return self.level >= Level.VILLAGE

    @property
    def county_code(self) -> str | None:
        """The county that the division is or lies in; None above counties."""
        return None if self.level < Level.COUNTY else f"{self.division.code[:6]}000000"


def focus_of(who: UserActor, code: str | None = None) -> Focus | None:
    """The division asked for, or the user's own; None where the user has no area (helpers, administrators).

    Raises NotFound CON-001 for a division outside the user's area, DIV-001 and DIV-010 for what is none.
    """
    wanted = code or next(iter(own_divisions(who)), None)
    return None if wanted is None else focus_in(who.area, wanted)


def focus_in(area: Area, code: str) -> Focus:
    """A division inside an area. Raises CON-001 for one outside it, DIV-001 and DIV-010 for what is none."""
    full = full_code(code)
    if not area.covers(full):
        raise NotFound(
            "CON-001",
            _("This division does not exist or lies outside your area."),
            remedy=_("Choose a division from the list on your home page."),
        )
    steps, children = divisions.with_children([*ancestor_codes(full), full])
    if full not in steps:
        divisions.get(full)  # raises DIV-010
    way = _open_to(area, steps)
    return Focus(steps[full], way, _below(way, children))


def way_to(who: UserActor, code: str) -> list[Division]:
    """The divisions down to one, as far as the user may open them; none where it lies outside the user's area."""
    full = full_code(code)
    return _open_to(who.area, divisions.by_codes([*ancestor_codes(full), full])) if who.area.covers(full) else []


def _open_to(area: Area, steps: Mapping[str, Division]) -> list[Division]:
    return [steps[code] for code in sorted(steps) if area.covers(code) and not steps[code].is_heading]


def own_divisions(who: UserActor) -> list[str]:
    """The codes of the user's own divisions: those of the posts that give sight of one, then granted villages."""
    posted = [str(post.division_id) for post in who.posts if Role(post.role) not in ROLES_WITHOUT_AREA]
    granted = [str(low) for low, high in who.area.ranges if low == high]
    return list(dict.fromkeys([*posted, *granted]))


def _below(way: Sequence[Division], children: Mapping[str, Sequence[Division]]) -> dict[str, Sequence[Division]]:
    """The divisions under each step; those under a heading (市辖区) stand in its place."""
    found = {step.code: children[step.code] for step in way if step.level < Level.VILLAGE}
    headings = [each.code for options in found.values() for each in options if each.is_heading]
    under = divisions.children_of_each(headings) if headings else {}
    return {
        code: [lower for each in options for lower in (under[each.code] if each.is_heading else [each])]
        for code, options in found.items()
    }


@dataclass(frozen=True)
class Step:
    """One choice on the way down: the divisions of a level, and which of them is chosen ("" for all)."""

    label: str
    options: Sequence[Division]
    chosen: str


def last_of(codes: Sequence[str]) -> str | None:
    """The lowest of the divisions chosen in a cascade.

    Each select sends its value; what lies below a choice that was changed no longer fits and is dropped.
    """
    chosen: str | None = None
    for code in codes:
        if not code:
            break
        if chosen is not None and not Area.of([chosen]).covers(full_code(code)):
            break
        chosen = code
    return chosen


def cascade(focus: Focus) -> list[Step]:
    """The selects from the user's own division down to the focus, and one for the level below it."""
    chosen = [step.code for step in focus.path[1:]] + [""]
    return [
        Step(str(Level(options[0].level).label), options, code)
        for upper, code in zip(focus.path, chosen, strict=True)
        if (options := focus.below.get(upper.code, ()))
    ]
