"""Bank reconciliations that two people sign, and what was announced and never booked as a kind of its own."""

from pathlib import Path

import django.db.models.deletion
import django.db.models.expressions
import hms_ach.ids
from django.conf import settings
from django.db import migrations, models

from hms_ach.sql import append_only, run_sql_file

SQL = Path(__file__).parent / "sql"


class Migration(migrations.Migration):

    dependencies = [
        ('reconciliation', '0003_known_party'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.AlterField(
            model_name='discrepancy',
            name='kind',
            field=models.CharField(choices=[('UNMATCHED_CREDIT', 'Unmatched bank credit'), ('UNMATCHED_DEBIT', 'Unmatched bank debit'), ('UNMATCHED_DEPOSIT', 'Unmatched deposit'), ('UNMATCHED_CARD_BATCH', 'Card batch not at the bank'), ('UNMATCHED_PAYMENT', 'Payment not at the bank'), ('UNMATCHED_REMITTANCE', 'Remittance not paid'), ('AMOUNT_DIFFERENCE', 'Amount difference'), ('DUPLICATE', 'Duplicate'), ('RETURNED', 'Return of an earlier line'), ('STATEMENT_BALANCE', 'Statement out of balance'), ('STATEMENT_GAP', 'Statement not continuous'), ('STATEMENT_MISSING', 'Missing statement'), ('STATEMENT_ANNOUNCED', 'Announced, never booked')], max_length=24),
        ),
        migrations.CreateModel(
            name='PreparedReconciliation',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('public_id', hms_ach.ids.PublicIdField(prefix='brc')),
                ('as_of', models.DateField()),
                ('at_bank_minor', models.BigIntegerField()),
                ('before_minor', models.BigIntegerField()),
                ('between_minor', models.BigIntegerField()),
                ('in_book_minor', models.BigIntegerField()),
                ('parts', models.JSONField()),
                ('digest', models.CharField(max_length=64)),
                ('note', models.CharField(blank=True, max_length=500)),
                ('prepared_at', models.DateTimeField()),
                ('account', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='reconciliations', to='reconciliation.bankaccount')),
                ('prepared_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('statement', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='reconciliation.statement')),
            ],
        ),
        migrations.CreateModel(
            name='ReconciliationReview',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('note', models.CharField(blank=True, max_length=500)),
                ('reviewed_at', models.DateTimeField()),
                ('prepared', models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, related_name='review', to='reconciliation.preparedreconciliation')),
                ('reviewed_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
        ),
        migrations.AddConstraint(
            model_name='preparedreconciliation',
            constraint=models.CheckConstraint(condition=models.Q(('in_book_minor', django.db.models.expressions.CombinedExpression(django.db.models.expressions.CombinedExpression(models.F('at_bank_minor'), '-', models.F('before_minor')), '+', models.F('between_minor'))), models.Q(('note', ''), _negated=True), _connector='OR'), name='reconciliation_preparedreconciliation_explained'),
        ),
        append_only("reconciliation_preparedreconciliation"),
        append_only("reconciliation_reconciliationreview"),
        run_sql_file(SQL / "0004_reviewed_and_announced.up.sql"),
    ]
