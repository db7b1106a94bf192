from pathlib import Path

from django.db import migrations

from hms_ach.sql import run_sql_file

SQL = Path(__file__).parent / "sql"


class Migration(migrations.Migration):
    dependencies = [("idempotency", "0001_initial")]

    operations = [run_sql_file(SQL / "0002_never_changed.up.sql")]
