"""The division that a page is about: the one asked for, or the reader's own."""

from lika.accounts.choices import PERMISSIONS, ROLES_BY_GRANT, Role
from lika.accounts.queries import UserActor
from lika.core.actors import outside_area
from lika.divisions import queries as divisions
from lika.divisions.models import Division


def place_asked(who: UserActor, permission: str, code: str) -> Division:
    """The division of a code in the reader's sight; without one, that of the first post that gives the permission.

    Raises ACC-001, ACC-002 (outside the sight), DIV-001, DIV-010.
    """
    who.require(permission)
    own = [post.division for post in who.posts if _gives(Role(post.role), permission)]
    found = divisions.get(code) if code else own[0]
    if not who.sees(permission).covers(found.code):
        raise outside_area(division=found.code)
    return found


def way_up(who: UserActor, permission: str, place: Division) -> list[Division]:
    """The divisions above that the reader may open too, the uppermost first."""
    seen = who.sees(permission)
    return [each for each in divisions.ancestors(place.code) if seen.covers(each.code) and not each.is_heading]


def _gives(role: Role, permission: str) -> bool:
    return permission in PERMISSIONS[role] and role not in ROLES_BY_GRANT
