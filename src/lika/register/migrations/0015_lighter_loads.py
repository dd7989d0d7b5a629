"""What another index or key answers already: each costs a load of a register as much as one that is needed."""

import django.db.models.deletion
from django.db import migrations, models

# Nobody looks for the beginning of a household's number.
PREFIXES = "DROP INDEX IF EXISTS register_household_number_0ee4b950_like"


class Migration(migrations.Migration):
    dependencies = [
        ("divisions", "0002_no_second_prefix_index"),
        ("register", "0014_area_counts"),
    ]

    operations = [
        migrations.RunSQL(PREFIXES, migrations.RunSQL.noop),
        migrations.RemoveIndex(model_name="statusevent", name="status_household"),
        migrations.RemoveIndex(model_name="statusevent", name="status_division"),
        migrations.AlterField(
            model_name="membership",
            name="household",
            field=models.ForeignKey(
                db_constraint=False,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="memberships",
                to="register.household",
            ),
        ),
        migrations.AlterField(
            model_name="personyear",
            name="person",
            field=models.ForeignKey(
                db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name="years", to="register.person"
            ),
        ),
        migrations.AlterField(
            model_name="placement",
            name="division",
            field=models.ForeignKey(
                db_index=False,
                help_text="The village.",
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="divisions.division",
            ),
        ),
        migrations.AlterField(
            model_name="placement",
            name="natural_village",
            field=models.ForeignKey(
                db_index=False,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="divisions.division",
            ),
        ),
    ]
