"""Who acts when a command is typed, and what such commands share.

Whoever can start commands on the server may take and screen everything.
"""

from argparse import ArgumentTypeError

from django.utils.translation import gettext as _

from lika.accounts.models import User
from lika.accounts.queries import UserActor, actor_of
from lika.core.actors import SystemActor
from lika.core.areas import EVERYWHERE
from lika.core.errors import NotFound
from lika.core.permissions import Permission

#: Units of each kind that a comparison lists, unless more or fewer are asked for.
UNITS_LISTED = 20


def operator() -> SystemActor:
    """The actor of `lika snapshot` and `lika screen`."""
    permissions = {
        Permission.SNAPSHOT_TAKE,
        Permission.SNAPSHOT_TRUST,
        Permission.SCREENING_RUN,
        Permission.SCREENING_MAKE_CURRENT,
        Permission.SCREENING_VIEW,
        Permission.QUALITY_RUN,
        Permission.QUALITY_VIEW,
        Permission.REGISTER_VIEW,
    }
    return SystemActor("command", permissions, EVERYWHERE)


def acting_user(name: str) -> UserActor:
    """The actor of a user named on the command line: their area, and what they see of persons. Raises SCR-053."""
    user = User.objects.filter(username=name, is_active=True).first()
    if user is None:
        raise NotFound(
            "SCR-053", _("No active user has this name."), remedy=_("Check the name, or ask the administrator.")
        )
    return actor_of(user)


def natural_number(text: str) -> int:
    """A number from 0 as typed. Raises ArgumentTypeError."""
    if not (text.isascii() and text.isdigit()):
        raise ArgumentTypeError(_("%(text)s is no number from 0") % {"text": text[:20]})
    return int(text)
