"""A match may take an earlier one back, which a return or a reversal of the bank does."""

from pathlib import Path

import django.db.models.deletion
from django.db import migrations, models

from hms_ach.sql import run_sql_file

_SQL = Path(__file__).parent / "sql"


class Migration(migrations.Migration):

    dependencies = [
        ('reconciliation', '0015_account_numbers'),
    ]

    operations = [
        migrations.AlterField(
            model_name='discrepancy',
            name='kind',
            field=models.CharField(choices=[('UNMATCHED_CREDIT', 'Unmatched bank credit'), ('UNMATCHED_DEBIT', 'Unmatched bank debit'), ('UNMATCHED_DEPOSIT', 'Unmatched deposit'), ('UNMATCHED_CARD_BATCH', 'Card batch not at the bank'), ('UNMATCHED_PAYMENT', 'Payment not at the bank'), ('UNMATCHED_REMITTANCE', 'Remittance not paid'), ('AMOUNT_DIFFERENCE', 'Amount difference'), ('DUPLICATE', 'Duplicate'), ('RETURNED', 'Return of an earlier line'), ('STATEMENT_BALANCE', 'Statement out of balance'), ('STATEMENT_GAP', 'Statement not continuous'), ('STATEMENT_MISSING', 'Missing statement')], max_length=24),
        ),
        migrations.AlterField(
            model_name='proposal',
            name='action',
            field=models.CharField(choices=[('MATCH', 'Match'), ('WRITE_OFF', 'Write off'), ('SUSPENSE', 'Move to suspense'), ('RETURN', 'Take back the earlier match'), ('ACCEPT', 'Accept as explained')], max_length=10),
        ),
        migrations.CreateModel(
            name='TakenBack',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('match', models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, related_name='takes_back', to='reconciliation.match')),
                ('original', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='taken_back_by', to='reconciliation.match')),
            ],
        ),
        run_sql_file(_SQL / "0016_taken_back.up.sql"),
    ]
