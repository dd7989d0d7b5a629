import django.db.models.deletion
from django.db import migrations, models

# How many belong to a household on a day; on the last of all days those who have not left.
# Why triggers, and why with the owner's rights: docs/adr/kept-counts.md.
FUNCTIONS = """
CREATE FUNCTION register_members_of(home uuid, day date) RETURNS integer
LANGUAGE plpgsql STABLE SET search_path = {schema}, pg_temp AS $$
BEGIN
    RETURN (
        SELECT count(*) FROM register_membership m
        WHERE m.household_id = home AND (m.joined_on IS NULL OR m.joined_on <= day)
          AND (m.left_on IS NULL OR m.left_on > day)
    );
END $$;

CREATE FUNCTION register_count_household() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = {schema}, pg_temp AS $$
BEGIN
    NEW.members := register_members_of(NEW.id, 'infinity');
    RETURN NEW;
END $$;

CREATE FUNCTION register_count_year() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = {schema}, pg_temp AS $$
BEGIN
    NEW.members := register_members_of(NEW.household_id, NEW.period_to);
    RETURN NEW;
END $$;

-- Locked first: two who change members of one household at once would each count without the other.
CREATE FUNCTION register_count_touched() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = {schema}, pg_temp AS $$
BEGIN
    PERFORM 1 FROM register_household h WHERE h.id IN (SELECT household_id FROM touched)
    ORDER BY h.id FOR NO KEY UPDATE;
    UPDATE register_household h SET members = 0
    WHERE h.id IN (SELECT household_id FROM touched) AND h.members <> register_members_of(h.id, 'infinity');
    UPDATE register_householdyear y SET members = 0
    WHERE y.household_id IN (SELECT household_id FROM touched)
      AND y.members <> register_members_of(y.household_id, y.period_to);
    RETURN NULL;
END $$;

REVOKE ALL ON FUNCTION register_members_of(uuid, date) FROM PUBLIC;

CREATE TRIGGER household_members BEFORE INSERT OR UPDATE OF members ON register_household
    FOR EACH ROW EXECUTE FUNCTION register_count_household();
CREATE TRIGGER householdyear_members BEFORE INSERT OR UPDATE OF members, household_id, period_to
    ON register_householdyear FOR EACH ROW EXECUTE FUNCTION register_count_year();
CREATE TRIGGER membership_added AFTER INSERT ON register_membership
    REFERENCING NEW TABLE AS touched FOR EACH STATEMENT EXECUTE FUNCTION register_count_touched();
CREATE TRIGGER membership_changed_from AFTER UPDATE ON register_membership
    REFERENCING OLD TABLE AS touched FOR EACH STATEMENT EXECUTE FUNCTION register_count_touched();
CREATE TRIGGER membership_changed_to AFTER UPDATE ON register_membership
    REFERENCING NEW TABLE AS touched FOR EACH STATEMENT EXECUTE FUNCTION register_count_touched();
CREATE TRIGGER membership_removed AFTER DELETE ON register_membership
    REFERENCING OLD TABLE AS touched FOR EACH STATEMENT EXECUTE FUNCTION register_count_touched();
"""
GONE = """
DROP TRIGGER membership_removed ON register_membership;
DROP TRIGGER membership_changed_to ON register_membership;
DROP TRIGGER membership_changed_from ON register_membership;
DROP TRIGGER membership_added ON register_membership;
DROP TRIGGER householdyear_members ON register_householdyear;
DROP TRIGGER household_members ON register_household;
DROP FUNCTION register_count_touched();
DROP FUNCTION register_count_year();
DROP FUNCTION register_count_household();
DROP FUNCTION register_members_of(uuid, date);
"""
FILL = """
UPDATE register_household SET members = 0;
UPDATE register_householdyear SET members = 0;
"""


def make(_apps, schema_editor):
    with schema_editor.connection.cursor() as cursor:
        cursor.execute("SELECT quote_ident(current_schema())")
        cursor.execute(FUNCTIONS.replace("{schema}", cursor.fetchone()[0]))


class Migration(migrations.Migration):
    dependencies = [
        ("register", "0005_changes"),
    ]

    operations = [
        migrations.AddField(
            model_name="household",
            name="members",
            field=models.PositiveIntegerField(default=0, editable=False, help_text="Members of now."),
        ),
        migrations.AddField(
            model_name="householdyear",
            name="members",
            field=models.PositiveIntegerField(default=0, editable=False, help_text="Members at the time point."),
        ),
        migrations.RunPython(make, lambda _apps, editor: editor.execute(GONE)),
        migrations.RunSQL(FILL, migrations.RunSQL.noop),
        migrations.RemoveIndex(model_name="household", name="household_village_poverty"),
        migrations.AddIndex(
            model_name="household",
            index=models.Index(
                fields=["village", "poverty_status"],
                include=["id", "members", "closed_on"],
                name="household_village_poverty",
            ),
        ),
        migrations.AlterField(
            model_name="householdyear",
            name="household",
            field=models.ForeignKey(
                db_index=False,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="years",
                to="register.household",
            ),
        ),
        migrations.AddIndex(
            model_name="householdyear",
            index=models.Index(
                fields=["data_year", "household"],
                include=["village", "net_income", "members", "main_cause"],
                name="householdyear_listed",
            ),
        ),
    ]
