"""What closed periods moved, summed once by the database, and the nightly checks of it."""

from pathlib import Path

import django.db.models.deletion
from django.db import migrations, models

from hms_ach.sql import append_only, run_sql_file

SQL = Path(__file__).parent / "sql"
APPEND_ONLY = ["ledger_snapshot", "ledger_snapshotline", "ledger_balancecheck", "ledger_balancedrift"]


class Migration(migrations.Migration):

    dependencies = [
        ('access', '0004_api_client'),
        ('ledger', '0011_close'),
    ]

    operations = [
        migrations.CreateModel(
            name='BalanceCheck',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('checked_at', models.DateTimeField()),
                ('n_postings', models.BigIntegerField()),
                ('n_drifts', models.PositiveIntegerField()),
                ('legal_entity', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, to='access.legalentity')),
            ],
        ),
        migrations.CreateModel(
            name='BalanceDrift',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('kind', models.CharField(max_length=60)),
                ('subject', models.CharField(max_length=120)),
                ('currency', models.CharField(max_length=3)),
                ('kept_minor', models.DecimalField(decimal_places=0, max_digits=40)),
                ('should_be_minor', models.DecimalField(decimal_places=0, max_digits=40)),
                ('check_run', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='drifts', to='ledger.balancecheck')),
            ],
        ),
        migrations.CreateModel(
            name='Snapshot',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('version', models.PositiveIntegerField()),
                ('n_postings', models.BigIntegerField()),
                ('first_posted_at', models.DateTimeField(null=True)),
                ('last_posted_at', models.DateTimeField(null=True)),
                ('taken_at', models.DateTimeField()),
                ('period', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='snapshots', to='ledger.period')),
            ],
        ),
        migrations.CreateModel(
            name='SnapshotLine',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('role', models.CharField(max_length=40)),
                ('payer_class', models.CharField(blank=True, max_length=40)),
                ('tender', models.CharField(blank=True, max_length=20)),
                ('currency', models.CharField(max_length=3)),
                ('amount_minor', models.BigIntegerField()),
                ('debit_minor', models.BigIntegerField()),
                ('credit_minor', models.BigIntegerField()),
                ('n_postings', models.BigIntegerField()),
                ('account', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, to='ledger.account')),
                ('department', models.ForeignKey(db_index=False, null=True, on_delete=django.db.models.deletion.PROTECT, to='access.department')),
                ('facility', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, to='access.facility')),
                ('snapshot', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='lines', to='ledger.snapshot')),
            ],
        ),
        migrations.AddIndex(
            model_name='balancecheck',
            index=models.Index(fields=['legal_entity', '-checked_at', '-id'], name='ledger_balancecheck_latest'),
        ),
        migrations.AddConstraint(
            model_name='snapshot',
            constraint=models.UniqueConstraint(fields=('period', 'version'), name='ledger_snapshot_version_once'),
        ),
        migrations.AddIndex(
            model_name='snapshotline',
            index=models.Index(fields=['snapshot', 'account'], name='ledger_snapshotline_by_account'),
        ),
        migrations.AddConstraint(
            model_name='snapshotline',
            constraint=models.CheckConstraint(condition=models.Q(('credit_minor__gte', 0), ('debit_minor__gte', 0)), name='ledger_snapshotline_sides'),
        ),
        run_sql_file(SQL / "0012_snapshots.up.sql"),
        *[append_only(table) for table in APPEND_ONLY],
    ]
