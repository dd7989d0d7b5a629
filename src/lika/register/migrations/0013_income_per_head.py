import functools
import operator

import django.db.models.functions.comparison
from django.db import migrations, models

ACCOUNTS = (
    "wage", "operating", "property_dividend", "property_other", "transfer_family_planning", "transfer_dibao",
    "transfer_extreme", "transfer_pension", "transfer_eco", "transfer_other",
)  # fmt: skip


def net_income():
    return functools.reduce(operator.add, map(models.F, ACCOUNTS)) - models.F("expense_operating")


def per_head():
    exact = models.DecimalField(max_digits=30, decimal_places=10)
    cast = django.db.models.functions.comparison.Cast
    heads = django.db.models.functions.comparison.NullIf(
        cast(models.F("members"), exact), models.Value(0, output_field=exact)
    )
    shown = models.DecimalField(max_digits=14, decimal_places=2)
    return models.Func(cast(net_income(), exact) / heads, models.Value(2), function="ROUND", output_field=shown)


class Migration(migrations.Migration):
    dependencies = [
        ("register", "0012_income_ledger"),
    ]

    operations = [
        migrations.RemoveIndex(model_name="householdyear", name="householdyear_listed"),
        migrations.AddField(
            model_name="householdyear",
            name="income_per_head",
            field=models.GeneratedField(
                db_persist=True,
                expression=per_head(),
                help_text="Net income over the members at the time point, rounded half up.",
                output_field=models.DecimalField(decimal_places=2, max_digits=14, null=True),
            ),
        ),
        # What is new since a reader's last visit.
        migrations.AddIndex(
            model_name="household",
            index=models.Index(fields=["recorded_at"], name="household_recorded"),
        ),
        migrations.AddIndex(
            model_name="statusevent",
            index=models.Index(fields=["axis", "recorded_at"], name="status_recorded"),
        ),
        migrations.AddIndex(
            model_name="household",
            index=models.Index(fields=["members", "number"], name="household_members_number"),
        ),
        migrations.AddIndex(
            model_name="householdyear",
            index=models.Index(
                fields=["data_year", "household"],
                include=("village", "income_per_head", "main_cause"),
                name="householdyear_listed",
            ),
        ),
        migrations.AddIndex(
            model_name="householdyear",
            index=models.Index(
                fields=["data_year", "income_per_head"], include=("household", "village"), name="householdyear_income"
            ),
        ),
    ]
