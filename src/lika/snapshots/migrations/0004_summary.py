from django.db import migrations, models
from django.db.models.expressions import F, Func

# The first criterion that is said to sum up its unit, of the screening that is current in the county.
FILL = """
UPDATE snapshots_currentverdict v SET summary_at = c.position + 1
FROM snapshots_currentscreening s JOIN (
    SELECT screening_id, unit_kind, min(position) AS position FROM snapshots_screenedcriterion
    WHERE summary GROUP BY 1, 2
) c ON c.screening_id = s.screening_id AND c.unit_kind = s.unit_kind
WHERE v.county = s.county AND v.pack_id = s.pack_id AND v.unit_kind = s.unit_kind
"""


class Migration(migrations.Migration):
    dependencies = [
        ("snapshots", "0003_rollup_by_criterion"),
    ]

    operations = [
        migrations.AddField(
            model_name="currentverdict",
            name="summary_at",
            field=models.SmallIntegerField(null=True),
        ),
        migrations.RunSQL(FILL, migrations.RunSQL.noop),
        migrations.AddField(
            model_name="currentverdict",
            name="summary",
            field=models.GeneratedField(
                db_persist=True,
                expression=Func(F("results"), F("summary_at"), arg_joiner=")[", template="(%(expressions)s]"),
                output_field=models.SmallIntegerField(null=True),
            ),
        ),
        migrations.AddIndex(
            model_name="currentverdict",
            index=models.Index(
                condition=models.Q(("unit_kind", "household")),
                fields=["pack_id", "summary", "village"],
                include=("unit_kind", "unit_id", "county"),
                name="currentverdict_summary",
            ),
        ),
    ]
