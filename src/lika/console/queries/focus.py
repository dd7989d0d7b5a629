"""The division that a page is about: the one asked for, or the user's own."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.utils.translation import gettext_lazy as _

from lika.accounts.choices import ROLES_WITHOUT_AREA, Role
from lika.accounts.queries import UserActor
from lika.core.areas import Area
from lika.core.errors import NotFound
from lika.divisions import queries as divisions
from lika.divisions.choices import Level
from lika.divisions.codes import full_code
from lika.divisions.models import Division


@dataclass(frozen=True)
class Focus:
    """A division in the user's sight, with the way down to it and the divisions below it.

    `path` holds only divisions that the user may open, the uppermost first, the division itself last.
    """

    division: Division
    path: Sequence[Division]
    children: Sequence[Division]

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
    wanted = code or own_division(who)
    if wanted is None:
        return None
    if not who.area.covers(full_code(wanted)):
        raise NotFound(
            "CON-001",
            _("This division does not exist or lies outside your area."),
            remedy=_("Choose a division from the list on your home page."),
        )
    division = divisions.get(wanted)
    above = [step for step in divisions.ancestors(division.code) if who.area.covers(step.code)]
    below = [] if division.level >= Level.VILLAGE else list(divisions.children(division.code))
    return Focus(division, [step for step in above if not step.is_heading] + [division], below)


def own_division(who: UserActor) -> str | None:
    """The code of the user's own division: the first post that gives sight of one, else a granted village."""
    for post in who.posts:
        if Role(post.role) not in ROLES_WITHOUT_AREA:
            return str(post.division_id)
    return str(who.area.ranges[0][0]) if who.area else None


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
    steps = []
    chosen = [step.code for step in focus.path[1:]] + [""]
    for upper, code in zip(focus.path, chosen, strict=True):
        below = divisions.children(upper.code) if code else focus.children
        options = [division for division in below if not division.is_heading]
        if options:
            steps.append(Step(str(Level(options[0].level).label), options, code))
    return steps
