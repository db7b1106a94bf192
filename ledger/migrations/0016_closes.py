"""A reopened period closes again from the first step; a year is closed by two people."""

from pathlib import Path

import django.db.models.deletion
import hms_ach.ids
from django.conf import settings
from django.db import migrations, models

from hms_ach.sql import run_sql_file

SQL = Path(__file__).parent / "sql"


class Migration(migrations.Migration):

    dependencies = [
        ('access', '0007_till_scopes'),
        ('files', '0002_append_only'),
        ('ledger', '0015_mapping_removals'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name='YearCloseRequest',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('public_id', hms_ach.ids.PublicIdField(prefix='ycr')),
                ('fiscal_year', models.PositiveSmallIntegerField()),
                ('state', models.CharField(choices=[('ASKED', 'Awaits approval'), ('DONE', 'Closed'), ('DECLINED', 'Declined')], default='ASKED', max_length=8)),
                ('requested_at', models.DateTimeField()),
                ('decided_at', models.DateTimeField(null=True)),
                ('reason', models.CharField(blank=True, max_length=300)),
            ],
        ),
        migrations.RemoveConstraint(
            model_name='closetask',
            name='ledger_closetask_step_once',
        ),
        migrations.AddField(
            model_name='closetask',
            name='round',
            field=models.PositiveSmallIntegerField(default=0),
        ),
        migrations.AddField(
            model_name='tieout',
            name='round',
            field=models.PositiveSmallIntegerField(default=0),
        ),
        migrations.AddConstraint(
            model_name='closetask',
            constraint=models.UniqueConstraint(fields=('period', 'round', 'step'), name='ledger_closetask_step_once'),
        ),
        migrations.AddField(
            model_name='yearcloserequest',
            name='decided_by',
            field=models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddField(
            model_name='yearcloserequest',
            name='legal_entity',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, to='access.legalentity'),
        ),
        migrations.AddField(
            model_name='yearcloserequest',
            name='requested_by',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddField(
            model_name='yearclose',
            name='request',
            field=models.OneToOneField(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='closing', to='ledger.yearcloserequest'),
        ),
        migrations.AddConstraint(
            model_name='yearcloserequest',
            constraint=models.UniqueConstraint(condition=models.Q(('state', 'ASKED')), fields=('legal_entity', 'fiscal_year'), name='ledger_yearcloserequest_one_awaiting'),
        ),
        migrations.AddConstraint(
            model_name='yearcloserequest',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('state', 'DONE'), _negated=True), models.Q(('decided_by', models.F('requested_by')), _negated=True), _connector='OR'), name='ledger_yearcloserequest_two_people'),
        ),
        migrations.AddConstraint(
            model_name='yearcloserequest',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('decided_at__isnull', True), ('decided_by__isnull', True), ('state', 'ASKED')), models.Q(('decided_at__isnull', False), ('decided_by__isnull', False), ('state__in', ['DONE', 'DECLINED'])), _connector='OR'), name='ledger_yearcloserequest_decision_whole'),
        ),
        migrations.AddConstraint(
            model_name='yearcloserequest',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('state', 'DECLINED'), _negated=True), models.Q(('reason', ''), _negated=True), _connector='OR'), name='ledger_yearcloserequest_says_why'),
        ),
        run_sql_file(SQL / "0016_closes.up.sql"),
    ]
