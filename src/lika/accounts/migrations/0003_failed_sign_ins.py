import django.utils.timezone
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("accounts", "0002_one_time_passwords")]

    operations = [
        migrations.CreateModel(
            name="FailedSignIn",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("account", models.BinaryField(max_length=32)),
                ("address", models.GenericIPAddressField()),
                ("at", models.DateTimeField(default=django.utils.timezone.now)),
            ],
            options={
                "verbose_name": "failed sign-in",
                "indexes": [
                    models.Index(fields=["account", "-at"], name="failedsignin_account"),
                    models.Index(fields=["address", "-at"], name="failedsignin_address"),
                ],
            },
        ),
    ]
