"""Journals by hand, their templates and limits, and reversals that fall due."""

from pathlib import Path

import django.db.models.deletion
import hms_ach.ids
from django.conf import settings
from django.db import migrations, models

from hms_ach.sql import append_only, run_sql_file

SQL = Path(__file__).parent / "sql"
APPEND_ONLY = [
    "ledger_journalline",
    "ledger_journalfile",
    "ledger_journaltemplateline",
    "ledger_journallimit",
    "ledger_scheduledreversal",
]


class Migration(migrations.Migration):

    dependencies = [
        ('access', '0004_api_client'),
        ('files', '0002_append_only'),
        ('ledger', '0008_chart'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name='Journal',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('public_id', hms_ach.ids.PublicIdField(prefix='jou')),
                ('number', models.CharField(max_length=40, unique=True)),
                ('state', models.CharField(choices=[('PROPOSED', 'Awaits approval'), ('POSTED', 'Posted'), ('REJECTED', 'Rejected'), ('WITHDRAWN', 'Withdrawn')], default='PROPOSED', max_length=10)),
                ('effective_on', models.DateField()),
                ('belongs_on', models.DateField(null=True)),
                ('reverses_on', models.DateField(null=True)),
                ('memo', models.CharField(max_length=200)),
                ('currency', models.CharField(max_length=3)),
                ('total_minor', models.BigIntegerField()),
                ('occurrence', models.DateField(null=True)),
                ('prepared_at', models.DateTimeField()),
                ('decided_at', models.DateTimeField(null=True)),
                ('decision_reason', models.CharField(blank=True, max_length=200)),
                ('decided_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('entry', models.OneToOneField(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='journal', to='ledger.entry')),
                ('facility', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, to='access.facility')),
                ('prepared_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('reverses', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='ledger.entry')),
            ],
        ),
        migrations.CreateModel(
            name='JournalFile',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('file', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, to='files.storedfile')),
                ('journal', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='files', to='ledger.journal')),
            ],
        ),
        migrations.CreateModel(
            name='JournalTemplate',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('public_id', hms_ach.ids.PublicIdField(prefix='jot')),
                ('name', models.CharField(max_length=80)),
                ('memo', models.CharField(max_length=200)),
                ('currency', models.CharField(max_length=3)),
                ('cadence', models.CharField(choices=[('NONE', 'When somebody uses it'), ('PERIOD', 'At the end of each period'), ('QUARTER', 'At the end of each quarter'), ('YEAR', 'At the end of each year')], default='NONE', max_length=7)),
                ('is_accrual', models.BooleanField(default=False)),
                ('made_at', models.DateTimeField()),
                ('retired_at', models.DateTimeField(null=True)),
                ('facility', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, to='access.facility')),
                ('made_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
        ),
        migrations.AddField(
            model_name='journal',
            name='template',
            field=models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, to='ledger.journaltemplate'),
        ),
        migrations.CreateModel(
            name='JournalTemplateLine',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('line', models.PositiveSmallIntegerField()),
                ('amount_minor', models.BigIntegerField()),
                ('account', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, to='ledger.account')),
                ('department', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, to='access.department')),
                ('template', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='lines', to='ledger.journaltemplate')),
            ],
        ),
        migrations.CreateModel(
            name='ScheduledReversal',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('on', models.DateField()),
                ('entry', models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, related_name='scheduled_reversal', to='ledger.entry')),
            ],
        ),
        migrations.CreateModel(
            name='JournalLimit',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('role', models.CharField(max_length=20)),
                ('limit_minor', models.BigIntegerField(null=True)),
                ('set_at', models.DateTimeField()),
                ('legal_entity', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, to='access.legalentity')),
                ('set_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'constraints': [models.CheckConstraint(condition=models.Q(('limit_minor__isnull', True), ('limit_minor__gte', 0), _connector='OR'), name='ledger_journallimit_not_negative')],
            },
        ),
        migrations.CreateModel(
            name='JournalLine',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('line', models.PositiveSmallIntegerField()),
                ('amount_minor', models.BigIntegerField()),
                ('account', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, to='ledger.account')),
                ('department', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, to='access.department')),
                ('journal', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='lines', to='ledger.journal')),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('journal', 'line'), name='ledger_journalline_line_once'), models.CheckConstraint(condition=models.Q(('amount_minor', 0), _negated=True), name='ledger_journalline_not_zero')],
            },
        ),
        migrations.AddConstraint(
            model_name='journaltemplate',
            constraint=models.UniqueConstraint(condition=models.Q(('retired_at__isnull', True)), fields=('facility', 'name'), name='ledger_journaltemplate_name_once'),
        ),
        migrations.AddIndex(
            model_name='journal',
            index=models.Index(fields=['facility', 'state', '-id'], name='ledger_journal_by_state'),
        ),
        migrations.AddConstraint(
            model_name='journal',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('state__in', ['POSTED', 'REJECTED']), _negated=True), models.Q(('decided_by', models.F('prepared_by')), _negated=True), _connector='OR'), name='ledger_journal_two_people'),
        ),
        migrations.AddConstraint(
            model_name='journal',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('decided_at__isnull', True), ('decided_by__isnull', True), ('state', 'PROPOSED')), models.Q(models.Q(('state', 'PROPOSED'), _negated=True), ('decided_at__isnull', False), ('decided_by__isnull', False)), _connector='OR'), name='ledger_journal_decision_whole'),
        ),
        migrations.AddConstraint(
            model_name='journal',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('entry__isnull', False), ('state', 'POSTED')), models.Q(models.Q(('state', 'POSTED'), _negated=True), ('entry__isnull', True)), _connector='OR'), name='ledger_journal_posted_has_entry'),
        ),
        migrations.AddConstraint(
            model_name='journal',
            constraint=models.CheckConstraint(condition=models.Q(('reverses_on__isnull', True), ('reverses_on__gt', models.F('effective_on')), _connector='OR'), name='ledger_journal_reverses_later'),
        ),
        migrations.AddConstraint(
            model_name='journal',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('memo', ''), _negated=True), ('total_minor__gt', 0)), name='ledger_journal_says_something'),
        ),
        migrations.AddConstraint(
            model_name='journal',
            constraint=models.UniqueConstraint(fields=('template', 'occurrence'), name='ledger_journal_occurs_once'),
        ),
        migrations.AddConstraint(
            model_name='journaltemplateline',
            constraint=models.UniqueConstraint(fields=('template', 'line'), name='ledger_journaltemplateline_line_once'),
        ),
        migrations.AddIndex(
            model_name='scheduledreversal',
            index=models.Index(fields=['on'], name='ledger_scheduledreversal_due'),
        ),
        run_sql_file(SQL / "0009_journals.up.sql"),
        *[append_only(table) for table in APPEND_ONLY],
    ]
