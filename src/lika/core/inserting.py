"""Many new rows of one table in one statement."""

import json
from collections.abc import Sequence
from typing import Any

from django.db import connection
from django.db.models import Field, JSONField, Model

_PLAIN = frozenset(
    (
        *("UUIDField", "CharField", "TextField", "BooleanField", "DateField", "DateTimeField", "JSONField"),
        *("IntegerField", "BigIntegerField", "SmallIntegerField"),
        *("PositiveIntegerField", "PositiveBigIntegerField", "PositiveSmallIntegerField"),
    )
)


def insert_many(rows: Sequence[Model]) -> None:
    """Write new rows of one model: what `bulk_create` does, without asking every field of every row how it is written.

    Each column goes to the database as one array, a value that all rows share once. COPY would be as fast, but a table
    that row-level security holds refuses it. Raises ValueError for a model with a column that is not plain (encrypted,
    computed, numbered by the database).
    """
    if not rows:
        return
    meta = type(rows[0])._meta
    fields = list(meta.concrete_fields)
    if odd := [each.name for each in fields if _kind(each) not in _PLAIN or each.generated]:
        raise ValueError(f"{meta.label}: not plain: {', '.join(odd)}")
    sources, arrays, names = [], [], []
    shared: list[Any] = []
    lists: list[list[Any]] = []
    for field in fields:
        values = [field.pre_save(row, add=True) for row in rows]
        if isinstance(field, JSONField):
            values = [None if each is None else json.dumps(each, cls=field.encoder) for each in values]
        kind = str(field.db_type(connection)).partition("(")[0]  # a cast to varchar(40) would cut without a word
        if not field.primary_key and all(value is values[0] for value in values):
            sources.append(f"%s::{kind}")
            shared.append(values[0])
        else:
            sources.append(f"given.{field.column}")
            arrays.append(f"%s::{kind}[]")
            names.append(str(field.column))
            lists.append(values)
    columns = ", ".join(str(each.column) for each in fields)
    given = f"unnest({', '.join(arrays)}) AS given ({', '.join(names)})"
    statement = f"INSERT INTO {meta.db_table} ({columns}) SELECT {', '.join(sources)} FROM {given}"  # noqa: S608 - names
    with connection.cursor() as cursor:
        cursor.execute(statement, [*shared, *lists])


def _kind(field: "Field[Any, Any]") -> str:
    """The type of a column; that of a foreign key is the type of what it names."""
    target: Field[Any, Any] = getattr(field, "target_field", field)
    return target.get_internal_type()
