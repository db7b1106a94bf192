"""Somebody says why a terminal counted otherwise than its batch."""

from pathlib import Path

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

from hms_ach.sql import run_sql_file


class Migration(migrations.Migration):

    dependencies = [
        ('access', '0012_statistic_scopes'),
        ('cashiering', '0029_lockbox'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.AddField(
            model_name='cardbatch',
            name='difference_at',
            field=models.DateTimeField(null=True),
        ),
        migrations.AddField(
            model_name='cardbatch',
            name='difference_by',
            field=models.ForeignKey(help_text='who cleared it up', null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddField(
            model_name='cardbatch',
            name='difference_reason',
            field=models.CharField(blank=True, max_length=200),
        ),
        migrations.AddConstraint(
            model_name='cardbatch',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('difference_at__isnull', True), ('difference_by__isnull', True), ('difference_reason', '')), models.Q(('difference_at__isnull', False), ('difference_by__isnull', False), ('state__in', ['CLOSED', 'SETTLED']), models.Q(('difference_reason', ''), _negated=True), models.Q(('closed_by__isnull', True), models.Q(('difference_by', models.F('closed_by')), _negated=True), _connector='OR')), _connector='OR'), name='cashiering_card_batch_difference_by_another'),
        ),
        run_sql_file(Path(__file__).parent / "sql" / "0030_card_differences.up.sql"),
    ]
