"""What others announce that the bank will show, and refunds that come back from the bank."""

from pathlib import Path

import django.contrib.postgres.fields
import django.db.models.deletion
import hms_ach.ids
from django.conf import settings
from django.db import migrations, models

from hms_ach.sql import run_sql_file

_SQL = Path(__file__).parent / "sql"


class Migration(migrations.Migration):

    dependencies = [
        ('access', '0011_advices'),
        ('cashiering', '0019_limit_override'),
        ('files', '0002_append_only'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.AddField(
            model_name='refund',
            name='batch',
            field=models.CharField(blank=True, help_text='the ACH batch in which it went', max_length=40),
        ),
        migrations.CreateModel(
            name='Advice',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('public_id', hms_ach.ids.PublicIdField(prefix='adv')),
                ('kind', models.CharField(choices=[('ACH_FILE', 'ACH file'), ('ACH_RETURN', 'ACH return'), ('REMITTANCE', 'Remittance')], max_length=10)),
                ('amount_minor', models.BigIntegerField()),
                ('currency', models.CharField(max_length=3)),
                ('reference', models.CharField(max_length=60)),
                ('references', django.contrib.postgres.fields.ArrayField(base_field=models.CharField(max_length=60), default=list, size=None)),
                ('payer_id', models.CharField(blank=True, max_length=40)),
                ('payer_name', models.CharField(blank=True, max_length=120)),
                ('method', models.CharField(blank=True, help_text='how a remittance is paid: ACH, CHK, FWT', max_length=3)),
                ('batch', models.CharField(blank=True, max_length=40)),
                ('reason', models.CharField(blank=True, max_length=3)),
                ('original', models.CharField(blank=True, max_length=40)),
                ('expected_on', models.DateField()),
                ('recorded_at', models.DateTimeField()),
                ('bank_confirmed_on', models.DateField(null=True)),
                ('withdrawn_at', models.DateTimeField(null=True)),
                ('withdraw_reason', models.CharField(blank=True, max_length=200)),
                ('facility', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='access.facility')),
                ('file', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='files.storedfile')),
                ('recorded_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('withdrawn_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'indexes': [models.Index(condition=models.Q(('bank_confirmed_on__isnull', True), ('withdrawn_at__isnull', True)), fields=['facility', 'expected_on'], name='cashiering_advice_awaited'), models.Index(condition=models.Q(('original', ''), _negated=True), fields=['original'], name='cashiering_advice_original')],
                'constraints': [models.UniqueConstraint(condition=models.Q(('withdrawn_at__isnull', True)), fields=('facility', 'kind', 'payer_id', 'reference'), name='cashiering_advice_once'), models.CheckConstraint(condition=models.Q(('amount_minor', 0), _negated=True), name='cashiering_advice_not_zero'), models.CheckConstraint(condition=models.Q(('reference', ''), _negated=True), name='cashiering_advice_named'), models.CheckConstraint(condition=models.Q(models.Q(('withdraw_reason', ''), ('withdrawn_at__isnull', True), ('withdrawn_by__isnull', True)), models.Q(('bank_confirmed_on__isnull', True), ('withdrawn_at__isnull', False), ('withdrawn_by__isnull', False), models.Q(('withdraw_reason', ''), _negated=True)), _connector='OR'), name='cashiering_advice_withdrawn_with_reason')],
            },
        ),
        run_sql_file(_SQL / "0020_advices.up.sql"),
    ]
