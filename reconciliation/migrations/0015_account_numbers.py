"""Two people agree on the number of a bank account; the accounts of before stay in force."""

from pathlib import Path

import django.db.models.deletion
import hms_ach.ids
import hms_ach.vault.field
from django.conf import settings
from django.db import migrations, models

from hms_ach.sql import run_sql_file

_SQL = Path(__file__).parent / "sql"


class Migration(migrations.Migration):

    dependencies = [
        ('reconciliation', '0014_learnt_rule'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.AddField(
            model_name='bankaccount',
            name='is_in_force',
            field=models.BooleanField(default=True),
        ),
        migrations.AlterField(
            model_name='bankaccount',
            name='is_in_force',
            field=models.BooleanField(default=False),
        ),
        migrations.CreateModel(
            name='AccountNumber',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('public_id', hms_ach.ids.PublicIdField(prefix='ban')),
                ('number', hms_ach.vault.field.EncryptedTextField(bound_to='public_id')),
                ('number_index', models.CharField(max_length=32)),
                ('last4', models.CharField(max_length=4)),
                ('reason', models.CharField(max_length=500)),
                ('proposed_at', models.DateTimeField()),
                ('verdict', models.CharField(choices=[('APPROVED', 'Approved'), ('REJECTED', 'Sent back'), ('WITHDRAWN', 'Withdrawn')], max_length=10, null=True)),
                ('verdict_reason', models.CharField(blank=True, max_length=500)),
                ('decided_at', models.DateTimeField(null=True)),
                ('account', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='numbers', to='reconciliation.bankaccount')),
                ('decided_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('proposed_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'constraints': [models.UniqueConstraint(condition=models.Q(('verdict__isnull', True)), fields=('account',), name='reconciliation_accountnumber_one_waiting'), models.CheckConstraint(condition=models.Q(('verdict__isnull', True), ('verdict', 'WITHDRAWN'), models.Q(('decided_by', models.F('proposed_by')), _negated=True), _connector='OR'), name='reconciliation_accountnumber_two_people'), models.CheckConstraint(condition=models.Q(models.Q(('decided_at__isnull', True), ('decided_by__isnull', True), ('verdict__isnull', True)), models.Q(('decided_at__isnull', False), ('decided_by__isnull', False), ('verdict__isnull', False)), _connector='OR'), name='reconciliation_accountnumber_decided_by_someone')],
            },
        ),
        run_sql_file(_SQL / "0015_account_numbers.up.sql"),
    ]
