from django.db import migrations, models

# Both columns together: where a household goes, its memberships go (docs/adr/second-wall.md).
TIE = """
ALTER TABLE register_membership ADD CONSTRAINT membership_stands_with_household
    FOREIGN KEY (household_id, village) REFERENCES register_household (id, village) ON UPDATE CASCADE
"""
UNTIE = "ALTER TABLE register_membership DROP CONSTRAINT membership_stands_with_household"
FILL = """
UPDATE register_membership m SET village = h.village FROM register_household h WHERE h.id = m.household_id;
SET CONSTRAINTS ALL IMMEDIATE;
"""


class Migration(migrations.Migration):
    dependencies = [
        ("register", "0003_collected_items"),
    ]

    operations = [
        migrations.AddConstraint(
            model_name="household",
            constraint=models.UniqueConstraint(fields=("id", "village"), name="household_with_village"),
        ),
        migrations.AddField(
            model_name="membership",
            name="village",
            field=models.BigIntegerField(null=True),
        ),
        migrations.RunSQL(FILL, migrations.RunSQL.noop),
        migrations.AlterField(
            model_name="membership",
            name="village",
            field=models.BigIntegerField(),
        ),
        migrations.RunSQL(TIE, UNTIE),
    ]
