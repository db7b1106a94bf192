"""Rules that Django's schema cannot express."""

from pathlib import Path

from django.db import migrations

from hms_ach.sql import append_only, run_sql_file

HERE = Path(__file__).parent / "sql"


class Migration(migrations.Migration):
    dependencies = [("reconciliation", "0001_initial")]
    operations = [
        append_only("reconciliation_statement"),
        append_only("reconciliation_statementline"),
        append_only("reconciliation_matchrun"),
        append_only("reconciliation_match"),
        append_only("reconciliation_matchposting"),
        append_only("reconciliation_matchundo"),
        append_only("reconciliation_matchadjustment"),
        append_only("reconciliation_note"),
        append_only("reconciliation_dayclose"),
        run_sql_file(HERE / "0002_rules.up.sql"),
    ]
