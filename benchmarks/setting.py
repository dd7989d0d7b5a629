"""What the benchmarks of a loaded county share: Django set up on the demonstration's data."""

import os
from collections.abc import Iterator
from contextlib import contextmanager


@contextmanager
def lika() -> Iterator[None]:
    """Django set up, on the configured or the embedded database. Stops where no demonstration was loaded."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "lika.config.settings")
    import django
    from django.conf import settings
    from django.db import connections

    from lika.runtime.postgres import EmbeddedServer

    django.setup()
    server = None if settings.LIKA.database else EmbeddedServer(settings.LIKA.data_dir)
    if server is not None:
        server.start()
    try:
        from lika.snapshots.models import Screening

        if not Screening.objects.exists():
            raise SystemExit("Load the demonstration first: DEMO_SERVE=0 make demo")
        yield
    finally:
        connections.close_all()
        if server is not None:
            server.release()
