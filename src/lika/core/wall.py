"""Putting the second wall into the database: rights and row-level security as `lika.config.wall` says them.

Done by the owner of the tables at the end of `lika migrate`, and safe to do again: what was there is replaced. A
partition or a staging table gets no right of its own, so that nobody walks round the table that it belongs to.
"""

from collections.abc import Iterator
from dataclasses import dataclass

from django.db import connection, transaction
from django.db.backends.utils import CursorWrapper

from lika.config.wall import DOORS, PORTAL, TABLES, Door, Rule
from lika.runtime.faults import StartFault, Words

POLICY = "second_wall"
# A table without a line is closed.
_UNSAID = Rule(())


@dataclass(frozen=True)
class State:
    """What stands between a role and the rows. The wall stands when every field is empty or False."""

    missing: bool = False
    powerful: bool = False
    owned: tuple[str, ...] = ()
    open_tables: tuple[str, ...] = ()
    unsaid: tuple[str, ...] = ()

    def __bool__(self) -> bool:
        """Whether the wall stands."""
        return self == State()


@transaction.atomic
def build(role: str | None, portal: str | None = None) -> bool:
    """Make the wall. Without a role (none is named yet for pages) nobody is given a right.

    `portal` is the role of the public pages: it reads what was published, and nothing else.

    False where tables that it guards are missing, as between two migrations: then nothing is changed. Raises
    StartFault RUN-017 where the role does not exist.
    """
    with connection.cursor() as cursor:
        tables = _tables(cursor)
        if {table for table, rule in TABLES.items() if rule.rows} - set(tables):
            return False
        for named, variable in ((role, "LIKA_WEB_DATABASE_URL"), (portal, "LIKA_PORTAL_DATABASE_URL")):
            if named is not None and not _exists(cursor, named):
                raise _no_such_role(named, variable)
        for door in DOORS:
            _make_door(cursor, door)
        for table in tables:
            _make_rule(cursor, table, TABLES.get(table, _UNSAID))
            if role is not None:
                _give(cursor, table, TABLES.get(table, _UNSAID), role)
        if role is not None:
            _give_doors(cursor, role)
        if portal is not None:
            _give_portal(cursor, tables, portal)
    return True


def state(role: str) -> State:
    """What the wall lacks before a role, as the database has it now."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT rolsuper OR rolbypassrls OR rolcreaterole OR pg_has_role(rolname, current_user, 'MEMBER') "
            "OR has_schema_privilege(rolname, current_schema(), 'CREATE') FROM pg_roles WHERE rolname = %s",
            [role],
        )
        found = cursor.fetchone()
        if found is None:
            return State(missing=True)
        return State(
            powerful=found[0],
            owned=tuple(_owned(cursor, role)),
            open_tables=tuple(_open_tables(cursor)),
            unsaid=tuple(sorted(set(_tables(cursor)) - set(TABLES))),
        )


def reach(role: str) -> set[str]:
    """The tables and views, ours and those of the partitions, of which a role may read or change anything."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT relname FROM pg_class WHERE relnamespace = current_schema()::regnamespace "
            "AND relkind IN ('r', 'p', 'v', 'm') AND (has_any_column_privilege(%s, oid, 'SELECT, INSERT, UPDATE') "
            "OR has_table_privilege(%s, oid, 'DELETE, TRUNCATE'))",
            [role, role],
        )
        return {name for (name,) in cursor.fetchall()}


def portal_stands(role: str) -> bool:
    """Whether the role of the public pages exists, owns nothing and reaches what was published: all of it, no more."""
    found = state(role)
    return not (found.missing or found.powerful or found.owned) and reach(role) == set(PORTAL)


def _exists(cursor: CursorWrapper, role: str) -> bool:
    cursor.execute("SELECT 1 FROM pg_roles WHERE rolname = %s", [role])
    return cursor.fetchone() is not None


def _no_such_role(role: str, variable: str) -> StartFault:
    return StartFault(
        "RUN-017",
        Words(
            f"数据库中没有角色 {role}（{variable}）。",
            f"The database has no role {role} ({variable}).",
        ),
        Words(
            f"请数据库管理员执行 CREATE ROLE {role} LOGIN PASSWORD …，再运行 lika migrate。",
            f"Have CREATE ROLE {role} LOGIN PASSWORD … run, then run lika migrate.",
        ),
    )


def _make_rule(cursor: CursorWrapper, table: str, rule: Rule) -> None:
    """The table's policy, for every role but the owner."""
    name = connection.ops.quote_name(table)
    cursor.execute(f"DROP POLICY IF EXISTS {POLICY} ON {name}")
    if not rule.rows:
        cursor.execute(f"ALTER TABLE {name} DISABLE ROW LEVEL SECURITY")
        return
    cursor.execute(f"ALTER TABLE {name} ENABLE ROW LEVEL SECURITY")
    cursor.execute(f"CREATE POLICY {POLICY} ON {name} USING ({rule.rows}) WITH CHECK ({rule.added or rule.rows})")


