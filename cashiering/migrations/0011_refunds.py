"""Money that goes back."""

from pathlib import Path

import django.db.models.deletion
import hms_ach.ids
from django.conf import settings
from django.db import migrations, models

from hms_ach.sql import append_only, run_sql_file

_SQL = Path(__file__).parent / "sql"


class Migration(migrations.Migration):

    dependencies = [
        ('access', '0007_till_scopes'),
        ('billing', '0002_rules'),
        ('cashiering', '0010_corrections'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name='Refund',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('public_id', hms_ach.ids.PublicIdField(prefix='rfd')),
                ('key', models.CharField(max_length=80, unique=True)),
                ('currency', models.CharField(max_length=3)),
                ('amount_minor', models.BigIntegerField()),
                ('reason', models.CharField(max_length=200)),
                ('state', models.CharField(choices=[('REQUESTED', 'To approve'), ('APPROVED', 'Approved'), ('REJECTED', 'Rejected'), ('RELEASED', 'Released'), ('SENT', 'Sent'), ('SETTLED', 'Settled'), ('FAILED', 'Failed'), ('CANCELLED', 'Cancelled')], default='REQUESTED', max_length=10)),
                ('is_within_limit', models.BooleanField(default=False)),
                ('requested_at', models.DateTimeField()),
                ('approved_at', models.DateTimeField(null=True)),
                ('released_at', models.DateTimeField(null=True)),
                ('reference', models.CharField(blank=True, help_text='as the bank will quote it', max_length=60)),
                ('sent_at', models.DateTimeField(null=True)),
                ('sent_on', models.DateField(null=True)),
                ('settled_on', models.DateField(null=True)),
                ('ended_at', models.DateTimeField(null=True)),
                ('end_reason', models.CharField(blank=True, help_text='why rejected, cancelled or failed', max_length=200)),
            ],
        ),
        migrations.CreateModel(
            name='RefundPart',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('amount_minor', models.BigIntegerField()),
            ],
        ),
        migrations.RemoveConstraint(
            model_name='tillpolicy',
            name='cashiering_till_policy_limits_in_order',
        ),
        migrations.AddField(
            model_name='historicaltillpolicy',
            name='refund_alone_minor',
            field=models.BigIntegerField(default=0),
        ),
        migrations.AddField(
            model_name='historicaltillpolicy',
            name='refund_supervisor_minor',
            field=models.BigIntegerField(default=50000),
        ),
        migrations.AddField(
            model_name='tender',
            name='refunded_minor',
            field=models.BigIntegerField(default=0, help_text='held by refunds that are not rejected'),
        ),
        migrations.AddField(
            model_name='tillpolicy',
            name='refund_alone_minor',
            field=models.BigIntegerField(default=0),
        ),
        migrations.AddField(
            model_name='tillpolicy',
            name='refund_supervisor_minor',
            field=models.BigIntegerField(default=50000),
        ),
        migrations.AlterField(
            model_name='cashmovement',
            name='kind',
            field=models.CharField(choices=[('FLOAT_IN', 'Float from the safe'), ('PAID_IN', 'Paid in'), ('PAID_OUT', 'Paid out'), ('DROP', 'Drop to the safe'), ('RECEIVED', 'Received'), ('HANDED', 'Handed to a colleague'), ('SUSPECT', 'Suspect note taken out'), ('REFUND', 'Refund in cash'), ('NO_SALE', 'Opened without a sale')], max_length=10),
        ),
        migrations.AlterField(
            model_name='terminalrequest',
            name='kind',
            field=models.CharField(choices=[('SALE', 'Sale'), ('VOID', 'Void'), ('REFUND', 'Refund')], max_length=6),
        ),
        migrations.AddConstraint(
            model_name='tender',
            constraint=models.CheckConstraint(condition=models.Q(('refunded_minor__gte', 0), ('refunded_minor__lte', models.F('amount_minor'))), name='cashiering_tender_refunded_within_amount'),
        ),
        migrations.AddConstraint(
            model_name='tillpolicy',
            constraint=models.CheckConstraint(condition=models.Q(('paid_out_limit_minor__gte', 0), ('refund_alone_minor__gte', 0), ('refund_supervisor_minor__gte', models.F('refund_alone_minor')), ('variance_free_minor__gte', 0), ('variance_supervisor_minor__gte', models.F('variance_free_minor')), ('void_alone_minor__gte', 0)), name='cashiering_till_policy_limits_in_order'),
        ),
        migrations.AddField(
            model_name='refund',
            name='approved_by',
            field=models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddField(
            model_name='refund',
            name='card_batch',
            field=models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='refunds', to='cashiering.cardbatch'),
        ),
        migrations.AddField(
            model_name='refund',
            name='ended_by',
            field=models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddField(
            model_name='refund',
            name='facility',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='access.facility'),
        ),
        migrations.AddField(
            model_name='refund',
            name='payment',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='refunds', to='cashiering.payment'),
        ),
        migrations.AddField(
            model_name='refund',
            name='released_by',
            field=models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddField(
            model_name='refund',
            name='requested_by',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddField(
            model_name='refund',
            name='session',
            field=models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='cashiering.session'),
        ),
        migrations.AddField(
            model_name='refund',
            name='tender',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='refunds', to='cashiering.tender'),
        ),
        migrations.AddField(
            model_name='refund',
            name='terminal_request',
            field=models.OneToOneField(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='refund', to='cashiering.terminalrequest'),
        ),
        migrations.AddField(
            model_name='refundpart',
            name='invoice',
            field=models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='billing.invoice'),
        ),
        migrations.AddField(
            model_name='refundpart',
            name='refund',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='parts', to='cashiering.refund'),
        ),
        migrations.AddIndex(
            model_name='refund',
            index=models.Index(fields=['facility', 'state'], name='cashiering_refund_state'),
        ),
        migrations.AddConstraint(
            model_name='refund',
            constraint=models.CheckConstraint(condition=models.Q(('amount_minor__gt', 0)), name='cashiering_refund_positive'),
        ),
        migrations.AddConstraint(
            model_name='refund',
            constraint=models.CheckConstraint(condition=models.Q(('reason', ''), _negated=True), name='cashiering_refund_has_reason'),
        ),
        migrations.AddConstraint(
            model_name='refund',
            constraint=models.CheckConstraint(condition=models.Q(('approved_by__isnull', True), models.Q(('approved_by', models.F('requested_by')), _negated=True), _connector='OR'), name='cashiering_refund_approver_not_requester'),
        ),
        migrations.AddConstraint(
            model_name='refund',
            constraint=models.CheckConstraint(condition=models.Q(('released_by__isnull', True), ('approved_by__isnull', True), models.Q(('released_by', models.F('approved_by')), _negated=True), _connector='OR'), name='cashiering_refund_releaser_not_approver'),
        ),
        migrations.AddConstraint(
            model_name='refund',
            constraint=models.CheckConstraint(condition=models.Q(('released_by__isnull', True), ('session__isnull', False), models.Q(('released_by', models.F('requested_by')), _negated=True), _connector='OR'), name='cashiering_refund_releaser_not_requester'),
        ),
        migrations.AddConstraint(
            model_name='refund',
            constraint=models.CheckConstraint(condition=models.Q(('state__in', ['REQUESTED', 'REJECTED', 'CANCELLED']), models.Q(('approved_at__isnull', False), ('approved_by__isnull', False)), ('is_within_limit', True), _connector='OR'), name='cashiering_refund_approved_by_someone'),
        ),
        migrations.AddConstraint(
            model_name='refund',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('state__in', ['RELEASED', 'SENT', 'SETTLED', 'FAILED']), _negated=True), models.Q(('released_at__isnull', False), ('released_by__isnull', False)), _connector='OR'), name='cashiering_refund_released_by_someone'),
        ),
        migrations.AddConstraint(
            model_name='refund',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('state__in', ['SENT', 'SETTLED', 'FAILED']), _negated=True), models.Q(('sent_at__isnull', False), ('sent_on__isnull', False)), _connector='OR'), name='cashiering_refund_sent_on_a_day'),
        ),
        migrations.AddConstraint(
            model_name='refund',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('state__in', ['REJECTED', 'CANCELLED', 'FAILED']), _negated=True), models.Q(('ended_by__isnull', False), models.Q(('end_reason', ''), _negated=True)), _connector='OR'), name='cashiering_refund_ended_with_reason'),
        ),
        migrations.AddConstraint(
            model_name='refundpart',
            constraint=models.UniqueConstraint(fields=('refund', 'invoice'), name='cashiering_refund_part_once', nulls_distinct=False),
        ),
        migrations.AddConstraint(
            model_name='refundpart',
            constraint=models.CheckConstraint(condition=models.Q(('amount_minor__gt', 0)), name='cashiering_refund_part_positive'),
        ),
        append_only("cashiering_refundpart"),
        run_sql_file(_SQL / "0011_refunds.up.sql"),
    ]
