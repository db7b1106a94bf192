"""Foreign cash at the till, and refunds to the smallest coin."""

import django.db.models.deletion
import django.db.models.expressions
import hms_ach.ids
from django.conf import settings
from pathlib import Path

from django.db import migrations, models

from hms_ach.sql import run_sql_file

_SQL = Path(__file__).parent / "sql"


class Migration(migrations.Migration):

    dependencies = [
        ('access', '0009_account_scopes'),
        ('cashiering', '0020_advices'),
        ('ledger', '0021_statistics'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name='CashCurrency',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('public_id', hms_ach.ids.PublicIdField(prefix='ccy')),
                ('currency', models.CharField(max_length=3)),
                ('is_taken', models.BooleanField(default=True)),
                ('rate_days', models.PositiveSmallIntegerField(default=0)),
                ('smallest_minor', models.BigIntegerField()),
                ('gives_back', models.CharField(choices=[('LOCAL', 'In our own currency'), ('SAME', 'In its notes, the rest in our own currency')], default='LOCAL', max_length=5)),
                ('asked_at', models.DateTimeField()),
                ('approved_at', models.DateTimeField(null=True)),
            ],
        ),
        migrations.CreateModel(
            name='TransferPart',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('currency', models.CharField(max_length=3)),
                ('amount_minor', models.BigIntegerField()),
                ('float_minor', models.BigIntegerField(default=0)),
                ('denominations', models.JSONField(help_text='pieces by face value, as the sender counted')),
                ('received', models.JSONField(help_text='pieces by face value, as the receiver counted', null=True)),
            ],
        ),
        migrations.RemoveConstraint(
            model_name='tender',
            name='cashiering_tender_refunded_within_amount',
        ),
        migrations.AddField(
            model_name='refund',
            name='rounding_minor',
            field=models.BigIntegerField(default=0, help_text='what cash gave back beyond the amount, for want of a smaller coin; below: less'),
        ),
        migrations.AddField(
            model_name='tender',
            name='exchange_rate',
            field=models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='ledger.exchangerate'),
        ),
        migrations.AddField(
            model_name='tender',
            name='foreign_currency',
            field=models.CharField(blank=True, help_text='of cash that is not ours', max_length=3),
        ),
        migrations.AddField(
            model_name='tender',
            name='foreign_minor',
            field=models.BigIntegerField(help_text='what was handed over, in that currency', null=True),
        ),
        migrations.AddField(
            model_name='tender',
            name='short_minor',
            field=models.BigIntegerField(default=0, help_text='what cash paid less than was due for want of a smaller coin'),
        ),
        migrations.AddConstraint(
            model_name='tender',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('exchange_rate__isnull', True), ('foreign_currency', ''), ('foreign_minor__isnull', True)), models.Q(('exchange_rate__isnull', False), ('foreign_minor__gt', 0), ('kind', 'CASH'), models.Q(('foreign_currency', ''), _negated=True), models.Q(('foreign_currency', models.F('currency')), _negated=True)), _connector='OR'), name='cashiering_tender_foreign_is_cash_at_a_rate'),
        ),
        migrations.AddConstraint(
            model_name='tender',
            constraint=models.CheckConstraint(condition=models.Q(('refunded_minor__gte', 0), ('refunded_minor__lte', django.db.models.expressions.CombinedExpression(models.F('amount_minor'), '+', models.F('short_minor'))), ('short_minor__gte', 0)), name='cashiering_tender_refunded_within_amount'),
        ),
        migrations.AddField(
            model_name='cashcurrency',
            name='approved_by',
            field=models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddField(
            model_name='cashcurrency',
            name='asked_by',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddField(
            model_name='cashcurrency',
            name='facility',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='access.facility'),
        ),
        migrations.AddField(
            model_name='transferpart',
            name='transfer',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='parts', to='cashiering.cashtransfer'),
        ),
        migrations.AddIndex(
            model_name='cashcurrency',
            index=models.Index(fields=['facility', 'currency', '-id'], name='cashiering_cash_currency_now'),
        ),
        migrations.AddConstraint(
            model_name='cashcurrency',
            constraint=models.CheckConstraint(condition=models.Q(('rate_days__lte', 7), ('smallest_minor__gte', 1)), name='cashiering_cash_currency_plausible'),
        ),
        migrations.AddConstraint(
            model_name='cashcurrency',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('approved_at__isnull', True), ('approved_by__isnull', True)), models.Q(('approved_at__isnull', False), ('approved_by__isnull', False), models.Q(('approved_by', models.F('asked_by')), _negated=True)), _connector='OR'), name='cashiering_cash_currency_approved_by_another'),
        ),
        migrations.AddConstraint(
            model_name='transferpart',
            constraint=models.UniqueConstraint(fields=('transfer', 'currency'), name='cashiering_transfer_part_once'),
        ),
        migrations.AddConstraint(
            model_name='transferpart',
            constraint=models.CheckConstraint(condition=models.Q(('amount_minor__gte', 0), ('float_minor__gte', 0), ('float_minor__lte', models.F('amount_minor'))), name='cashiering_transfer_part_not_negative'),
        ),
        run_sql_file(_SQL / "0021_foreign_cash.up.sql"),
    ]
