"""Whose figures, of what area, and of which years."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.db.models import Q, QuerySet
from django.utils import timezone

from lika.accounts.choices import ROLES_WITHOUT_AREA, Role
from lika.accounts.queries import UserActor
from lika.console.figures import figures_of
from lika.console.queries.focus import Focus
from lika.console.queries.verdicts import Current
from lika.core.areas import Area
from lika.core.permissions import Permission
from lika.register import queries as register
from lika.register.models import Household

MOST_YEARS = 5  # of a trend: what a line of eighty points' width still shows


@dataclass(frozen=True)
class Asked:
    """The reader, the division (None: everything granted), the current screening there, and the data years, oldest
    first."""

    who: UserActor
    focus: Focus | None
    screening: Current | None
    years: Sequence[int]

    @property
    def area(self) -> Area | None:
        """The part of the sight that is counted; None for all of it."""
        return self.focus.area if self.focus else None

    @property
    def inside(self) -> QuerySet[Household]:
        """The households in sight that are counted, in no order."""
        return register.households_within(self.who, self.area)

    @property
    def year(self) -> int:
        """The latest data year; this year where there is no data yet."""
        return self.years[-1] if self.years else timezone.localdate().year

    @property
    def seen_in_full(self) -> Q:
        """The households of which the reader may know what is told of persons."""
        named = register.seen_in_full(self.who)
        return Q() if named == register.scope_of(self.who) else named.where()

    @property
    def rows_in_full(self) -> Q:
        """The same as a condition on the rows of their years."""
        named = register.seen_in_full(self.who)
        return Q() if named == register.scope_of(self.who) else named.where(household="household_id")

    @property
    def may_read_persons(self) -> bool:
        """Whether there are any such households in the area."""
        named = register.seen_in_full(self.who)
        if not register.scope_of(self.who):
            return self.who.has(Permission.REGISTER_PERSONAL)  # nothing was granted yet: none of each
        return bool(named) if self.focus is None or not named.area else bool(named.area.meet(self.focus.area))


def asked_of(who: UserActor, focus: Focus | None, screening: Current | None) -> Asked:
    """The years are those of the county around the division, so that a village without data shows that it has none."""
    if focus is None:
        found = sorted(register.yearly_counts(who, None, {}))
    else:
        found = sorted(register.data_years(Area.of([focus.county_code]) if focus.county_code else focus.area))
    return Asked(who, focus, screening, found[-MOST_YEARS:])


def role_at(who: UserActor, focus: Focus | None) -> Role | None:
    """The role whose figures are shown: of the post that sees the division, else of the first that has some."""
    roles = [Role(post.role) for post in who.posts if figures_of(post.role)]
    if focus is not None:
        here = [
            Role(post.role)
            for post in who.posts
            if Role(post.role) not in ROLES_WITHOUT_AREA and Area.of([post.division_id]).covers(focus.division.code)
        ]
        roles = [*(role for role in here if figures_of(role)), *roles]
    return next(iter(roles), None)
