"""Receipts by text message, and whether the patient was there when a refund was asked for."""

import django.db.models.deletion
import hms_ach.ids
import hms_ach.vault.field
from django.conf import settings
from django.db import migrations, models

from hms_ach.sql import RunSql, written_once


class Migration(migrations.Migration):

    dependencies = [
        ('cashiering', '0031_written_once'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.AddField(
            model_name='refund',
            name='is_patient_present',
            field=models.BooleanField(help_text='whether the patient stood at the desk; unknown where nobody was asked', null=True),
        ),
        migrations.CreateModel(
            name='ReceiptText',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('public_id', hms_ach.ids.PublicIdField(prefix='rtx')),
                ('number', hms_ach.vault.field.EncryptedTextField(bound_to='public_id')),
                ('consented_at', models.DateTimeField()),
                ('asked_at', models.DateTimeField()),
                ('tries', models.PositiveSmallIntegerField(default=0)),
                ('next_try_at', models.DateTimeField(null=True)),
                ('sent_at', models.DateTimeField(null=True)),
                ('problem', models.CharField(blank=True, max_length=200)),
                ('asked_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('payment', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='texts', to='cashiering.payment')),
            ],
            options={
                'indexes': [models.Index(condition=models.Q(('next_try_at__isnull', False)), fields=['next_try_at'], name='cashiering_receipt_text_due')],
                'constraints': [models.CheckConstraint(condition=models.Q(('sent_at__isnull', True), ('next_try_at__isnull', True), _connector='OR'), name='cashiering_receipt_text_sent_or_due')],
            },
        ),
        RunSql(
            "REVOKE DELETE, TRUNCATE ON cashiering_receipttext FROM {app};",
            "GRANT DELETE ON cashiering_receipttext TO {app};",
        ),
        written_once(
            "cashiering_receipttext",
            *("public_id", "payment_id", "consented_at", "asked_by_id", "asked_at", "sent_at"),
        ),
    ]
