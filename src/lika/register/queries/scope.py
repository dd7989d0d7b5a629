"""The one door to households: a queryset that holds what an actor may see and nothing else."""

import re
import uuid
from uuid import UUID

from django.db.models import Q, QuerySet
from django.utils.translation import gettext_lazy as _

from lika.accounts.queries import Scope, UserActor, sight_of
from lika.core.actors import Actor
from lika.core.areas import Area
from lika.core.errors import NotFound
from lika.core.permissions import Permission
from lika.register.models import Household, Person

_UUID = re.compile(r"[0-9a-fA-F-]{32,36}")


def scope_of(by: Actor | Scope) -> Scope:
    """What an actor may see: the area and, for officials, the households granted to them."""
    if isinstance(by, Scope):
        return by
    return by.scope if isinstance(by, UserActor) else Scope(by.area)


def seen_in_full(by: Actor) -> Scope:
    """Where an actor reads names and what is told of persons: everything else in sight is masked."""
    return sight_of(by, Permission.REGISTER_PERSONAL)


def households_visible_to(by: Actor | Scope) -> QuerySet[Household]:
    """The households in sight. An actor also needs `register.view` (ACC-001)."""
    if not isinstance(by, Scope):
        by.require(Permission.REGISTER_VIEW)
    return Household.objects.filter(scope_of(by).where())


def households_within(by: Actor, area: Area | None) -> QuerySet[Household]:
    """The households in sight, of an area or of all of it, in no order: to be counted. What is closed counts no more.

    An area that lies wholly in sight is asked for alone: grants need not be looked at beside it.
    """
    visible = households_visible_to(by).filter(closed_on=None).order_by()
    if area is None:
        return visible
    if wholly_in_sight(by, area):
        return Household.objects.filter(area.where(), closed_on=None)
    return visible.filter(area.where())


def wholly_in_sight(by: Actor | Scope, area: Area) -> bool:
    """Whether an actor sees every household of an area: then numbers kept of its villages are theirs to see."""
    return scope_of(by).area.meet(area) == area


def persons_visible_to(by: Actor | Scope) -> QuerySet[Person]:
    """The persons who belong, or belonged, to a household in sight."""
    return Person.objects.filter(memberships__household__in=households_visible_to(by)).distinct()


def household_visible_to(by: Actor | Scope, household: UUID | str) -> Household:
    """A household by its id or its number. Raises REG-001 where it does not exist or is out of sight."""
    visible = households_visible_to(by)
    found = visible.filter(**_named(household)).first()
    if found is None:
        raise no_such_household()
    return found


def no_such_household() -> NotFound:
    """REG-001: there is none, or it lies out of sight; the two are told apart to nobody."""
    return NotFound(
        "REG-001",
        _("There is no such household in your area."),
        remedy=_("Check the household number, or ask the office of the village where it stands."),
    )


def changes_in_sight(by: Actor) -> Q:
    """The condition that a change is in sight: its household is, or a side of it lies in the actor's area."""
    area = scope_of(by).area
    here = scope_of(by).where(village="household__village", household="household_id")
    return area.where("village") | area.where("to_village") | here


def no_such_change() -> NotFound:
    """REG-063: there is none, or it is out of sight."""
    return NotFound("REG-063", _("There is no such change in your area."), remedy=_("Look at the household's history."))


def _named(household: UUID | str) -> dict[str, UUID | str]:
    if isinstance(household, UUID):
        return {"id": household}
    return {"id": uuid.UUID(household)} if _is_uuid(household) else {"number": household}


def _is_uuid(text: str) -> bool:
    return _UUID.fullmatch(text) is not None and len(text.replace("-", "")) == 32
