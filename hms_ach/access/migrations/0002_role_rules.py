"""Conflicting roles are refused and role grants close once, by the database."""

from pathlib import Path

from django.db import migrations

from hms_ach.sql import run_sql_file


class Migration(migrations.Migration):
    dependencies = [("access", "0001_initial")]

    operations = [run_sql_file(Path(__file__).parent / "sql" / "0002_role_rules.up.sql")]
