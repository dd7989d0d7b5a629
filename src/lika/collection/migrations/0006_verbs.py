from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('collection', '0005_receipts'),
    ]

    operations = [
        migrations.AlterField(
            model_name='step',
            name='verb',
            field=models.CharField(choices=[('submit', 'Handed in'), ('return', 'Returned'), ('pass', 'Passed'), ('send_back', 'Sent back to the township'), ('lock', 'Locked'), ('stand_in', "Passed by the county in the township's place"), ('extend', 'Later day given'), ('workbook', 'Workbook taken in')], max_length=10),
        ),
    ]
