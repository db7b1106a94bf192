"""Receipts put right: issued again with other tenders, or laid against another invoice."""

import django.db.models.deletion
import hms_ach.ids
from django.conf import settings
from django.db import migrations, models

from hms_ach.sql import append_only


class Migration(migrations.Migration):

    dependencies = [
        ('billing', '0002_rules'),
        ('cashiering', '0009_custody_again'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name='TenderCorrection',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('public_id', hms_ach.ids.PublicIdField(prefix='tco')),
                ('replacement', models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, related_name='corrects', to='cashiering.payment')),
                ('void', models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, related_name='correction', to='cashiering.paymentvoid')),
            ],
        ),
        migrations.CreateModel(
            name='Reallocation',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('public_id', hms_ach.ids.PublicIdField(prefix='ral')),
                ('key', models.CharField(max_length=80, unique=True)),
                ('currency', models.CharField(max_length=3)),
                ('amount_minor', models.BigIntegerField()),
                ('reason', models.CharField(max_length=200)),
                ('business_on', models.DateField()),
                ('made_at', models.DateTimeField()),
                ('cashier', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('from_invoice', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='billing.invoice')),
                ('made_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('payment', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='reallocations', to='cashiering.payment')),
                ('to_invoice', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='billing.invoice')),
            ],
            options={
                'constraints': [models.CheckConstraint(condition=models.Q(('amount_minor__gt', 0)), name='cashiering_reallocation_positive'), models.CheckConstraint(condition=models.Q(('reason', ''), _negated=True), name='cashiering_reallocation_has_reason'), models.CheckConstraint(condition=models.Q(('from_invoice', models.F('to_invoice')), _negated=True), name='cashiering_reallocation_moves'), models.CheckConstraint(condition=models.Q(('made_by', models.F('cashier')), _negated=True), name='cashiering_reallocation_not_by_cashier')],
            },
        ),
        append_only("cashiering_tendercorrection"),
        append_only("cashiering_reallocation"),
    ]
