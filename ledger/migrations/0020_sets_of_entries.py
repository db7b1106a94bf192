"""Every rule of entries and postings is looked at once for a statement; ending a role takes two people."""

from pathlib import Path

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

from hms_ach.sql import run_sql_file

SQL = Path(__file__).parent / "sql"


class Migration(migrations.Migration):
    dependencies = [("access", "0007_till_scopes"), ("ledger", "0019_journal_limits")]

    operations = [
        migrations.AlterField(
            "entry",
            "posted_by",
            models.ForeignKey(
                db_constraint=False,
                db_index=False,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                to=settings.AUTH_USER_MODEL,
            ),
        ),
        migrations.AlterField(
            "entry",
            "reverses",
            models.OneToOneField(
                db_constraint=False,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="reversed_by",
                to="ledger.entry",
            ),
        ),
        migrations.AlterField(
            "posting",
            "department",
            models.ForeignKey(
                db_constraint=False,
                db_index=False,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                to="access.department",
            ),
        ),
        run_sql_file(SQL / "0020_sets_of_entries.up.sql"),
    ]
