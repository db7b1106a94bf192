"""Agreements at the cashier's screen, and hands that stay apart."""

from pathlib import Path

import django.db.models.deletion
import hms_ach.ids
from django.conf import settings
from django.db import migrations, models

from hms_ach.sql import append_only, run_sql_file

_SQL = Path(__file__).parent / "sql"


class Migration(migrations.Migration):

    dependencies = [
        ('access', '0008_desk_codes'),
        ('cashiering', '0013_cheques'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name='Override',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('public_id', hms_ach.ids.PublicIdField(prefix='ovr')),
                ('action', models.CharField(choices=[('VOID', 'Void above the limit'), ('CORRECTION', 'Tender correction above the limit'), ('REFUND', 'Refund approved in place'), ('CHEQUE', 'Cheque in spite of a block')], max_length=10)),
                ('reason', models.CharField(max_length=200)),
                ('way', models.CharField(choices=[('PIN', 'PIN'), ('BADGE', 'Badge')], max_length=5)),
                ('before', models.JSONField(default=dict)),
                ('after', models.JSONField(default=dict)),
                ('agreed_at', models.DateTimeField()),
                ('agreed_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('asked_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('facility', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='access.facility')),
                ('payment', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='overrides', to='cashiering.payment')),
                ('session', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='overrides', to='cashiering.session')),
            ],
            options={
                'indexes': [models.Index(fields=['facility', '-id'], name='cashiering_override_recent')],
                'constraints': [models.CheckConstraint(condition=models.Q(('agreed_by', models.F('asked_by')), _negated=True), name='cashiering_override_by_another'), models.CheckConstraint(condition=models.Q(('reason', ''), _negated=True), name='cashiering_override_has_reason')],
            },
        ),
        append_only("cashiering_override"),
        run_sql_file(_SQL / "0014_overrides.up.sql"),
    ]
