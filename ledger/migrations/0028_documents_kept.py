"""The documents of a tie-out, and settlements between entities."""

from pathlib import Path

import django.db.models.deletion
import hms_ach.ids
from django.conf import settings
from django.db import migrations, models

from hms_ach.sql import append_only, run_sql_file


SQL = Path(__file__).parent / "sql"


class Migration(migrations.Migration):

    dependencies = [
        ('access', '0014_arrivals'),
        ('ledger', '0027_payers_in_snapshots'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name='AffiliateSettlement',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('public_id', hms_ach.ids.PublicIdField(prefix='afs')),
                ('reference', models.CharField(max_length=80)),
                ('transfer', models.CharField(max_length=80)),
                ('amount_minor', models.BigIntegerField()),
                ('currency', models.CharField(max_length=3)),
                ('effective_on', models.DateField()),
                ('memo', models.CharField(max_length=200)),
                ('proposed_at', models.DateTimeField()),
                ('verdict', models.CharField(choices=[('APPROVED', 'Approved'), ('REJECTED', 'Sent back'), ('WITHDRAWN', 'Withdrawn')], max_length=10, null=True)),
                ('decided_at', models.DateTimeField(null=True)),
                ('creditor', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='access.facility')),
                ('debtor', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='access.facility')),
                ('decided_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('proposed_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'constraints': [models.CheckConstraint(condition=models.Q(('amount_minor__gt', 0), models.Q(('memo', ''), _negated=True), models.Q(('reference', models.F('transfer')), _negated=True)), name='ledger_affiliatesettlement_says_something'), models.CheckConstraint(condition=models.Q(('verdict__isnull', True), ('verdict', 'WITHDRAWN'), models.Q(('decided_by', models.F('proposed_by')), _negated=True), _connector='OR'), name='ledger_affiliatesettlement_two_people'), models.CheckConstraint(condition=models.Q(models.Q(('decided_at__isnull', True), ('decided_by__isnull', True), ('verdict__isnull', True)), models.Q(('decided_at__isnull', False), ('decided_by__isnull', False), ('verdict__isnull', False)), _connector='OR'), name='ledger_affiliatesettlement_decided_by_someone'), models.UniqueConstraint(condition=models.Q(('verdict__isnull', True)), fields=('reference', 'transfer', 'currency'), name='ledger_affiliatesettlement_one_waiting')],
            },
        ),
        migrations.CreateModel(
            name='TieOutDocument',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('reference', models.CharField(max_length=80)),
                ('amount_minor', models.BigIntegerField()),
                ('facility', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='access.facility')),
                ('tie_out', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='documents', to='ledger.tieout')),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('tie_out', 'reference', 'facility'), name='ledger_tieoutdocument_once'), models.CheckConstraint(condition=models.Q(('amount_minor', 0), _negated=True), name='ledger_tieoutdocument_not_zero')],
            },
        ),
        run_sql_file(SQL / "0028_documents_kept.up.sql"),
        append_only("ledger_tieoutdocument"),
    ]
