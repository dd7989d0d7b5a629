"""Nothing of a row reaches the log."""

import io
import logging
import sys
import traceback
from collections.abc import Callable

import pytest
from django.conf import settings
from django.db import DatabaseError, connection
from django.utils.log import configure_logging

from lika.config.logs import DiscreetFormatter

NAME = "演示人甲"


def written(act: Callable[[], object]) -> str:
    """What the log says of the error that an act raises."""
    stream = io.StringIO()
    handler = logging.StreamHandler(stream)
    handler.setFormatter(DiscreetFormatter("{levelname}: {message}", style="{"))
    with pytest.raises((DatabaseError, RuntimeError)) as caught:
        act()
    assert NAME in "".join(traceback.format_exception(caught.value))
    error = (caught.type, caught.value, caught.tb)
    handler.emit(logging.LogRecord("lika", logging.ERROR, __file__, 1, "failed", None, error))
    return stream.getvalue()


def execute(statement: str, *values: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute(statement, list(values))


def insert_twice() -> None:
    execute("CREATE TEMP TABLE person (name text PRIMARY KEY)")
    execute("INSERT INTO person VALUES (%s)", f"第一行\n{NAME}")
    execute("INSERT INTO person VALUES (%s)", f"第一行\n{NAME}")


def compare_with_a_number() -> None:
    execute("SELECT CAST(%s AS text)::integer", NAME)


def wrapped() -> None:
    try:
        compare_with_a_number()
    except DatabaseError as error:
        raise RuntimeError("the row was refused") from error


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("act", "told"),
    [
        (insert_twice, "django.db.utils.IntegrityError: SQLSTATE 23505"),
        (compare_with_a_number, "django.db.utils.DataError: SQLSTATE 22P02"),
        (wrapped, "RuntimeError: the row was refused"),
    ],
)
def test_an_error_of_the_database_is_logged_by_class_state_and_frames(act: Callable[[], object], told: str) -> None:
    text = written(act)
    assert text.startswith("ERROR: failed\n")
    assert text.splitlines()[-1] == told
    assert f"in {act.__name__}" in text
    assert NAME not in text


def test_other_errors_are_logged_whole() -> None:
    with pytest.raises(ZeroDivisionError) as caught:
        raise ZeroDivisionError("by nothing")
    error = (caught.type, caught.value, caught.tb)
    record = logging.LogRecord("lika", logging.ERROR, __file__, 1, "failed", None, error)
    assert DiscreetFormatter().format(record).splitlines()[-1] == "ZeroDivisionError: by nothing"


def test_every_handler_of_the_log_is_discreet() -> None:
    configure_logging(settings.LOGGING_CONFIG, settings.LOGGING)
    handlers = [*logging.getLogger().handlers, *logging.getLogger("django").handlers]
    ours = [handler for handler in handlers if getattr(handler, "stream", None) is sys.stderr]
    assert ours
    assert {type(handler.formatter) for handler in ours} == {DiscreetFormatter}
