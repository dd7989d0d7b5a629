# Written by hand as makemigrations would: how far the run asked for on a scenario's page is.

from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('snapshots', '0009_built_on'),
    ]

    operations = [
        migrations.AddField(
            model_name='scenario',
            name='state',
            field=models.CharField(blank=True, choices=[('', 'not run yet'), ('waiting', 'waiting to be tried'), ('running', 'being tried'), ('done', 'tried'), ('failed', 'trial failed')], default='', max_length=10),
        ),
        migrations.AddField(
            model_name='scenario',
            name='asked_by',
            field=models.CharField(blank=True, max_length=150),
        ),
        migrations.AddField(
            model_name='scenario',
            name='asked_at',
            field=models.DateTimeField(null=True),
        ),
        migrations.AddField(
            model_name='scenario',
            name='fault',
            field=models.CharField(blank=True, help_text='Code of the error that ended the run.', max_length=10),
        ),
    ]
