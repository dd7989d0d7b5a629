from django.db import migrations

# Periods of one owner never overlap. Why triggers and no exclusion constraint: docs/adr/no-overlap.md.
# The owners are locked first, in the order of their ids: two who write periods of one owner at the same time would
# each look without the other's row. An owner that this transaction itself wrote is locked already, and a million
# fresh ones are not locked once more. Named so that they fire after the counts, which lock the households.
FUNCTION = """
CREATE FUNCTION {table}_no_overlap() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = {schema}, pg_temp AS $$
BEGIN
    PERFORM 1 FROM {owners} o
    WHERE o.id IN (SELECT t.{owner} FROM touched t) AND o.xmin <> pg_current_xact_id()::xid
    ORDER BY o.id FOR NO KEY UPDATE;
    IF EXISTS (
        SELECT FROM touched t JOIN {table} other ON other.{owner} = t.{owner} AND other.id <> t.id
        WHERE daterange(t.{first}, t.{last}) && daterange(other.{first}, other.{last})
    ) THEN
        RAISE exclusion_violation USING
            MESSAGE = 'two periods of one owner overlap: "{name}"', CONSTRAINT = '{name}', TABLE = '{table}';
    END IF;
    RETURN NULL;
END $$;

CREATE TRIGGER {name}_added AFTER INSERT ON {table}
    REFERENCING NEW TABLE AS touched FOR EACH STATEMENT EXECUTE FUNCTION {table}_no_overlap();
CREATE TRIGGER {name}_changed AFTER UPDATE ON {table}
    REFERENCING NEW TABLE AS touched FOR EACH STATEMENT EXECUTE FUNCTION {table}_no_overlap();
"""
GONE = """
DROP TRIGGER {name}_changed ON {table};
DROP TRIGGER {name}_added ON {table};
DROP FUNCTION {table}_no_overlap();
"""
RULES = (
    {
        "name": "membership_no_overlap", "table": "register_membership", "owners": "register_person",
        "owner": "person_id", "first": "joined_on", "last": "left_on",
    },
    {
        "name": "placement_no_overlap", "table": "register_placement", "owners": "register_household",
        "owner": "household_id", "first": "started_on", "last": "ended_on",
    },
)  # fmt: skip

# A bulk load writes memberships before the households that it brings, so that these are counted once.
DEFERRABLE = "ALTER TABLE register_membership ALTER CONSTRAINT membership_stands_with_household DEFERRABLE"
FIXED = "ALTER TABLE register_membership ALTER CONSTRAINT membership_stands_with_household NOT DEFERRABLE"


def make(_apps, schema_editor):
    with schema_editor.connection.cursor() as cursor:
        cursor.execute("SELECT quote_ident(current_schema())")
        (schema,) = cursor.fetchone()
        for rule in RULES:
            cursor.execute(FUNCTION.format(schema=schema, **rule))


def unmake(_apps, schema_editor):
    for rule in RULES:
        schema_editor.execute(GONE.format(**rule))


class Migration(migrations.Migration):
    dependencies = [("register", "0007_phone_index")]

    operations = [
        migrations.RemoveConstraint("membership", "membership_no_overlap"),
        migrations.RemoveConstraint("placement", "placement_no_overlap"),
        migrations.RunPython(make, unmake),
        migrations.RunSQL(DEFERRABLE, FIXED),
    ]
