"""Transfers and card sales that the bank or the processor took back."""

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
        ('cashiering', '0027_deposit_parts'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name='PaymentReturn',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('public_id', hms_ach.ids.PublicIdField(prefix='prt')),
                ('currency', models.CharField(max_length=3)),
                ('amount_minor', models.BigIntegerField()),
                ('reason', models.CharField(choices=[('RECALLED', "The payer's bank took it back"), ('NO_CONSENT', 'The payer says that they did not authorise it'), ('NO_FUNDS', 'Not enough money'), ('BANK_ERROR', 'The bank had paid it by mistake'), ('OTHER', 'Other, as noted'), ('FRAUD', 'The cardholder says that they did not pay'), ('DISPUTED', 'The cardholder disputes what was paid for'), ('DUPLICATE', 'Charged twice'), ('PROCESSING', 'The processor found an error')], max_length=10)),
                ('note', models.CharField(blank=True, max_length=200)),
                ('bank_reference', models.CharField(blank=True, max_length=60)),
                ('returned_on', models.DateField()),
                ('state', models.CharField(choices=[('REPORTED', 'To confirm'), ('CONFIRMED', 'Returned'), ('REJECTED', 'Not so')], default='REPORTED', max_length=10)),
                ('reported_at', models.DateTimeField()),
                ('decided_at', models.DateTimeField(null=True)),
                ('business_on', models.DateField(null=True)),
                ('bank_confirmed_on', models.DateField(null=True)),
                ('decided_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('facility', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='access.facility')),
                ('payment', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='payment_returns', to='cashiering.payment')),
                ('reported_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('tender', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='takebacks', to='cashiering.tender')),
            ],
            options={
                'constraints': [models.UniqueConstraint(condition=models.Q(('state', 'REJECTED'), _negated=True), fields=('tender',), name='cashiering_payment_return_once'), models.CheckConstraint(condition=models.Q(models.Q(('decided_by__isnull', True), ('state', 'REPORTED')), models.Q(('decided_at__isnull', False), ('decided_by__isnull', False), ('state__in', ['CONFIRMED', 'REJECTED']), models.Q(('decided_by', models.F('reported_by')), _negated=True)), _connector='OR'), name='cashiering_payment_return_decided_by_another'), models.CheckConstraint(condition=models.Q(models.Q(('state', 'CONFIRMED'), _negated=True), ('business_on__isnull', False), _connector='OR'), name='cashiering_payment_return_dated'), models.CheckConstraint(condition=models.Q(('amount_minor__gt', 0)), name='cashiering_payment_return_positive'), models.CheckConstraint(condition=models.Q(models.Q(('reason', 'OTHER'), _negated=True), models.Q(('note', ''), _negated=True), _connector='OR'), name='cashiering_payment_return_other_is_noted')],
            },
        ),
        run_sql_file(_SQL / "0028_payment_return.up.sql"),
    ]
