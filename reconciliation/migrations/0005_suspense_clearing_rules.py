"""A clearing of suspense is decided once."""

from pathlib import Path

from django.db import migrations

from hms_ach.sql import run_sql_file

HERE = Path(__file__).parent / "sql"


class Migration(migrations.Migration):
    dependencies = [("reconciliation", "0004_suspense_clearing")]
    operations = [run_sql_file(HERE / "0005_suspense_clearing_rules.up.sql")]
