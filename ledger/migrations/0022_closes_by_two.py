"""Tie-outs that show what came since, reopenings of a state, checklists by two people, moments of posting."""

from pathlib import Path

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

from hms_ach.sql import append_only, run_sql_file

SQL = Path(__file__).parent / "sql"
STATES = [('OPEN', 'Open'), ('SOFT', 'Soft closed'), ('HARD', 'Hard closed')]


class Migration(migrations.Migration):

    dependencies = [
        ('ledger', '0021_statistics'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.AddField('tieout', 'n_postings', models.BigIntegerField(null=True)),
        # What was asked for before this was kept is of no state, and is asked for again.
        migrations.AddField('periodreopening', 'of_state', models.CharField(choices=STATES, default='', max_length=4), preserve_default=False),
        migrations.AddField('periodreopening', 'round', models.PositiveSmallIntegerField(default=0), preserve_default=False),
        migrations.RemoveConstraint('periodreopening', 'ledger_periodreopening_one_awaiting'),
        migrations.AddConstraint('periodreopening', models.UniqueConstraint(condition=models.Q(('approved_by__isnull', True)), fields=('period', 'round', 'of_state'), name='ledger_periodreopening_one_awaiting')),
        migrations.CreateModel(
            name='ChecklistProposal',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('steps', models.JSONField()),
                ('proposed_at', models.DateTimeField()),
                ('legal_entity', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, to='access.legalentity')),
                ('proposed_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
        ),
        migrations.CreateModel(
            name='ChecklistDecision',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('is_approved', models.BooleanField()),
                ('reason', models.CharField(blank=True, max_length=300)),
                ('decided_at', models.DateTimeField()),
                ('decided_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('proposal', models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, related_name='decision', to='ledger.checklistproposal')),
            ],
            options={
                'constraints': [models.CheckConstraint(condition=models.Q(('is_approved', True), models.Q(('reason', ''), _negated=True), _connector='OR'), name='ledger_checklistdecision_has_reason')],
            },
        ),
        run_sql_file(SQL / "0022_closes_by_two.up.sql"),
        append_only("ledger_checklistproposal"),
        append_only("ledger_checklistdecision"),
    ]
