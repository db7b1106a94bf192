"""A revaluation counts the postings that it saw."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("ledger", "0024_suspense_by_documents")]

    operations = [
        migrations.AddField(
            model_name="revaluation", name="n_postings", field=models.BigIntegerField(null=True)
        ),
    ]
