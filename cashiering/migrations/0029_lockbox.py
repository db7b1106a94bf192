"""What banks take out of lockboxes: deposits and their cheques."""

from pathlib import Path

import django.db.models.deletion
import hms_ach.ids
from django.conf import settings
from django.db import migrations, models

from hms_ach.sql import run_sql_file

_SQL = Path(__file__).parent / "sql"


class Migration(migrations.Migration):

    dependencies = [
        ('access', '0012_statistic_scopes'),
        ('cashiering', '0028_payment_return'),
        ('files', '0002_append_only'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name='LockboxDeposit',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('public_id', hms_ach.ids.PublicIdField(prefix='lbx')),
                ('lockbox', models.CharField(max_length=7)),
                ('deposited_on', models.DateField()),
                ('currency', models.CharField(max_length=3)),
                ('total_minor', models.BigIntegerField()),
                ('recorded_at', models.DateTimeField()),
                ('bank_confirmed_on', models.DateField(null=True)),
                ('facility', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='access.facility')),
                ('file', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='files.storedfile')),
                ('recorded_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
        ),
        migrations.CreateModel(
            name='LockboxCheque',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('public_id', hms_ach.ids.PublicIdField(prefix='lbc')),
                ('lockbox', models.CharField(max_length=7)),
                ('deposited_on', models.DateField()),
                ('batch', models.CharField(max_length=3)),
                ('item', models.CharField(max_length=3)),
                ('amount_minor', models.BigIntegerField()),
                ('number', models.CharField(blank=True, max_length=10)),
                ('routing', models.CharField(blank=True, max_length=9)),
                ('account_last4', models.CharField(blank=True, max_length=4)),
                ('stubs', models.JSONField(default=list)),
                ('problem', models.CharField(blank=True, max_length=300)),
                ('facility', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='access.facility')),
                ('payment', models.OneToOneField(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='cashiering.payment')),
                ('deposit', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='cheques', to='cashiering.lockboxdeposit')),
            ],
        ),
        migrations.AddIndex(
            model_name='lockboxdeposit',
            index=models.Index(condition=models.Q(('bank_confirmed_on__isnull', True)), fields=['facility'], name='cashiering_lockbox_awaited'),
        ),
        migrations.AddConstraint(
            model_name='lockboxdeposit',
            constraint=models.CheckConstraint(condition=models.Q(('total_minor__gt', 0)), name='cashiering_lockbox_positive'),
        ),
        migrations.AddConstraint(
            model_name='lockboxcheque',
            constraint=models.UniqueConstraint(fields=('facility', 'lockbox', 'deposited_on', 'batch', 'item'), name='cashiering_lockbox_cheque_once'),
        ),
        migrations.AddConstraint(
            model_name='lockboxcheque',
            constraint=models.CheckConstraint(condition=models.Q(('amount_minor__gt', 0)), name='cashiering_lockbox_cheque_positive'),
        ),
        migrations.AddConstraint(
            model_name='lockboxcheque',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('payment__isnull', False), ('problem', '')), models.Q(('payment', None), models.Q(('problem', ''), _negated=True)), _connector='OR'), name='cashiering_lockbox_cheque_paid_or_with_problem'),
        ),
        run_sql_file(_SQL / "0029_lockbox.up.sql"),
    ]
