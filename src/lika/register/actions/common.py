"""What the single-record actions share: the locked household in the actor's area, and its audit rows."""

import datetime as dt
from collections.abc import Mapping
from typing import Any
from uuid import UUID

from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from lika.core import audit
from lika.core.actors import Actor
from lika.core.errors import NotFound, UserError
from lika.core.permissions import Permission
from lika.divisions.choices import Level
from lika.divisions.models import Division
from lika.engine.snapshots.layout import county_of
from lika.register.models import Household
from lika.register.queries.scope import no_such_household, scope_of

LONGEST_REASON = 200


def locked_household(by: Actor, permission: Permission, household: UUID) -> Household:
    """The household, locked for this transaction.

    Raises ACC-001, REG-001 (out of sight), ACC-002 (seen by a grant only).
    """
    by.require(permission)
    found = Household.objects.select_for_update().filter(scope_of(by).where(), id=household).first()
    if found is None:
        raise no_such_household()
    by.require(permission, village=found.village)
    return found


def not_a_member(household: Household) -> NotFound:
    """REG-025: the person does not belong to the household."""
    return NotFound(
        "REG-025",
        _("This person is not a member of the household now."),
        remedy=_("Look at the household's members."),
        household=household.number,
    )


def require_whole(by: Actor, permission: Permission, code: str) -> None:
    """Refuse (ACC-001, ACC-002) an actor who does not hold the permission in the whole division."""
    by.require(permission, division=code)


def text_refused(field: str, longest: int) -> UserError:
    """REG-019: more than the register holds of this, or other characters than it holds."""
    return UserError(
        "REG-019",
        _("The text is too long or holds characters that do not belong there."),
        remedy=_("Enter it as the form shows."),
        field=field,
        longest=longest,
    )


def reason_of(given: str, field: str = "reason", *, needed: bool = True) -> str:
    """Why something is done, trimmed. Raises REG-060 where it is too long, or is needed and not there."""
    text = given.strip()
    if len(text) > LONGEST_REASON or (needed and not text):
        raise UserError(
            "REG-060",
            _("A reason of at most %(longest)d characters is needed.") % {"longest": LONGEST_REASON},
            remedy=_("Say why; the reason is kept with the change."),
            field=field,
        )
    return text


def year_locked(**where: Any) -> UserError:
    """REG-030: the year is closed."""
    return UserError(
        "REG-030",
        _("The data of this year are locked."),
        remedy=_("Ask for a correction; it needs a reason and a second person."),
        **where,
    )


def refuse_future(day: dt.date | None, field: str) -> None:
    """REG-029: what has not happened yet is not recorded."""
    if day is not None and day > timezone.localdate():
        raise UserError("REG-029", _("The date lies in the future."), remedy=_("Correct the date."), field=field)


def village_of(code: str) -> Division:
    """The valid village of a code. Raises REG-016."""
    village = Division.objects.filter(pk=code, level=Level.VILLAGE, valid_to=None).first()
    if village is None:
        raise UserError(
            "REG-016",
            _("There is no village with this code."),
            remedy=_("Choose a village that is valid today."),
            division=code,
        )
    return village


def change_of(
    household: Household, *, old: Mapping[str, Any] | None = None, new: Mapping[str, Any] | None = None
) -> audit.Change:
    """The audit row of a household."""
    return audit.Change("household", household.id, county_of(household.village), household.number, old, new)
