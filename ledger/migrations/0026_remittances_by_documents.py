"""What insurers announced is kept by its documents: nobody posts there by hand."""

from pathlib import Path

from django.db import migrations

from hms_ach.sql import run_sql_file

SQL = Path(__file__).parent / "sql"


class Migration(migrations.Migration):
    dependencies = [("ledger", "0025_revaluation_counts")]

    operations = [run_sql_file(SQL / "0026_remittances_by_documents.up.sql")]
