"""The place that a page of officials is about, within the area whose accounts its reader keeps."""

from collections.abc import Sequence

from lika.accounts.choices import PERMISSIONS, POST_LEVELS, Role
from lika.accounts.queries import UserActor
from lika.console.queries.focus import Focus, focus_in
from lika.core.permissions import Permission
from lika.divisions import queries as divisions
from lika.divisions.models import Division


def kept_divisions(who: UserActor) -> list[Division]:
    """The divisions of the reader's own posts that let keep accounts."""
    codes = [str(post.division_id) for post in who.posts if Permission.ACCOUNTS_MANAGE in PERMISSIONS[Role(post.role)]]
    found = divisions.by_codes(codes)
    return [found[code] for code in dict.fromkeys(codes) if code in found]


def kept_focus(who: UserActor, own: Sequence[Division], code: str | None) -> Focus:
    """The division asked for, or the first of the reader's own. Raises CON-001 outside the area, DIV-001, DIV-010."""
    return focus_in(who.area_for(Permission.ACCOUNTS_MANAGE), code or own[0].code)


def roles_at(level: int) -> list[tuple[str, str]]:
    """The roles whose posts may stand at a level, for a select."""
    return [(str(role), str(role.label)) for role in Role if level in POST_LEVELS[role]]
