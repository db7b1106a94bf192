"""What card processors report that they pay, and chargebacks that were won."""

from pathlib import Path

import django.contrib.postgres.fields
import django.db.models.deletion
import django.db.models.expressions
import hms_ach.ids
from django.conf import settings
from django.db import migrations, models

from hms_ach.sql import run_sql_file, written_once

_SQL = Path(__file__).parent / "sql"


class Migration(migrations.Migration):

    dependencies = [
        ('access', '0014_arrivals'),
        ('cashiering', '0032_receipt_text'),
        ('files', '0002_append_only'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name='ChargebackWin',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('public_id', hms_ach.ids.PublicIdField(prefix='cbw')),
                ('currency', models.CharField(max_length=3)),
                ('amount_minor', models.BigIntegerField()),
                ('note', models.CharField(blank=True, max_length=200)),
                ('bank_reference', models.CharField(blank=True, max_length=60)),
                ('won_on', models.DateField()),
                ('state', models.CharField(choices=[('REPORTED', 'To confirm'), ('CONFIRMED', 'Won'), ('REJECTED', 'Not so')], default='REPORTED', max_length=10)),
                ('reported_at', models.DateTimeField()),
                ('decided_at', models.DateTimeField(null=True)),
                ('business_on', models.DateField(null=True)),
                ('suspense_minor', models.BigIntegerField(default=0)),
                ('bank_confirmed_on', models.DateField(null=True)),
            ],
        ),
        migrations.CreateModel(
            name='Payout',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('public_id', hms_ach.ids.PublicIdField(prefix='pyt')),
                ('merchant_id', models.CharField(max_length=20)),
                ('reference', models.CharField(max_length=60)),
                ('paid_on', models.DateField()),
                ('currency', models.CharField(max_length=3)),
                ('gross_minor', models.BigIntegerField()),
                ('fee_minor', models.BigIntegerField()),
                ('chargebacks_minor', models.BigIntegerField()),
                ('net_minor', models.BigIntegerField()),
                ('state', models.CharField(choices=[('DIFFERS', 'To check'), ('AWAITED', 'Awaited at the bank'), ('PAID', 'Paid'), ('KNOWN', 'Paid before its report'), ('WITHDRAWN', 'Withdrawn')], default='DIFFERS', max_length=10)),
                ('recorded_at', models.DateTimeField()),
                ('accepted_at', models.DateTimeField(null=True)),
                ('accept_reason', models.CharField(blank=True, max_length=200)),
                ('withdrawn_at', models.DateTimeField(null=True)),
                ('withdraw_reason', models.CharField(blank=True, max_length=200)),
                ('bank_confirmed_on', models.DateField(null=True)),
            ],
        ),
        migrations.CreateModel(
            name='PayoutRow',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('line', models.PositiveIntegerField()),
                ('kind', models.CharField(choices=[('BATCH', 'Batch'), ('CHARGEBACK', 'Chargeback'), ('WON', 'Chargeback won'), ('FEE', 'Fee')], max_length=10)),
                ('terminal_id', models.CharField(blank=True, max_length=20)),
                ('batch', models.CharField(blank=True, max_length=20)),
                ('cases', django.contrib.postgres.fields.ArrayField(base_field=models.CharField(max_length=200), default=list, size=None)),
                ('sales', models.PositiveIntegerField(null=True)),
                ('gross_minor', models.BigIntegerField()),
                ('fee_minor', models.BigIntegerField()),
                ('chargebacks_minor', models.BigIntegerField()),
                ('net_minor', models.BigIntegerField()),
                ('taken', django.contrib.postgres.fields.ArrayField(base_field=models.CharField(max_length=40), default=list, size=None)),
                ('fee_over_minor', models.BigIntegerField(default=0)),
                ('problem', models.CharField(blank=True, max_length=300)),
            ],
        ),
        migrations.RemoveConstraint(
            model_name='paymentreturn',
            name='cashiering_payment_return_once',
        ),
        migrations.AddField(
            model_name='paymentreturn',
            name='won_on',
            field=models.DateField(null=True),
        ),
        migrations.AddField(
            model_name='chargebackwin',
            name='chargeback',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='wins', to='cashiering.paymentreturn'),
        ),
        migrations.AddField(
            model_name='chargebackwin',
            name='decided_by',
            field=models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddField(
            model_name='chargebackwin',
            name='facility',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='access.facility'),
        ),
        migrations.AddField(
            model_name='chargebackwin',
            name='payment',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='chargeback_wins', to='cashiering.payment'),
        ),
        migrations.AddField(
            model_name='chargebackwin',
            name='reported_by',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddField(
            model_name='payout',
            name='accepted_by',
            field=models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddField(
            model_name='payout',
            name='facility',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='access.facility'),
        ),
        migrations.AddField(
            model_name='payout',
            name='file',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='files.storedfile'),
        ),
        migrations.AddField(
            model_name='payout',
            name='recorded_by',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddField(
            model_name='payout',
            name='withdrawn_by',
            field=models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddField(
            model_name='chargebackwin',
            name='payout',
            field=models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='wins', to='cashiering.payout'),
        ),
        migrations.AddField(
            model_name='cardbatch',
            name='payout',
            field=models.ForeignKey(help_text="the processor's report that it is paid with", null=True, on_delete=django.db.models.deletion.PROTECT, related_name='batches', to='cashiering.payout'),
        ),
        migrations.AddField(
            model_name='paymentreturn',
            name='payout',
            field=models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='returns', to='cashiering.payout'),
        ),
        migrations.AddConstraint(
            model_name='paymentreturn',
            constraint=models.UniqueConstraint(condition=models.Q(models.Q(('state', 'REJECTED'), _negated=True), ('won_on', None)), fields=('tender',), name='cashiering_payment_return_once'),
        ),
        migrations.AddField(
            model_name='payoutrow',
            name='card_batch',
            field=models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='cashiering.cardbatch'),
        ),
        migrations.AddField(
            model_name='payoutrow',
            name='payout',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='rows', to='cashiering.payout'),
        ),
        migrations.AddIndex(
            model_name='payout',
            index=models.Index(condition=models.Q(('state__in', ['DIFFERS', 'AWAITED'])), fields=['facility'], name='cashiering_payout_open'),
        ),
        migrations.AddConstraint(
            model_name='payout',
            constraint=models.UniqueConstraint(condition=models.Q(('state', 'WITHDRAWN'), _negated=True), fields=('facility', 'merchant_id', 'reference'), name='cashiering_payout_once'),
        ),
        migrations.AddConstraint(
            model_name='payout',
            constraint=models.CheckConstraint(condition=models.Q(('net_minor', django.db.models.expressions.CombinedExpression(django.db.models.expressions.CombinedExpression(models.F('gross_minor'), '-', models.F('fee_minor')), '-', models.F('chargebacks_minor')))), name='cashiering_payout_adds_up'),
        ),
        migrations.AddConstraint(
            model_name='payout',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('accept_reason', ''), ('accepted_at', None), ('accepted_by', None)), models.Q(('accepted_at__isnull', False), ('accepted_by__isnull', False), models.Q(('accept_reason', ''), _negated=True), models.Q(('accepted_by', models.F('recorded_by')), _negated=True)), _connector='OR'), name='cashiering_payout_accepted_by_another'),
        ),
        migrations.AddConstraint(
            model_name='payout',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('state', 'WITHDRAWN'), ('withdrawn_at__isnull', False), ('withdrawn_by__isnull', False), models.Q(('withdraw_reason', ''), _negated=True)), models.Q(models.Q(('state', 'WITHDRAWN'), _negated=True), ('withdraw_reason', ''), ('withdrawn_at', None), ('withdrawn_by', None)), _connector='OR'), name='cashiering_payout_withdrawn_with_reason'),
        ),
        migrations.AddConstraint(
            model_name='payout',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('bank_confirmed_on__isnull', False), ('state', 'PAID')), models.Q(models.Q(('state', 'PAID'), _negated=True), ('bank_confirmed_on', None)), _connector='OR'), name='cashiering_payout_paid_by_the_bank'),
        ),
        migrations.AddConstraint(
            model_name='chargebackwin',
            constraint=models.UniqueConstraint(condition=models.Q(('state', 'REJECTED'), _negated=True), fields=('chargeback',), name='cashiering_chargeback_win_once'),
        ),
        migrations.AddConstraint(
            model_name='chargebackwin',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('decided_by__isnull', True), ('state', 'REPORTED')), models.Q(('decided_at__isnull', False), ('decided_by__isnull', False), ('state__in', ['CONFIRMED', 'REJECTED']), models.Q(('decided_by', models.F('reported_by')), _negated=True)), _connector='OR'), name='cashiering_chargeback_win_decided_by_another'),
        ),
        migrations.AddConstraint(
            model_name='chargebackwin',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('state', 'CONFIRMED'), _negated=True), ('business_on__isnull', False), _connector='OR'), name='cashiering_chargeback_win_dated'),
        ),
        migrations.AddConstraint(
            model_name='chargebackwin',
            constraint=models.CheckConstraint(condition=models.Q(('amount_minor__gt', 0), ('suspense_minor__gte', 0), ('suspense_minor__lte', models.F('amount_minor'))), name='cashiering_chargeback_win_positive'),
        ),
        migrations.AddConstraint(
            model_name='payoutrow',
            constraint=models.UniqueConstraint(fields=('payout', 'line'), name='cashiering_payout_row_line'),
        ),
        migrations.AddConstraint(
            model_name='payoutrow',
            constraint=models.CheckConstraint(condition=models.Q(('net_minor', django.db.models.expressions.CombinedExpression(django.db.models.expressions.CombinedExpression(models.F('gross_minor'), '-', models.F('fee_minor')), '-', models.F('chargebacks_minor')))), name='cashiering_payout_row_adds_up'),
        ),
        run_sql_file(_SQL / "0033_payouts.up.sql"),
        written_once(
            "cashiering_payout",
            *("accepted_by_id", "accepted_at", "accept_reason"),
            *("withdrawn_by_id", "withdrawn_at", "withdraw_reason"),
        ),
        written_once("cashiering_chargebackwin", "decided_by_id", "decided_at", "business_on"),
    ]
