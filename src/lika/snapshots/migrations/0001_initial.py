import django.contrib.postgres.fields
import django.db.models.deletion
import lika.core.ids
from django.db import migrations, models

# A partition per county is made when its first screening becomes current (`actions.current`).
CURRENT_VERDICT = """
CREATE TABLE snapshots_currentverdict (
    county integer NOT NULL CHECK (county >= 0),
    pack_id varchar(80) NOT NULL,
    unit_kind varchar(10) NOT NULL,
    unit_id uuid NOT NULL,
    village bigint NOT NULL,
    results smallint[] NOT NULL,
    changed_in uuid NOT NULL,
    PRIMARY KEY (county, pack_id, unit_kind, unit_id)
) PARTITION BY LIST (county);
CREATE INDEX currentverdict_village ON snapshots_currentverdict (pack_id, unit_kind, village);
"""


class Migration(migrations.Migration):

    initial = True

    dependencies = [
    ]

    operations = [
        migrations.CreateModel(
            name='Snapshot',
            fields=[
                ('id', models.CharField(help_text='Time point, area and six hexadecimal digits.', max_length=40, primary_key=True, serialize=False)),
                ('at', models.DateField(verbose_name='standard time point')),
                ('data_year', models.PositiveSmallIntegerField(verbose_name='data year')),
                ('period_from', models.DateField()),
                ('period_to', models.DateField()),
                ('division', models.BigIntegerField(help_text='12-digit code of the area, as a number.')),
                ('last', models.BigIntegerField(help_text='The last village code that the area could hold.')),
                ('states', django.contrib.postgres.fields.ArrayField(base_field=models.CharField(max_length=10), help_text='States of the yearly rows admitted.', size=None)),
                ('folder', models.CharField(help_text='Below the folder of snapshots.', max_length=80)),
                ('manifest_sha256', models.CharField(max_length=64)),
                ('households', models.PositiveIntegerField()),
                ('persons', models.PositiveIntegerField()),
                ('taken_by', models.CharField(max_length=150)),
                ('taken_at', models.DateTimeField(auto_now_add=True)),
            ],
            options={
                'verbose_name': 'snapshot',
                'ordering': ['-taken_at', '-id'],
                'indexes': [models.Index(fields=['division', '-at'], name='snapshot_division')],
                'constraints': [models.CheckConstraint(condition=models.Q(('period_to__gte', models.F('period_from'))), name='snapshot_period_in_order')],
            },
        ),
        migrations.CreateModel(
            name='Screening',
            fields=[
                ('id', models.UUIDField(default=lika.core.ids.uuid7, editable=False, primary_key=True, serialize=False)),
                ('pack_id', models.CharField(max_length=80)),
                ('pack_version', models.CharField(max_length=20)),
                ('pack_sha256', models.CharField(max_length=64)),
                ('pack_zh', models.CharField(max_length=200)),
                ('pack_en', models.CharField(max_length=200)),
                ('what_if', models.BooleanField(default=False, verbose_name='trial run')),
                ('digest', models.CharField(max_length=64)),
                ('run_by', models.CharField(max_length=150)),
                ('started_at', models.DateTimeField()),
                ('finished_at', models.DateTimeField()),
                ('snapshot', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='screenings', to='snapshots.snapshot')),
            ],
            options={
                'verbose_name': 'screening',
                'ordering': ['-finished_at', '-id'],
            },
        ),
        migrations.CreateModel(
            name='ScreenedUnit',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('unit_kind', models.CharField(choices=[('person', 'Person'), ('household', 'Household'), ('village', 'Village'), ('township', 'Township'), ('county', 'County'), ('prefecture', 'Prefecture'), ('province', 'Province')], max_length=10)),
                ('total', models.PositiveIntegerField()),
                ('screening', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='units', to='snapshots.screening')),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('screening', 'unit_kind'), name='screenedunit_once')],
            },
        ),
        migrations.CreateModel(
            name='ScreenedCriterion',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('unit_kind', models.CharField(choices=[('person', 'Person'), ('household', 'Household'), ('village', 'Village'), ('township', 'Township'), ('county', 'County'), ('prefecture', 'Prefecture'), ('province', 'Province')], max_length=10)),
                ('position', models.PositiveSmallIntegerField()),
                ('criterion', models.CharField(max_length=80)),
                ('zh', models.TextField()),
                ('en', models.TextField()),
                ('kind', models.CharField(help_text='What it serves, as the pack says: exit, measure …', max_length=12)),
                ('summary', models.BooleanField(default=False, help_text='Sums up the others of its unit.')),
                ('screening', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='criteria', to='snapshots.screening')),
            ],
            options={
                'ordering': ['screening', 'unit_kind', 'position'],
                'constraints': [models.UniqueConstraint(fields=('screening', 'unit_kind', 'position'), name='screenedcriterion_position'), models.UniqueConstraint(fields=('screening', 'criterion'), name='screenedcriterion_once')],
            },
        ),
        migrations.CreateModel(
            name='RollUp',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('unit_kind', models.CharField(choices=[('person', 'Person'), ('household', 'Household'), ('village', 'Village'), ('township', 'Township'), ('county', 'County'), ('prefecture', 'Prefecture'), ('province', 'Province')], max_length=10)),
                ('criterion', models.CharField(max_length=80)),
                ('division', models.BigIntegerField()),
                ('level', models.PositiveSmallIntegerField()),
                ('met', models.PositiveIntegerField()),
                ('not_met', models.PositiveIntegerField()),
                ('unknown', models.PositiveIntegerField()),
                ('screening', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='rollups', to='snapshots.screening')),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('screening', 'unit_kind', 'division', 'level', 'criterion'), name='rollup_once')],
            },
        ),
        migrations.CreateModel(
            name='MeasureCombination',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('county', models.PositiveIntegerField(help_text='Six digits.')),
                ('measures', django.contrib.postgres.fields.ArrayField(base_field=models.CharField(max_length=80), size=None)),
                ('households', models.PositiveIntegerField()),
                ('persons', models.PositiveIntegerField()),
                ('screening', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='combinations', to='snapshots.screening')),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('screening', 'county', 'measures'), name='combination_once')],
            },
        ),
        migrations.CreateModel(
            name='CurrentScreening',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('pack_id', models.CharField(max_length=80)),
                ('unit_kind', models.CharField(choices=[('person', 'Person'), ('household', 'Household'), ('village', 'Village'), ('township', 'Township'), ('county', 'County'), ('prefecture', 'Prefecture'), ('province', 'Province')], max_length=10)),
                ('county', models.PositiveIntegerField(help_text='Six digits.')),
                ('screening', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='current_in', to='snapshots.screening')),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('pack_id', 'unit_kind', 'county'), name='currentscreening_once')],
            },
        ),
        migrations.CreateModel(
            name='VerdictFile',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('unit_kind', models.CharField(choices=[('person', 'Person'), ('household', 'Household'), ('village', 'Village'), ('township', 'Township'), ('county', 'County'), ('prefecture', 'Prefecture'), ('province', 'Province')], max_length=10)),
                ('county', models.PositiveIntegerField(help_text='Six digits.')),
                ('total', models.PositiveIntegerField()),
                ('digest', models.CharField(max_length=64)),
                ('screening', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='files', to='snapshots.screening')),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('screening', 'unit_kind', 'county'), name='verdictfile_once')],
            },
        ),
        # Django cannot make a partitioned table; its own statements would be the same but for the last line.
        migrations.SeparateDatabaseAndState(
            database_operations=[migrations.RunSQL(CURRENT_VERDICT, "DROP TABLE snapshots_currentverdict")],
            state_operations=[
                migrations.CreateModel(
                    name='CurrentVerdict',
                    fields=[
                        ('pk', models.CompositePrimaryKey('county', 'pack_id', 'unit_kind', 'unit_id', blank=True, editable=False, primary_key=True, serialize=False)),
                        ('county', models.PositiveIntegerField(help_text='Six digits.')),
                        ('pack_id', models.CharField(max_length=80)),
                        ('unit_kind', models.CharField(choices=[('person', 'Person'), ('household', 'Household'), ('village', 'Village'), ('township', 'Township'), ('county', 'County'), ('prefecture', 'Prefecture'), ('province', 'Province')], max_length=10)),
                        ('unit_id', models.UUIDField()),
                        ('village', models.BigIntegerField(help_text='Where the unit lies: 12-digit code of the village, or of the division.')),
                        ('results', django.contrib.postgres.fields.ArrayField(base_field=models.SmallIntegerField(null=True), size=None)),
                        ('changed_in', models.UUIDField()),
                    ],
                    options={
                        'verbose_name': 'current verdict',
                        'indexes': [models.Index(fields=['pack_id', 'unit_kind', 'village'], name='currentverdict_village')],
                    },
                ),
            ],
        ),
    ]
