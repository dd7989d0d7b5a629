"""Reports pin the program that worked them out; which amounts may be read by everybody is kept with each figure.

Of what was worked out before nobody knows either: it is out of date by its empty program, and what is not a plain count
is shown to those alone who see persons in full.
"""

from django.db import migrations, models

_COUNTS = ("户", "人", "户次", "村", "个")


def _guard_what_is_no_count(apps, _schema_editor):
    apps.get_model("reports", "ReportFigure").objects.exclude(measure_zh__in=_COUNTS).update(told_to=-1)


class Migration(migrations.Migration):

    dependencies = [("reports", "0003_reports_kept"), ("snapshots", "0008_scenario")]

    operations = [
        migrations.RemoveConstraint(model_name="reportrun", name="reportrun_once"),
        migrations.AddField("reportfigure", "told_to", models.SmallIntegerField(null=True)),
        migrations.AddField(
            "reportrun", "program", models.CharField(default="", max_length=64), preserve_default=False
        ),
        migrations.AddConstraint(
            model_name="reportrun",
            constraint=models.UniqueConstraint(
                condition=models.Q(("state", "done")),
                fields=("snapshot", "before", "pack_sha256", "program", "report", "what_if"),
                name="reportrun_once", nulls_distinct=False,
            ),
        ),
        migrations.RunPython(_guard_what_is_no_count, migrations.RunPython.noop),
    ]
