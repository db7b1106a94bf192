"""A final day is put right by two people, until its period is closed."""

from pathlib import Path

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

from hms_ach.sql import run_sql_file

HERE = Path(__file__).parent / "sql"


class Migration(migrations.Migration):

    dependencies = [
        ('reconciliation', '0025_written_once'),
        ('ledger', '0026_remittances_by_documents'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name='DayCorrection',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('reason', models.CharField(max_length=500)),
                ('proposed_at', models.DateTimeField()),
                ('verdict', models.CharField(choices=[('APPROVED', 'Approved'), ('REJECTED', 'Sent back'), ('WITHDRAWN', 'Withdrawn')], max_length=10, null=True)),
                ('decided_at', models.DateTimeField(null=True)),
                ('decided_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('match', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='corrections', to='reconciliation.match')),
                ('proposed_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'constraints': [models.CheckConstraint(condition=models.Q(('verdict__isnull', True), ('verdict', 'WITHDRAWN'), models.Q(('decided_by', models.F('proposed_by')), _negated=True), _connector='OR'), name='reconciliation_daycorrection_two_people'), models.CheckConstraint(condition=models.Q(models.Q(('decided_at__isnull', True), ('decided_by__isnull', True), ('verdict__isnull', True)), models.Q(('decided_at__isnull', False), ('decided_by__isnull', False), ('verdict__isnull', False)), _connector='OR'), name='reconciliation_daycorrection_decided_by_someone'), models.UniqueConstraint(condition=models.Q(('verdict__isnull', True), ('verdict', 'APPROVED'), _connector='OR'), fields=('match',), name='reconciliation_daycorrection_once')],
            },
        ),
        run_sql_file(HERE / "0026_day_correction.up.sql"),
    ]
