"""Who acts when a command is typed: whoever can start commands on the server may take and screen everything."""

from lika.core.actors import SystemActor
from lika.core.areas import EVERYWHERE
from lika.core.permissions import Permission


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
