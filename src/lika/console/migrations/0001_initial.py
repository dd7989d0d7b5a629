"""When each reader was last here."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name='Visit',
            fields=[
                ('user', models.OneToOneField(on_delete=django.db.models.deletion.CASCADE, primary_key=True, related_name='+', serialize=False, to=settings.AUTH_USER_MODEL)),
                ('seen_at', models.DateTimeField()),
                ('left_at', models.DateTimeField(help_text='Empty: this is the first visit.', null=True)),
            ],
            options={
                'verbose_name': 'visit',
                'constraints': [models.CheckConstraint(condition=models.Q(('left_at__isnull', True), ('left_at__lte', models.F('seen_at')), _connector='OR'), name='visit_moments_in_order')],
            },
        ),
    ]
