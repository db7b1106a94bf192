"""Who took a payment does not approve its refund; how a refund begins."""

from pathlib import Path

from django.db import migrations

from hms_ach.sql import run_sql_file

_SQL = Path(__file__).parent / "sql"


class Migration(migrations.Migration):

    dependencies = [("cashiering", "0014_overrides")]

    operations = [run_sql_file(_SQL / "0015_refund_people.up.sql")]
