"""Which tenders a register takes; all of them where none is named."""

from pathlib import Path

import django.contrib.postgres.fields
from django.db import migrations, models

from hms_ach.sql import run_sql_file


class Migration(migrations.Migration):

    dependencies = [
        ('cashiering', '0025_opening'),
    ]

    operations = [
        migrations.AddField(
            model_name='historicalregister',
            name='allowed_tenders',
            field=django.contrib.postgres.fields.ArrayField(base_field=models.CharField(max_length=10), blank=True, default=list, help_text='kinds of tender; all when empty', size=None),
        ),
        migrations.AddField(
            model_name='register',
            name='allowed_tenders',
            field=django.contrib.postgres.fields.ArrayField(base_field=models.CharField(max_length=10), blank=True, default=list, help_text='kinds of tender; all when empty', size=None),
        ),
        migrations.AddConstraint(
            model_name='register',
            constraint=models.CheckConstraint(condition=models.Q(('allowed_tenders__contained_by', ['CASH', 'CARD', 'CHEQUE', 'TRANSFER', 'ACCOUNT'])), name='cashiering_register_known_tenders'),
        ),
        run_sql_file(Path(__file__).parent / "sql" / "0026_allowed_tenders.up.sql"),
    ]
