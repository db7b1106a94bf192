"""A bag makes up for notes that a session gave back out of the safe; its parts are its cash."""

from pathlib import Path

from django.db import migrations, models

from hms_ach.sql import run_sql_file


class Migration(migrations.Migration):

    dependencies = [
        ('cashiering', '0026_allowed_tenders'),
    ]

    operations = [
        migrations.RemoveConstraint(
            model_name='depositpart',
            name='cashiering_deposit_part_not_negative',
        ),
        migrations.AlterField(
            model_name='depositpart',
            name='cash_minor',
            field=models.BigIntegerField(help_text='below zero: what it owes the safe'),
        ),
        run_sql_file(Path(__file__).parent / "sql" / "0027_deposit_parts.up.sql"),
    ]
