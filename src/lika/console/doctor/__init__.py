"""What `lika doctor` looks at. Each check answers for itself and says what to do."""

from collections.abc import Iterator

from django.conf import settings
from django.db import connection

from lika.console.doctor.database import examine_database, pending_migrations
from lika.console.doctor.finding import Finding, State
from lika.console.doctor.place import examine_ground, examine_package
from lika.runtime.postgres import EmbeddedServer

__all__ = ["Finding", "State", "examine", "pending_migrations"]


def examine() -> Iterator[Finding]:
    """All findings, in the order in which to mend them. The configuration itself was checked before this."""
    yield from examine_ground()
    server = EmbeddedServer(settings.LIKA.data_dir) if settings.LIKA.database is None else None
    try:
        yield from examine_database(server)
    finally:
        connection.close()
        if server is not None:
            server.release()
    yield from examine_package()
