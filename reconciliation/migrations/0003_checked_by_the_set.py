"""The existence of a match's parts, checked by the set; what identifies an item apart from what many share."""

from pathlib import Path

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

from hms_ach.sql import run_sql_file


HERE = Path(__file__).parent / "sql"


class Migration(migrations.Migration):

    dependencies = [
        ('access', '0004_api_client'),
        ('reconciliation', '0002_rules'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.AddField(
            model_name='expectation',
            name='batch',
            field=models.CharField(blank=True, max_length=40),
        ),
        migrations.AddField(
            model_name='expectation',
            name='payer',
            field=models.CharField(blank=True, max_length=80),
        ),
        migrations.AddField(
            model_name='expectation',
            name='terminal',
            field=models.CharField(blank=True, max_length=40),
        ),
        migrations.AlterField(
            model_name='discrepancy',
            name='amount_minor',
            field=models.BigIntegerField(null=True),
        ),
        migrations.AlterField(
            model_name='match',
            name='account',
            field=models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.PROTECT, related_name='matches', to='reconciliation.bankaccount'),
        ),
        migrations.AlterField(
            model_name='match',
            name='run',
            field=models.ForeignKey(db_constraint=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='matches', to='reconciliation.matchrun'),
        ),
        migrations.AlterField(
            model_name='matchitem',
            name='expectation',
            field=models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.PROTECT, related_name='matched', to='reconciliation.expectation'),
        ),
        migrations.AlterField(
            model_name='matchitem',
            name='match',
            field=models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.PROTECT, related_name='items', to='reconciliation.match'),
        ),
        migrations.AlterField(
            model_name='matchitem',
            name='undo',
            field=models.ForeignKey(db_index=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='reconciliation.matchundo'),
        ),
        migrations.AlterField(
            model_name='matchline',
            name='line',
            field=models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.PROTECT, related_name='matched', to='reconciliation.statementline'),
        ),
        migrations.AlterField(
            model_name='matchline',
            name='match',
            field=models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.PROTECT, related_name='lines', to='reconciliation.match'),
        ),
        migrations.AlterField(
            model_name='matchline',
            name='undo',
            field=models.ForeignKey(db_index=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='reconciliation.matchundo'),
        ),
        migrations.AddConstraint(
            model_name='discrepancy',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('amount_minor__isnull', True), ('kind', 'STATEMENT_MISSING')), models.Q(models.Q(('kind', 'STATEMENT_MISSING'), _negated=True), ('amount_minor__isnull', False)), _connector='OR'), name='reconciliation_discrepancy_amount_known'),
        ),
        run_sql_file(HERE / "0003_checked_by_the_set.up.sql"),
    ]
