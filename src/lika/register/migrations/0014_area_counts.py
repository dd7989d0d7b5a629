from django.db import migrations, models

# What each village counts, kept by triggers: docs/adr/kept-counts.md. They run with the owner's rights, for whoever
# changes a household need not see what else its village counts.
FUNCTIONS = """
CREATE TYPE register_home AS (id uuid, village bigint, identified_year smallint);
CREATE TYPE register_event AS (
    id uuid, household_id uuid, effective_on date, from_status varchar, to_status varchar
);

-- What events make of the counts of the villages where their households stand; taken away where the sign is -1. The
-- arrays are read as sets: without the setting the planner takes them for a handful and compares each with each.
CREATE FUNCTION register_turns(homes register_home[], events register_event[], sign integer)
RETURNS register_turncount[]
LANGUAGE plpgsql STABLE SET search_path = {schema}, pg_temp SET enable_nestloop = off AS $$
BEGIN
    RETURN array(
        SELECT ROW(
            NULL, h.village, coalesce(h.identified_year, 0), e.year, e.from_status, e.to_status,
            sign * count(*), sign * count(*) FILTER (WHERE e.place = 1)
        )::register_turncount
        FROM unnest(homes) h JOIN (
            SELECT *, row_number() OVER (PARTITION BY household_id, to_status, year ORDER BY effective_on, id) AS place
            FROM (SELECT *, extract(year FROM effective_on) AS year FROM unnest(events)) dated
        ) e ON e.household_id = h.id
        GROUP BY h.village, h.identified_year, e.year, e.from_status, e.to_status
    );
END $$;

CREATE FUNCTION register_events_of(wanted uuid[]) RETURNS register_event[]
LANGUAGE plpgsql STABLE SET search_path = {schema}, pg_temp AS $$
BEGIN
    RETURN array(
        SELECT ROW(e.id, e.household_id, e.effective_on, e.from_status, e.to_status)::register_event
        FROM register_statusevent e WHERE e.household_id = ANY(wanted) AND e.axis = 'poverty'
    );
END $$;

-- Rows that another transaction holds are left alone and added to later: nobody waits for the count of a village.
CREATE FUNCTION register_add_statuses(changed register_statuscount[]) RETURNS void
LANGUAGE plpgsql SET search_path = {schema}, pg_temp AS $$
BEGIN
    WITH net AS (
        SELECT village, poverty_status, sum(households) AS households, sum(members) AS members FROM unnest(changed)
        GROUP BY 1, 2 HAVING sum(households) <> 0 OR sum(members) <> 0
    ), free AS (
        SELECT c.id FROM register_statuscount c JOIN net USING (village, poverty_status) FOR UPDATE OF c SKIP LOCKED
    ), gone AS (
        DELETE FROM register_statuscount c USING free WHERE c.id = free.id
        RETURNING c.village, c.poverty_status, c.households, c.members
    )
    INSERT INTO register_statuscount (village, poverty_status, households, members)
    SELECT village, poverty_status, sum(households), sum(members)
    FROM (SELECT * FROM net UNION ALL SELECT * FROM gone) each
    GROUP BY 1, 2 HAVING sum(households) <> 0 OR sum(members) <> 0;
END $$;

CREATE FUNCTION register_add_turns(changed register_turncount[]) RETURNS void
LANGUAGE plpgsql SET search_path = {schema}, pg_temp AS $$
BEGIN
    WITH net AS (
        SELECT village, identified_year, year, from_status, to_status,
               sum(events) AS events, sum(households) AS households
        FROM unnest(changed)
        GROUP BY 1, 2, 3, 4, 5 HAVING sum(events) <> 0 OR sum(households) <> 0
    ), free AS (
        SELECT c.id FROM register_turncount c JOIN net USING (village, identified_year, year, from_status, to_status)
        FOR UPDATE OF c SKIP LOCKED
    ), gone AS (
        DELETE FROM register_turncount c USING free WHERE c.id = free.id
        RETURNING c.village, c.identified_year, c.year, c.from_status, c.to_status, c.events, c.households
    )
    INSERT INTO register_turncount (village, identified_year, year, from_status, to_status, events, households)
    SELECT village, identified_year, year, from_status, to_status, sum(events), sum(households)
    FROM (SELECT * FROM net UNION ALL SELECT * FROM gone) each
    GROUP BY 1, 2, 3, 4, 5 HAVING sum(events) <> 0 OR sum(households) <> 0;
END $$;

CREATE FUNCTION register_count_households() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = {schema}, pg_temp AS $$
DECLARE
    changed register_statuscount[];
    came register_home[];
    went register_home[];
    events register_event[];
BEGIN
    IF TG_OP <> 'DELETE' THEN
        changed := array(
            SELECT ROW(NULL, village, poverty_status, count(*), sum(members))::register_statuscount
            FROM added WHERE closed_on IS NULL GROUP BY village, poverty_status
        );
        came := array(
            SELECT ROW(id, village, identified_year)::register_home FROM added WHERE closed_on IS NULL
        );
    END IF;
    IF TG_OP <> 'INSERT' THEN
        changed := changed || array(
            SELECT ROW(NULL, village, poverty_status, -count(*), -sum(members))::register_statuscount
            FROM gone WHERE closed_on IS NULL GROUP BY village, poverty_status
        );
        went := array(
            SELECT ROW(id, village, identified_year)::register_home FROM gone WHERE closed_on IS NULL
        );
    END IF;
    IF TG_OP = 'UPDATE' THEN  -- who stays where they are turns no count of events
        SELECT array(SELECT h FROM unnest(came) h EXCEPT SELECT h FROM unnest(went) h),
               array(SELECT h FROM unnest(went) h EXCEPT SELECT h FROM unnest(came) h)
        INTO came, went;
    END IF;
    PERFORM register_add_statuses(changed);
    IF cardinality(came) > 0 OR cardinality(went) > 0 THEN
        events := register_events_of(array(SELECT id FROM unnest(came || went)));
        PERFORM register_add_turns(register_turns(came, events, 1) || register_turns(went, events, -1));
    END IF;
    RETURN NULL;
END $$;

-- The households are locked first: whoever moves one meanwhile would take its events along without this one. Those that
-- this transaction itself wrote are locked already (as in migration 0008).
CREATE FUNCTION register_count_events() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = {schema}, pg_temp AS $$
DECLARE
    touched uuid[];
    new_ids uuid[] := ARRAY[]::uuid[];
    homes register_home[];
    now register_event[];
    before register_event[];
BEGIN
    IF TG_OP <> 'DELETE' THEN
        touched := array(SELECT DISTINCT household_id FROM added WHERE axis = 'poverty');
        new_ids := array(SELECT id FROM added WHERE axis = 'poverty');
    END IF;
    IF TG_OP <> 'INSERT' THEN
        touched := touched || array(SELECT DISTINCT household_id FROM gone WHERE axis = 'poverty');
        before := array(
            SELECT ROW(id, household_id, effective_on, from_status, to_status)::register_event
            FROM gone WHERE axis = 'poverty'
        );
    END IF;
    IF cardinality(touched) = 0 THEN
        RETURN NULL;
    END IF;
    PERFORM 1 FROM register_household h
    WHERE h.id = ANY(touched) AND h.xmin <> pg_current_xact_id()::xid ORDER BY h.id FOR NO KEY UPDATE;
    homes := array(
        SELECT ROW(h.id, h.village, h.identified_year)::register_home
        FROM register_household h WHERE h.id = ANY(touched) AND h.closed_on IS NULL
    );
    now := register_events_of(touched);
    before := before || array(SELECT e FROM unnest(now) e WHERE e.id NOT IN (SELECT unnest(new_ids)));
    PERFORM register_add_turns(register_turns(homes, now, 1) || register_turns(homes, before, -1));
    RETURN NULL;
END $$;

-- All of it anew, from the rows: at first, and after rows were written past the triggers.
CREATE FUNCTION register_recount() RETURNS void
LANGUAGE plpgsql SET search_path = {schema}, pg_temp AS $$
BEGIN
    LOCK TABLE register_household, register_statusevent IN SHARE MODE;
    DELETE FROM register_statuscount;
    INSERT INTO register_statuscount (village, poverty_status, households, members)
    SELECT village, poverty_status, count(*), sum(members) FROM register_household
    WHERE closed_on IS NULL GROUP BY 1, 2;
    DELETE FROM register_turncount;
    INSERT INTO register_turncount (village, identified_year, year, from_status, to_status, events, households)
    SELECT h.village, coalesce(h.identified_year, 0), e.year, e.from_status, e.to_status,
           count(*), count(*) FILTER (WHERE e.place = 1)
    FROM register_household h JOIN (
        SELECT *, row_number() OVER (PARTITION BY household_id, to_status, year ORDER BY effective_on, id) AS place
        FROM (SELECT *, extract(year FROM effective_on) AS year FROM register_statusevent WHERE axis = 'poverty') dated
    ) e ON e.household_id = h.id
    WHERE h.closed_on IS NULL GROUP BY h.village, h.identified_year, e.year, e.from_status, e.to_status;
END $$;

REVOKE ALL ON FUNCTION register_turns(register_home[], register_event[], integer) FROM PUBLIC;
REVOKE ALL ON FUNCTION register_events_of(uuid[]) FROM PUBLIC;
REVOKE ALL ON FUNCTION register_add_statuses(register_statuscount[]) FROM PUBLIC;
REVOKE ALL ON FUNCTION register_add_turns(register_turncount[]) FROM PUBLIC;
REVOKE ALL ON FUNCTION register_recount() FROM PUBLIC;

CREATE TRIGGER household_counted_added AFTER INSERT ON register_household
    REFERENCING NEW TABLE AS added FOR EACH STATEMENT EXECUTE FUNCTION register_count_households();
CREATE TRIGGER household_counted_changed AFTER UPDATE ON register_household
    REFERENCING OLD TABLE AS gone NEW TABLE AS added FOR EACH STATEMENT EXECUTE FUNCTION register_count_households();
CREATE TRIGGER household_counted_removed AFTER DELETE ON register_household
    REFERENCING OLD TABLE AS gone FOR EACH STATEMENT EXECUTE FUNCTION register_count_households();
CREATE TRIGGER statusevent_counted_added AFTER INSERT ON register_statusevent
    REFERENCING NEW TABLE AS added FOR EACH STATEMENT EXECUTE FUNCTION register_count_events();
CREATE TRIGGER statusevent_counted_changed AFTER UPDATE ON register_statusevent
    REFERENCING OLD TABLE AS gone NEW TABLE AS added FOR EACH STATEMENT EXECUTE FUNCTION register_count_events();
CREATE TRIGGER statusevent_counted_removed AFTER DELETE ON register_statusevent
    REFERENCING OLD TABLE AS gone FOR EACH STATEMENT EXECUTE FUNCTION register_count_events();

SELECT register_recount();
"""
GONE = """
DROP TRIGGER statusevent_counted_removed ON register_statusevent;
DROP TRIGGER statusevent_counted_changed ON register_statusevent;
DROP TRIGGER statusevent_counted_added ON register_statusevent;
DROP TRIGGER household_counted_removed ON register_household;
DROP TRIGGER household_counted_changed ON register_household;
DROP TRIGGER household_counted_added ON register_household;
DROP FUNCTION register_recount();
DROP FUNCTION register_count_events();
DROP FUNCTION register_count_households();
DROP FUNCTION register_add_turns(register_turncount[]);
DROP FUNCTION register_add_statuses(register_statuscount[]);
DROP FUNCTION register_events_of(uuid[]);
DROP FUNCTION register_turns(register_home[], register_event[], integer);
DROP TYPE register_event;
DROP TYPE register_home;
"""


