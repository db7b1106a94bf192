"""Rates that were crossed, and revaluations of foreign balances."""

import django.db.models.deletion
import hms_ach.ids
from django.conf import settings
from django.db import migrations, models

from hms_ach.sql import append_only


class Migration(migrations.Migration):

    dependencies = [
        ('ledger', '0009_journals'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.AddField(
            model_name='exchangerate',
            name='via',
            field=models.CharField(blank=True, max_length=3),
        ),
        migrations.CreateModel(
            name='Revaluation',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('public_id', hms_ach.ids.PublicIdField(prefix='rvl')),
                ('n_balances', models.PositiveIntegerField()),
                ('made_at', models.DateTimeField()),
                ('made_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, to=settings.AUTH_USER_MODEL)),
                ('period', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='revaluations', to='ledger.period')),
            ],
        ),
        append_only("ledger_revaluation"),
    ]
