"""Another person confirms opening counts, where a facility's rule says so."""

from pathlib import Path

import django.db.models.deletion
import hms_ach.ids
from django.conf import settings
from django.db import migrations, models

from hms_ach.sql import run_sql_file

_SQL = Path(__file__).parent / "sql"


class Migration(migrations.Migration):

    dependencies = [
        ('access', '0012_statistic_scopes'),
        ('cashiering', '0024_sendings'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name='OpeningRule',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('public_id', hms_ach.ids.PublicIdField(prefix='opr')),
                ('is_confirmed', models.BooleanField(help_text='whether another person confirms the opening count')),
                ('asked_at', models.DateTimeField()),
                ('approved_at', models.DateTimeField(null=True)),
            ],
        ),
        migrations.AddField(
            model_name='count',
            name='confirmed_at',
            field=models.DateTimeField(null=True),
        ),
        migrations.AddField(
            model_name='count',
            name='confirmed_by',
            field=models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddField(
            model_name='count',
            name='confirmed_way',
            field=models.CharField(blank=True, choices=[('PIN', 'PIN'), ('BADGE', 'Badge')], max_length=5),
        ),
        migrations.AddConstraint(
            model_name='count',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('confirmed_at__isnull', True), ('confirmed_by__isnull', True), ('confirmed_way', '')), models.Q(('confirmed_at__isnull', False), ('confirmed_by__isnull', False), ('kind', 'OPENING'), models.Q(('confirmed_way', ''), _negated=True), models.Q(('confirmed_by', models.F('counted_by')), _negated=True)), _connector='OR'), name='cashiering_count_confirmed_by_another'),
        ),
        migrations.AddField(
            model_name='openingrule',
            name='approved_by',
            field=models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddField(
            model_name='openingrule',
            name='asked_by',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddField(
            model_name='openingrule',
            name='facility',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='opening_rules', to='access.facility'),
        ),
        migrations.AddIndex(
            model_name='openingrule',
            index=models.Index(fields=['facility', '-id'], name='cashiering_opening_rule_now'),
        ),
        migrations.AddConstraint(
            model_name='openingrule',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('approved_at__isnull', True), ('approved_by__isnull', True)), models.Q(('approved_at__isnull', False), ('approved_by__isnull', False), models.Q(('approved_by', models.F('asked_by')), _negated=True)), _connector='OR'), name='cashiering_opening_rule_approved_by_another'),
        ),
        run_sql_file(_SQL / "0025_opening.up.sql"),
    ]
