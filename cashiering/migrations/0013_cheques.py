"""Cheques that came back unpaid."""

from pathlib import Path

import django.db.models.deletion
import hms_ach.ids
from django.conf import settings
from django.db import migrations, models

from hms_ach.sql import run_sql_file

_SQL = Path(__file__).parent / "sql"


class Migration(migrations.Migration):

    dependencies = [
        ('access', '0007_till_scopes'),
        ('billing', '0002_rules'),
        ('cashiering', '0012_agreements'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name='ChequeBlock',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('public_id', hms_ach.ids.PublicIdField(prefix='chb')),
                ('placed_at', models.DateTimeField()),
                ('lifted_at', models.DateTimeField(null=True)),
                ('lift_reason', models.CharField(blank=True, max_length=200)),
            ],
        ),
        migrations.CreateModel(
            name='ChequeReturn',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('public_id', hms_ach.ids.PublicIdField(prefix='chr')),
                ('currency', models.CharField(max_length=3)),
                ('amount_minor', models.BigIntegerField()),
                ('reason', models.CharField(choices=[('NO_FUNDS', 'Not enough money'), ('CLOSED', 'Account closed'), ('STOPPED', 'Payment stopped'), ('SIGNATURE', 'Signature missing or wrong'), ('ALTERED', 'Altered or false'), ('OTHER', 'Other, as noted')], max_length=10)),
                ('note', models.CharField(blank=True, max_length=200)),
                ('bank_reference', models.CharField(blank=True, help_text="as the bank's line quotes it", max_length=60)),
                ('returned_on', models.DateField(help_text="the bank's day")),
                ('state', models.CharField(choices=[('REPORTED', 'To confirm'), ('CONFIRMED', 'Returned'), ('REJECTED', 'Not so')], default='REPORTED', max_length=10)),
                ('reported_at', models.DateTimeField()),
                ('decided_at', models.DateTimeField(null=True)),
                ('business_on', models.DateField(null=True)),
                ('fee_minor', models.BigIntegerField(default=0)),
                ('bank_confirmed_on', models.DateField(null=True)),
            ],
        ),
        migrations.RemoveConstraint(
            model_name='tillpolicy',
            name='cashiering_till_policy_limits_in_order',
        ),
        migrations.AddField(
            model_name='historicaltillpolicy',
            name='cheque_fee_minor',
            field=models.BigIntegerField(default=2500),
        ),
        migrations.AddField(
            model_name='tillpolicy',
            name='cheque_fee_minor',
            field=models.BigIntegerField(default=2500),
        ),
        migrations.AddConstraint(
            model_name='tillpolicy',
            constraint=models.CheckConstraint(condition=models.Q(('cheque_fee_minor__gte', 0), ('paid_out_limit_minor__gte', 0), ('refund_alone_minor__gte', 0), ('refund_supervisor_minor__gte', models.F('refund_alone_minor')), ('variance_free_minor__gte', 0), ('variance_supervisor_minor__gte', models.F('variance_free_minor')), ('void_alone_minor__gte', 0)), name='cashiering_till_policy_limits_in_order'),
        ),
        migrations.AddField(
            model_name='chequeblock',
            name='lifted_by',
            field=models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddField(
            model_name='chequeblock',
            name='patient',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='billing.patient'),
        ),
        migrations.AddField(
            model_name='chequereturn',
            name='decided_by',
            field=models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddField(
            model_name='chequereturn',
            name='facility',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='access.facility'),
        ),
        migrations.AddField(
            model_name='chequereturn',
            name='fee_invoice',
            field=models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='billing.invoice'),
        ),
        migrations.AddField(
            model_name='chequereturn',
            name='payment',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='cheque_returns', to='cashiering.payment'),
        ),
        migrations.AddField(
            model_name='chequereturn',
            name='reported_by',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddField(
            model_name='chequereturn',
            name='tender',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='returns', to='cashiering.tender'),
        ),
        migrations.AddField(
            model_name='chequeblock',
            name='cheque_return',
            field=models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, related_name='block', to='cashiering.chequereturn'),
        ),
        migrations.AddConstraint(
            model_name='chequereturn',
            constraint=models.UniqueConstraint(condition=models.Q(('state', 'REJECTED'), _negated=True), fields=('tender',), name='cashiering_cheque_return_once'),
        ),
        migrations.AddConstraint(
            model_name='chequereturn',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('decided_by__isnull', True), ('state', 'REPORTED')), models.Q(('decided_at__isnull', False), ('decided_by__isnull', False), ('state__in', ['CONFIRMED', 'REJECTED']), models.Q(('decided_by', models.F('reported_by')), _negated=True)), _connector='OR'), name='cashiering_cheque_return_decided_by_another'),
        ),
        migrations.AddConstraint(
            model_name='chequereturn',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('state', 'CONFIRMED'), _negated=True), ('business_on__isnull', False), _connector='OR'), name='cashiering_cheque_return_dated'),
        ),
        migrations.AddConstraint(
            model_name='chequereturn',
            constraint=models.CheckConstraint(condition=models.Q(('amount_minor__gt', 0), ('fee_minor__gte', 0)), name='cashiering_cheque_return_positive'),
        ),
        migrations.AddConstraint(
            model_name='chequereturn',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('reason', 'OTHER'), _negated=True), models.Q(('note', ''), _negated=True), _connector='OR'), name='cashiering_cheque_return_other_is_noted'),
        ),
        migrations.AddIndex(
            model_name='chequeblock',
            index=models.Index(condition=models.Q(('lifted_at__isnull', True)), fields=['patient'], name='cashiering_cheques_blocked'),
        ),
        migrations.AddConstraint(
            model_name='chequeblock',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('lift_reason', ''), ('lifted_at__isnull', True), ('lifted_by__isnull', True)), models.Q(('lifted_at__isnull', False), ('lifted_by__isnull', False), models.Q(('lift_reason', ''), _negated=True)), _connector='OR'), name='cashiering_cheque_block_lifted_with_reason'),
        ),
        run_sql_file(_SQL / "0013_cheques.up.sql"),
    ]
