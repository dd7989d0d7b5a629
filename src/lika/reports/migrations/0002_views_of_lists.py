"""Views of lists too: a view says of which page it is, and its name is its owner's own there."""

from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("reports", "0001_initial"), migrations.swappable_dependency(settings.AUTH_USER_MODEL)]

    operations = [
        migrations.AddField(
            model_name="savedview",
            name="page",
            field=models.CharField(
                choices=[
                    ("analysis", "Analysis"),
                    ("households", "Households"),
                    ("screenings", "Screenings"),
                    ("imports", "Imports"),
                    ("officials", "Officials"),
                ],
                default="analysis",
                max_length=12,
            ),
        ),
        migrations.AlterField(
            model_name="savedview",
            name="definition",
            field=models.TextField(help_text="What was chosen, as the canonical query of the page's address."),
        ),
        migrations.RemoveConstraint(model_name="savedview", name="savedview_once"),
        migrations.AddConstraint(
            model_name="savedview",
            constraint=models.UniqueConstraint(fields=["owner", "page", "name"], name="savedview_once"),
        ),
    ]
