"""Remittances that no transfer came for are discrepancies of their own."""

from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('reconciliation', '0012_account_tolerance'),
    ]

    operations = [
        migrations.AlterField(
            model_name='discrepancy',
            name='kind',
            field=models.CharField(choices=[('UNMATCHED_CREDIT', 'Unmatched bank credit'), ('UNMATCHED_DEBIT', 'Unmatched bank debit'), ('UNMATCHED_DEPOSIT', 'Unmatched deposit'), ('UNMATCHED_CARD_BATCH', 'Card batch not at the bank'), ('UNMATCHED_PAYMENT', 'Payment not at the bank'), ('UNMATCHED_REMITTANCE', 'Remittance not paid'), ('AMOUNT_DIFFERENCE', 'Amount difference'), ('DUPLICATE', 'Duplicate'), ('STATEMENT_BALANCE', 'Statement out of balance'), ('STATEMENT_GAP', 'Statement not continuous'), ('STATEMENT_MISSING', 'Missing statement')], max_length=24),
        ),
    ]
