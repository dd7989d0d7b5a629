"""Under the collation C the primary key's own index serves prefixes too; Django's second one costs a fifth of a load."""

from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("divisions", "0001_initial")]

    operations = [
        migrations.RunSQL("DROP INDEX IF EXISTS divisions_division_code_bd8bae2f_like", migrations.RunSQL.noop),
    ]
