"""How often a refund went to the bank."""

from pathlib import Path

from django.db import migrations, models

from hms_ach.sql import run_sql_file


class Migration(migrations.Migration):

    dependencies = [
        ('cashiering', '0023_movement_slip'),
    ]

    operations = [
        migrations.AddField(
            model_name='refund',
            name='sending',
            field=models.PositiveSmallIntegerField(default=0, help_text='how often it went: 2 after it came back and was released again'),
        ),
        run_sql_file(Path(__file__).parent / "sql" / "0024_sendings.up.sql"),
    ]
