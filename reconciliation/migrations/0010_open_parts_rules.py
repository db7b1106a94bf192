"""What is open is kept by triggers; facts are append-only."""

from pathlib import Path

from django.db import migrations

from hms_ach.sql import append_only, run_sql_file

HERE = Path(__file__).parent / "sql"


class Migration(migrations.Migration):
    dependencies = [("reconciliation", "0009_open_parts")]
    operations = [
        run_sql_file(HERE / "0010_open_parts_rules.up.sql"),
        append_only("reconciliation_matchfact"),
    ]
