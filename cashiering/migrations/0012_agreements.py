"""Agreements with the acquirer that never hold on one day together."""

from pathlib import Path

from django.db import migrations

from hms_ach.sql import run_sql_file

_SQL = Path(__file__).parent / "sql"


class Migration(migrations.Migration):

    dependencies = [("cashiering", "0011_refunds")]

    operations = [run_sql_file(_SQL / "0012_agreements.up.sql")]
