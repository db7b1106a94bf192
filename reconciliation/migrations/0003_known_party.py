"""Who pays what is expected, found in what banks write."""

from django.db import migrations, models

from hms_ach.sql import append_only

KEPT = """
    INSERT INTO reconciliation_knownparty (payer, name, numbered_by)
    SELECT DISTINCT payer, '',
           CASE WHEN terminal <> '' THEN terminal WHEN batch <> '' THEN payer ELSE '' END
      FROM reconciliation_expectation WHERE payer <> '' OR terminal <> ''
     UNION
    SELECT DISTINCT left(CASE WHEN payer_id <> '' THEN payer_id ELSE payer_name END, 80), payer_name, ''
      FROM cashiering_advice WHERE payer_name <> ''
     ORDER BY 1, 2, 3
"""


class Migration(migrations.Migration):
    dependencies = [
        ("reconciliation", "0002_sql"),
        ("cashiering", "0002_sql"),
    ]

    operations = [
        migrations.CreateModel(
            name="KnownParty",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("payer", models.CharField(blank=True, max_length=80)),
                ("name", models.CharField(blank=True, max_length=120)),
                ("numbered_by", models.CharField(blank=True, max_length=80)),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(
                        fields=("payer", "name", "numbered_by"), name="reconciliation_knownparty_once"
                    )
                ],
            },
        ),
        append_only("reconciliation_knownparty"),
        migrations.RunSQL(KEPT, migrations.RunSQL.noop),
    ]
