"""Closing in steps: checklists, tie-outs that people sign, the end of a year."""

from pathlib import Path

import django.db.models.deletion
import hms_ach.ids
from django.conf import settings
from django.db import migrations, models

from hms_ach.sql import append_only, run_sql_file

SQL = Path(__file__).parent / "sql"
APPEND_ONLY = ["ledger_tieout", "ledger_tieoutsignature", "ledger_yearclose"]


class Migration(migrations.Migration):

    dependencies = [
        ('access', '0004_api_client'),
        ('files', '0002_append_only'),
        ('ledger', '0010_currencies'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name='CloseStep',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('position', models.PositiveSmallIntegerField()),
                ('name', models.CharField(max_length=120)),
                ('owner_role', models.CharField(max_length=20)),
                ('due_days', models.PositiveSmallIntegerField()),
                ('due_hour', models.PositiveSmallIntegerField()),
                ('check_code', models.CharField(blank=True, choices=[('', 'A person says so'), ('DAYS', 'Every business day is closed'), ('JOURNALS', 'No journal awaits approval'), ('REVERSALS', 'Nothing is left to be taken back'), ('REVALUED', 'Foreign balances are revalued'), ('TIED_OUT', 'Sub-ledgers are tied out and signed')], max_length=10)),
                ('needs_evidence', models.BooleanField(default=False)),
                ('retired_at', models.DateTimeField(null=True)),
                ('after', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='ledger.closestep')),
                ('legal_entity', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, to='access.legalentity')),
            ],
        ),
        migrations.CreateModel(
            name='CloseTask',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('due_at', models.DateTimeField()),
                ('done_at', models.DateTimeField(null=True)),
                ('note', models.CharField(blank=True, max_length=300)),
                ('done_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('evidence', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, to='files.storedfile')),
                ('period', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='close_tasks', to='ledger.period')),
                ('step', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, to='ledger.closestep')),
            ],
        ),
        migrations.CreateModel(
            name='TieOut',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('public_id', hms_ach.ids.PublicIdField(prefix='tie')),
                ('sub_ledger', models.CharField(max_length=20)),
                ('role', models.CharField(max_length=40)),
                ('currency', models.CharField(max_length=3)),
                ('as_of', models.DateField()),
                ('sub_ledger_minor', models.BigIntegerField()),
                ('ledger_minor', models.BigIntegerField()),
                ('taken_at', models.DateTimeField()),
                ('period', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='tie_outs', to='ledger.period')),
                ('taken_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
        ),
        migrations.CreateModel(
            name='TieOutSignature',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('signed_at', models.DateTimeField()),
                ('explanation', models.CharField(blank=True, max_length=300)),
                ('signed_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('tie_out', models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, related_name='signature', to='ledger.tieout')),
            ],
        ),
        migrations.CreateModel(
            name='YearClose',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('public_id', hms_ach.ids.PublicIdField(prefix='yec')),
                ('fiscal_year', models.PositiveSmallIntegerField()),
                ('net_minor', models.BigIntegerField()),
                ('n_accounts', models.PositiveIntegerField()),
                ('closed_at', models.DateTimeField()),
                ('closed_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, to=settings.AUTH_USER_MODEL)),
                ('legal_entity', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, to='access.legalentity')),
            ],
        ),
        migrations.AddConstraint(
            model_name='closestep',
            constraint=models.UniqueConstraint(condition=models.Q(('retired_at__isnull', True)), fields=('legal_entity', 'position'), name='ledger_closestep_position_once'),
        ),
        migrations.AddConstraint(
            model_name='closestep',
            constraint=models.CheckConstraint(condition=models.Q(('due_hour__lte', 23)), name='ledger_closestep_hour_of_day'),
        ),
        migrations.AddConstraint(
            model_name='closetask',
            constraint=models.UniqueConstraint(fields=('period', 'step'), name='ledger_closetask_step_once'),
        ),
        migrations.AddConstraint(
            model_name='closetask',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('done_at__isnull', True), ('done_by__isnull', True)), models.Q(('done_at__isnull', False), ('done_by__isnull', False)), _connector='OR'), name='ledger_closetask_done_whole'),
        ),
        run_sql_file(SQL / "0011_close.up.sql"),
        *[append_only(table) for table in APPEND_ONLY],
    ]
