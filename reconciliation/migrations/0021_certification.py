"""A checklist for each bank account, which two people fill in."""

from pathlib import Path

import django.db.models.deletion
import hms_ach.ids
from django.conf import settings
from django.db import migrations, models

from hms_ach.sql import run_sql_file

_SQL = Path(__file__).parent / "sql"


class Migration(migrations.Migration):

    dependencies = [
        ('files', '0002_append_only'),
        ('reconciliation', '0020_sweep'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name='CertificationClaim',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('public_id', hms_ach.ids.PublicIdField(prefix='cer')),
                ('item', models.CharField(max_length=20)),
                ('outcome', models.CharField(choices=[('DONE', 'Done'), ('NOT_NEEDED', 'Not needed'), ('REOPENED', 'Open again')], max_length=10)),
                ('done_on', models.DateField()),
                ('note', models.CharField(blank=True, max_length=1000)),
                ('details', models.JSONField(default=dict)),
                ('proof', models.CharField(blank=True, max_length=300)),
                ('claimed_at', models.DateTimeField()),
                ('verdict', models.CharField(choices=[('CONFIRMED', 'Confirmed'), ('SENT_BACK', 'Sent back'), ('WITHDRAWN', 'Withdrawn')], max_length=10, null=True)),
                ('verdict_reason', models.CharField(blank=True, max_length=500)),
                ('decided_at', models.DateTimeField(null=True)),
                ('account', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='claims', to='reconciliation.bankaccount')),
                ('claimed_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('decided_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('delivery', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='reconciliation.bankdelivery')),
                ('file', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='files.storedfile')),
                ('statement', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='reconciliation.statement')),
            ],
            options={
                'constraints': [models.CheckConstraint(condition=models.Q(('item__in', ['addenda', 'contacts', 'cut_offs', 'delivery', 'go_live', 'layout', 'penny_test', 'returns', 'test_cycles', 'test_file'])), name='reconciliation_certificationclaim_item_known'), models.CheckConstraint(condition=models.Q(models.Q(('outcome', 'DONE'), models.Q(models.Q(('note', ''), _negated=True), models.Q(('proof', ''), _negated=True), ('file__isnull', False), models.Q(('details', {}), _negated=True), _connector='OR')), models.Q(('outcome__in', ['NOT_NEEDED', 'REOPENED']), models.Q(('note', ''), _negated=True)), _connector='OR'), name='reconciliation_certificationclaim_has_evidence'), models.CheckConstraint(condition=models.Q(('verdict', None), models.Q(('decided_by', models.F('claimed_by')), ('verdict', 'WITHDRAWN')), models.Q(('verdict__in', ['CONFIRMED', 'SENT_BACK']), models.Q(('decided_by', models.F('claimed_by')), _negated=True)), _connector='OR'), name='reconciliation_certificationclaim_two_people'), models.CheckConstraint(condition=models.Q(models.Q(('decided_at', None), ('decided_by', None), ('verdict', None)), models.Q(('decided_at__isnull', False), ('decided_by__isnull', False), ('verdict__isnull', False)), _connector='OR'), name='reconciliation_certificationclaim_decided_by_someone'), models.CheckConstraint(condition=models.Q(models.Q(('outcome', 'REOPENED'), _negated=True), ('verdict', None), _connector='OR'), name='reconciliation_certificationclaim_reopened_is_so'), models.UniqueConstraint(condition=models.Q(('verdict', None), models.Q(('outcome', 'REOPENED'), _negated=True)), fields=('account', 'item'), name='reconciliation_certificationclaim_one_waiting')],
            },
        ),
        run_sql_file(_SQL / "0021_certification.up.sql"),
    ]
