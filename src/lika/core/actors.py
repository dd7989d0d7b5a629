"""Who acts. Every action takes `by=`, an `Actor`, and asks it for permission itself.

The actor of a signed-in official is made by `accounts.queries.actor_of(user)`; commands and workers
act as a named `SystemActor` that holds exactly the permissions it was given.
"""

from abc import ABC, abstractmethod
from collections.abc import Iterable
from typing import Any, Protocol
from uuid import UUID

from django.utils.translation import gettext_lazy as _

from lika.core.areas import NOWHERE, Area
from lika.core.errors import PermissionRefused


class Actor(Protocol):
    """What an action may ask of whoever calls it."""

    @property
    def name(self) -> str:
        """The name written into the audit (a user name or the name of a system actor)."""

    @property
    def official_id(self) -> UUID | None:
        """The official behind the account, if any."""

    @property
    def area(self) -> Area:
        """The area that the actor may see: that of its posts, and villages granted for a time."""

    def area_for(self, permission: str) -> Area:
        """Where the actor holds a permission by a post: a grant lets see and never act."""

    def sees(self, permission: str) -> Area:
        """Where the actor sees what a permission shows: by a post that holds it, and in villages granted."""

    def has(self, permission: str) -> bool:
        """Whether the actor holds the permission anywhere: enough for a menu, never for a row."""

    def require(self, permission: str, *, village: int | None = None, division: str | None = None) -> None:
        """Raise `PermissionRefused` unless the actor holds the permission (ACC-001), and there (ACC-002).

        `village` names one village, `division` a whole division of any level.
        """


class BaseActor(ABC):
    """The checks shared by all actors."""

    name: str
    official_id: UUID | None
    area: Area
    permissions: frozenset[str]

    @abstractmethod
    def area_for(self, permission: str) -> Area:
        """Where the actor holds a permission."""

    def sees(self, permission: str) -> Area:
        return self.area_for(permission)

    def has(self, permission: str) -> bool:
        return permission in self.permissions

    def require(self, permission: str, *, village: int | None = None, division: str | None = None) -> None:
        if permission not in self.permissions:
            raise PermissionRefused(
                "ACC-001",
                _("You do not have the permission for this."),
                remedy=_("Ask your administrator which post holds it."),
                permission=str(permission),
            )
        area = self.area_for(permission)
        if (village is not None and village not in area) or (division is not None and not area.covers(division)):
            raise outside_area(permission=str(permission))


def outside_area(**where: Any) -> PermissionRefused:
    """ACC-002: what is asked for lies, at least in part, where the actor has no say."""
    return PermissionRefused(
        "ACC-002",
        _("This lies outside your area."),
        remedy=_("Ask the office responsible for that area."),
        **where,
    )


class SystemActor(BaseActor):
    """A named process: an import from the command line, the sealer, the demonstration."""

    official_id = None

    def __init__(self, name: str, permissions: Iterable[str], area: Area = NOWHERE) -> None:
        self.name = f"system:{name}"
        self.permissions = frozenset(permissions)
        self.area = area

    def area_for(self, permission: str) -> Area:
        return self.area if permission in self.permissions else NOWHERE


class Executor(BaseActor):
    """Whoever carries out a decision that its procedure gave them to make: acts under their own name, and holds for
    that act what their post alone does not give, where the decision holds and nowhere else."""

    def __init__(self, by: Actor, permissions: Iterable[str], area: Area) -> None:
        self.name = by.name
        self.official_id = by.official_id
        self.permissions = frozenset(permissions)
        self.area = area

    def area_for(self, permission: str) -> Area:
        return self.area if permission in self.permissions else NOWHERE
