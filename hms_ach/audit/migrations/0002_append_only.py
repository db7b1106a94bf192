from pathlib import Path

from django.db import migrations

from hms_ach.sql import append_only, run_sql_file

SQL = Path(__file__).parent / "sql"


class Migration(migrations.Migration):
    dependencies = [("audit", "0001_initial")]

    operations = [
        run_sql_file(SQL / "0002_append_only.up.sql"),
        append_only("audit_event"),
        append_only("audit_seal"),
        append_only("audit_epoch"),
    ]
