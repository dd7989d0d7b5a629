"""Serving the site, as `lika serve` and `lika demo` do it: the web server and, beside it, the sealer."""

import logging
from collections.abc import Callable, Mapping

from django.conf import settings
from django.db import OperationalError, connection

from lika.core import sealing, wall
from lika.core.actors import SystemActor
from lika.core.areas import EVERYWHERE
from lika.core.permissions import Permission
from lika.runtime import supervisor
from lika.runtime.faults import StartFault, Words, no_portal_role, no_web_role

_log = logging.getLogger(__name__)

SEAL_EVERY = 5  # seconds; an entry is sealed within ten at the latest


def serve(*, host: str, port: int, workers: int, say: Callable[[str], None], environ: Mapping[str, str]) -> int:
    """Serve until stopped; see `supervisor.serve`. Never without the second wall: StartFault RUN-016, RUN-018."""
    _require_the_wall()
    connection.close()  # the web server works in processes of its own
    return supervisor.serve(
        host=host,
        port=port,
        data_dir=settings.LIKA.data_dir,
        workers=workers,
        say=say,
        environ=environ,
        meanwhile=_seal,
        every=SEAL_EVERY,
    )


def serve_portal(*, host: str, port: int, workers: int, say: Callable[[str], None]) -> int:
    """Serve the public pages alone until stopped. Never as a role that reaches more: StartFault RUN-019, RUN-020."""
    if settings.PORTAL_DATABASE is None:
        raise no_portal_role()
    role = settings.PORTAL_DATABASE.user
    if not wall.portal_stands(role):
        raise StartFault(
            "RUN-020",
            Words(
                f"公开网页角色 {role} 不存在，或其可读取的不恰为公开内容。",
                f"The role {role} of the public pages is missing, or reaches other than what was published.",
            ),
            Words("请运行 lika migrate。", "Run lika migrate."),
        )
    connection.close()  # the web server works in processes of its own
    return supervisor.serve(
        host=host, port=port, data_dir=settings.LIKA.data_dir, workers=workers, say=say, application=supervisor.PORTAL
    )


def _require_the_wall() -> None:
    if settings.WEB_DATABASE is None:
        raise no_web_role()
    role = settings.WEB_DATABASE.user
    if not wall.state(role):
        raise StartFault(
            "RUN-018",
            Words(
                f"行级安全未就绪：网页角色 {role} 权限过大，或有数据表未设策略。",
                f"The second wall does not stand: the role {role} holds too much, or a table is open.",
            ),
            Words("请运行 lika migrate，再用 lika doctor 查看。", "Run lika migrate, then see lika doctor."),
        )


def _seal() -> None:
    """Seal what was written since the last turn; while the database is away, the next turn tries again."""
    by = SystemActor("sealer", {Permission.AUDIT_SEAL}, EVERYWHERE)
    try:
        sealing.seal(by=by)
    except OperationalError:
        connection.close()
        _log.warning("the database is out of reach; sealing waits")
