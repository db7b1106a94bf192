"""Tries of learnt rules that the worker makes; tolerances for all that banks keep charges of."""

from pathlib import Path

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

from hms_ach.sql import run_sql_file

_SQL = Path(__file__).parent / "sql"


class Migration(migrations.Migration):

    dependencies = [
        ('reconciliation', '0021_certification'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name='RuleRequest',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('asked_at', models.DateTimeField()),
                ('problem', models.CharField(blank=True, max_length=200)),
                ('answered_at', models.DateTimeField(null=True)),
            ],
        ),
        migrations.RemoveConstraint(
            model_name='accounttolerance',
            name='reconciliation_accounttolerance_kind_and_role_fit',
        ),
        migrations.AddConstraint(
            model_name='accounttolerance',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('kind', 'deposit'), ('role__in', ['cash.over_short', 'write_off.bank_difference'])), models.Q(('kind', 'card_batch'), ('role__in', ['fee.merchant', 'write_off.bank_difference'])), models.Q(('direction', 'LESS'), ('kind__in', ['payment', 'refund', 'cheque_return', 'suspense_clearing']), ('role__in', ['fee.merchant', 'write_off.bank_difference'])), _connector='OR'), name='reconciliation_accounttolerance_kind_and_role_fit'),
        ),
        migrations.AddField(
            model_name='rulerequest',
            name='answer',
            field=models.OneToOneField(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='reconciliation.ruletry'),
        ),
        migrations.AddField(
            model_name='rulerequest',
            name='asked_by',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddField(
            model_name='rulerequest',
            name='rule',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='requests', to='reconciliation.learntrule'),
        ),
        migrations.AddConstraint(
            model_name='rulerequest',
            constraint=models.UniqueConstraint(condition=models.Q(('answered_at', None)), fields=('rule',), name='reconciliation_rulerequest_one_waiting'),
        ),
        migrations.AddConstraint(
            model_name='rulerequest',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('answer', None), ('answered_at', None), ('problem', '')), models.Q(('answer__isnull', False), ('answered_at__isnull', False), ('problem', '')), models.Q(('answer', None), ('answered_at__isnull', False), models.Q(('problem', ''), _negated=True)), _connector='OR'), name='reconciliation_rulerequest_answered_once'),
        ),
        run_sql_file(_SQL / "0022_rule_request.up.sql"),
    ]
