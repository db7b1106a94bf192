"""An export profile may be a table of columns."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("ledger", "0031_declined_reopenings")]

    operations = [
        migrations.RemoveConstraint("exportprofile", "ledger_exportprofile_language_known"),
        migrations.AlterField(
            "exportprofile",
            "language",
            models.CharField(
                choices=[("TABLE", "Table of columns"), ("XSLT", "XSLT 1.0"), ("JS", "JavaScript")], max_length=5
            ),
        ),
        migrations.AddConstraint(
            "exportprofile",
            models.CheckConstraint(
                condition=models.Q(language__in=["TABLE", "XSLT", "JS"]),
                name="ledger_exportprofile_language_known",
            ),
        ),
    ]
