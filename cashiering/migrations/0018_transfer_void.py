"""A transfer that turned out to be somebody else's is voided, though no session took it."""

from pathlib import Path

from django.db import migrations

from hms_ach.sql import run_sql_file

_SQL = Path(__file__).parent / "sql"


class Migration(migrations.Migration):

    dependencies = [("cashiering", "0017_cash_rounding")]

    operations = [run_sql_file(_SQL / "0018_transfer_void.up.sql")]
