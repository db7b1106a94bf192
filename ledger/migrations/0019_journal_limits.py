"""A limit of journals counts when another person lets it."""

from pathlib import Path

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

from hms_ach.sql import append_only, run_sql_file

SQL = Path(__file__).parent / "sql"


class Migration(migrations.Migration):

    dependencies = [
        ('ledger', '0018_deliveries'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name='JournalLimitApproval',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('approved_at', models.DateTimeField()),
                ('approved_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('limit', models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, related_name='approval', to='ledger.journallimit')),
            ],
        ),
        append_only("ledger_journallimitapproval"),
        run_sql_file(SQL / "0019_journal_limits.up.sql"),
    ]
