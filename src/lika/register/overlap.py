"""Setting the no-overlap rules aside while a bulk load writes.

Checking every row as it comes costs three times as much as checking all at the end (a GiST index is slow
to fill row by row). The load must run in one transaction: either the rules hold again or nothing is kept.
"""

from collections.abc import Iterator
from contextlib import contextmanager

from django.contrib.postgres.constraints import ExclusionConstraint
from django.db import connection

from lika.register.models import Membership, Placement


@contextmanager
def rules_set_aside() -> Iterator[None]:
    """Drop the no-overlap rules of memberships and placements and put them back afterwards.

    Both tables are locked until the transaction ends. Raises IntegrityError at the end where periods
    overlap: check the rows first, so that the fault can be named.
    """
    if not connection.in_atomic_block:
        raise RuntimeError("without a transaction a failed load would leave the rules off")
    rules = [
        (model, rule)
        for model in (Membership, Placement)
        for rule in model._meta.constraints
        if isinstance(rule, ExclusionConstraint)
    ]
    _check_waiting_keys()
    with connection.schema_editor(atomic=False) as editor:
        for model, rule in rules:
            editor.remove_constraint(model, rule)
    yield
    _check_waiting_keys()
    with connection.schema_editor(atomic=False) as editor:
        for model, rule in rules:
            editor.add_constraint(model, rule)


def _check_waiting_keys() -> None:
    """PostgreSQL refuses to alter a table while foreign keys of new rows wait to be checked."""
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        cursor.execute("SET CONSTRAINTS ALL DEFERRED")