def _give(cursor: CursorWrapper, table: str, rule: Rule, role: str) -> None:
    """Exactly the rights of the rule, and the numbers that a new row takes."""
    name, to = connection.ops.quote_name(table), connection.ops.quote_name(role)
    cursor.execute(f"REVOKE ALL ON {name} FROM {to}")
    if rule.rights:
        cursor.execute(f"GRANT {', '.join(rule.rights)} ON {name} TO {to}")
    for sequence in _sequences(cursor, table):
        cursor.execute(f"REVOKE ALL ON SEQUENCE {sequence} FROM {to}")
        if "INSERT" in rule.rights:
            cursor.execute(f"GRANT USAGE ON SEQUENCE {sequence} TO {to}")


def _give_portal(cursor: CursorWrapper, tables: list[str], role: str) -> None:
    """Exactly the rights of `PORTAL`; no door."""
    to = connection.ops.quote_name(role)
    cursor.execute(f"GRANT USAGE ON SCHEMA {_schema(cursor)} TO {to}")
    cursor.execute(f"REVOKE CREATE ON SCHEMA {_schema(cursor)} FROM {to}")
    for table in tables:
        cursor.execute(f"REVOKE ALL ON {connection.ops.quote_name(table)} FROM {to}")
    for table, rights in PORTAL.items():
        cursor.execute(f"GRANT {', '.join(rights)} ON {connection.ops.quote_name(table)} TO {to}")


def _make_door(cursor: CursorWrapper, door: Door) -> None:
    """A function with the owner's rights; its search path is fixed, so that no other table takes a table's place."""
    schema = _schema(cursor)
    cursor.execute(
        f"CREATE OR REPLACE FUNCTION {door.signature} RETURNS {door.returns} LANGUAGE sql STABLE SECURITY DEFINER "
        f"ROWS 100 SET search_path = {schema}, pg_temp AS $door$ {door.body} $door$"
    )
    cursor.execute(f"REVOKE ALL ON FUNCTION {_named(door)} FROM PUBLIC")


def _give_doors(cursor: CursorWrapper, role: str) -> None:
    to = connection.ops.quote_name(role)
    cursor.execute(f"GRANT USAGE ON SCHEMA {_schema(cursor)} TO {to}")
    cursor.execute(f"REVOKE CREATE ON SCHEMA {_schema(cursor)} FROM {to}")
    for door in DOORS:
        cursor.execute(f"GRANT EXECUTE ON FUNCTION {_named(door)} TO {to}")


def _named(door: Door) -> str:
    """The function as PostgreSQL tells it from others: by name and kinds of arguments."""
    name, _, rest = door.signature.partition("(")
    kinds = ", ".join(argument.split()[1] for argument in rest.rstrip(")").split(", "))
    return f"{name}({kinds})"


def _schema(cursor: CursorWrapper) -> str:
    cursor.execute("SELECT quote_ident(current_schema())")
    (name,) = cursor.fetchone()
    return str(name)


def _tables(cursor: CursorWrapper) -> list[str]:
    """Our tables, without partitions and what is only passing through."""
    cursor.execute(
        "SELECT relname FROM pg_class WHERE relnamespace = current_schema()::regnamespace "
        "AND relkind IN ('r', 'p') AND NOT relispartition AND relpersistence = 'p' ORDER BY relname"
    )
    return [name for (name,) in cursor.fetchall()]


def _sequences(cursor: CursorWrapper, table: str) -> Iterator[str]:
    cursor.execute(
        "SELECT d.objid::regclass::text FROM pg_depend d JOIN pg_class s ON s.oid = d.objid AND s.relkind = 'S' "
        "WHERE d.refobjid = %s::regclass AND d.deptype IN ('a', 'i')",
        [table],
    )
    for (name,) in cursor.fetchall():
        yield str(name)


def _owned(cursor: CursorWrapper, role: str) -> list[str]:
    cursor.execute(
        "SELECT relname FROM pg_class WHERE relnamespace = current_schema()::regnamespace "
        "AND pg_get_userbyid(relowner) = %s ORDER BY relname",
        [role],
    )
    return [name for (name,) in cursor.fetchall()]


def _open_tables(cursor: CursorWrapper) -> list[str]:
    """Tables that should have a policy and do not stand behind one."""
    walled = [table for table, rule in TABLES.items() if rule.rows]
    cursor.execute(
        "SELECT relname FROM pg_class c WHERE relnamespace = current_schema()::regnamespace AND relname = ANY(%s) "
        "AND NOT (relrowsecurity AND EXISTS (SELECT 1 FROM pg_policy p WHERE p.polrelid = c.oid AND p.polname = %s)) "
        "ORDER BY relname",
        [walled, POLICY],
    )
    return [name for (name,) in cursor.fetchall()]