def make(_apps, schema_editor):
    with schema_editor.connection.cursor() as cursor:
        cursor.execute("SELECT quote_ident(current_schema())")
        cursor.execute(FUNCTIONS.replace("{schema}", cursor.fetchone()[0]))


class Migration(migrations.Migration):
    dependencies = [
        ("register", "0013_income_per_head"),
    ]

    operations = [
        migrations.CreateModel(
            name="StatusCount",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("village", models.BigIntegerField()),
                (
                    "poverty_status",
                    models.CharField(
                        choices=[
                            ("00", "Not registered as poor"),
                            ("10", "Newly identified"),
                            ("20", "Still poor"),
                            ("21", "Planned to exit this year"),
                            ("30", "Exited"),
                            ("40", "Returned to poverty"),
                            ("90", "Removed"),
                        ],
                        max_length=2,
                    ),
                ),
                ("households", models.IntegerField()),
                ("members", models.IntegerField()),
            ],
            options={
                "verbose_name": "households by status",
                "indexes": [models.Index(fields=["village", "poverty_status"], name="statuscount_village")],
            },
        ),
        migrations.CreateModel(
            name="TurnCount",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("village", models.BigIntegerField()),
                ("identified_year", models.PositiveSmallIntegerField()),
                ("year", models.PositiveSmallIntegerField()),
                ("from_status", models.CharField(max_length=2)),
                ("to_status", models.CharField(max_length=2)),
                ("events", models.IntegerField()),
                ("households", models.IntegerField()),
            ],
            options={
                "verbose_name": "changes of status",
                "indexes": [models.Index(fields=["village", "year"], name="turncount_village")],
            },
        ),
        # A door of the second wall that these counts took the place of.
        migrations.RunSQL(
            "DROP FUNCTION IF EXISTS lika_status_turns(bigint[], bigint[])", migrations.RunSQL.noop
        ),
        migrations.RunPython(make, lambda _apps, editor: editor.execute(GONE)),
    ]
