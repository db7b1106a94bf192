"""What an entry of every day costs the database."""

from pathlib import Path

from django.db import migrations, models

from hms_ach.sql import run_sql_file

SQL = Path(__file__).parent / "sql"


class Migration(migrations.Migration):
    dependencies = [("ledger", "0028_documents_kept")]

    operations = [
        run_sql_file(SQL / "0029_lighter_checks.up.sql"),
        migrations.RemoveConstraint("entry", "ledger_entry_two_postings"),
        migrations.RemoveConstraint("entry", "ledger_entry_total_not_negative"),
        migrations.RemoveConstraint("entry", "ledger_entry_has_source"),
        migrations.RemoveConstraint("entry", "ledger_entry_late_is_later"),
        migrations.RemoveConstraint("posting", "ledger_posting_not_zero"),
        migrations.AlterField("entry", "n_postings", models.SmallIntegerField()),
        migrations.AlterField("posting", "line", models.SmallIntegerField()),
    ]
