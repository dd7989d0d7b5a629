"""Who acts. Every action takes `by=`, an `Actor`, and asks it for permission itself.

The actor of a signed-in official is made by `accounts.queries.actor_of(user)`; commands and workers
act as a named `SystemActor` that holds exactly the permissions it was given.
"""

from collections.abc import Iterable
from typing import Protocol
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
        """The area that the actor may act in; grants come on top, in the queries that honour them."""

    @property
    def reach(self) -> Area:
        """The area whose accounts and divisions the actor may keep, though they may see no household there."""

    def has(self, permission: str) -> bool:
        """Whether the actor holds the permission anywhere."""

    def require(self, permission: str, *, village: int | None = None) -> None:
        """Raise `PermissionRefused` (ACC-001, ACC-002) unless the actor holds it, there when a village is named."""


class BaseActor:
    """The checks shared by all actors."""

    name: str
    official_id: UUID | None
    area: Area
    reach: Area
    permissions: frozenset[str]

    def has(self, permission: str) -> bool:
        return permission in self.permissions

    def require(self, permission: str, *, village: int | None = None) -> None:
        if permission not in self.permissions:
            raise PermissionRefused(
                "ACC-001",
                _("You do not have the permission for this."),
                remedy=_("Ask your administrator which post holds it."),
                permission=permission,
            )
        if village is not None and village not in self.area:
            raise PermissionRefused(
                "ACC-002",
                _("This lies outside your area."),
                remedy=_("Ask the office responsible for that area."),
                permission=permission,
            )


class SystemActor(BaseActor):
    """A named process: an import from the command line, the sealer, the demonstration."""

    official_id = None

    def __init__(self, name: str, permissions: Iterable[str], area: Area = NOWHERE) -> None:
        self.name = f"system:{name}"
        self.permissions = frozenset(permissions)
        self.area = area
        self.reach = area
