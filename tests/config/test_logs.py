"""Nothing of a row reaches the log."""

import io
import logging
import sys

import pytest
from django.conf import settings
from django.db import IntegrityError, connection
from django.utils.log import configure_logging

from lika.config.logs import DiscreetFormatter

NAME = "演示人甲"


@pytest.mark.django_db
def test_a_refused_row_is_logged_without_its_values() -> None:
    stream = io.StringIO()
    handler = logging.StreamHandler(stream)
    handler.setFormatter(DiscreetFormatter("{levelname}: {message}", style="{"))
    with connection.cursor() as cursor:
        cursor.execute("CREATE TEMP TABLE person (name text PRIMARY KEY)")
        cursor.execute("INSERT INTO person VALUES (%s)", [NAME])
        with pytest.raises(IntegrityError) as caught:
            cursor.execute("INSERT INTO person VALUES (%s)", [NAME])
    record = logging.LogRecord(
        "lika", logging.ERROR, __file__, 1, "failed", None, (caught.type, caught.value, caught.tb)
    )
    handler.emit(record)
    written = stream.getvalue()
    assert written.startswith("ERROR: failed\n")
    assert "duplicate key value violates unique constraint" in written
    assert NAME in str(caught.value)
    assert NAME not in written


def test_every_handler_of_the_log_is_discreet() -> None:
    configure_logging(settings.LOGGING_CONFIG, settings.LOGGING)
    handlers = [*logging.getLogger().handlers, *logging.getLogger("django").handlers]
    ours = [handler for handler in handlers if getattr(handler, "stream", None) is sys.stderr]
    assert ours
    assert {type(handler.formatter) for handler in ours} == {DiscreetFormatter}
