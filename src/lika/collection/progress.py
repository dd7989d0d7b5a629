"""How far an import is, told beside its transaction: what that one writes, nobody else sees before its end."""

import time

from django.db import connection
from django.db.backends.base.base import BaseDatabaseWrapper

from lika.collection.choices import Stage
from lika.collection.models import ImportBatch

# Progress goes into the database at most so often, and at each new stage.
_SECONDS = 0.5

# A row that is locked is left alone: the import's own transaction may hold it, and would then wait for itself.
_TELL = f"""
    UPDATE {ImportBatch._meta.db_table} SET stage = %s, done = %s, total = %s
    WHERE id = (SELECT id FROM {ImportBatch._meta.db_table} WHERE id = %s FOR UPDATE SKIP LOCKED)
"""  # noqa: S608 - our own names


class ProgressLine:
    """The progress of one batch, on a connection of its own that commits each word."""

    def __init__(self, batch: ImportBatch) -> None:
        self._batch = batch
        self._own: BaseDatabaseWrapper | None = None
        self._told = 0.0

    def tell(self, stage: Stage, done: int, total: int) -> None:
        """Say how far the stage is, unless something was said of it just before and it is not at its end."""
        now = time.monotonic()
        if stage == self._batch.stage and done < total and now - self._told < _SECONDS:
            return
        self._told = now
        self._batch.stage, self._batch.done, self._batch.total = stage, done, total
        if self._own is None:
            self._own = connection.copy()
        with self._own.cursor() as cursor:
            cursor.execute(_TELL, [stage.value, done, total, self._batch.pk])

    def close(self) -> None:
        """End the connection."""
        if self._own is not None:
            self._own.close()
            self._own = None
