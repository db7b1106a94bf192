"""The audit trail."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

import hms_ach.audit.models.transaction_id
import hms_ach.ids

# A database that has all of these has this one.
REPLACED = (
    "0001_initial",
)


class Migration(migrations.Migration):
    initial = True

    replaces = [("audit", name) for name in REPLACED]

    dependencies = [
        ("access", "0002_sql"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name='Epoch',
            fields=[
                ('number', models.PositiveIntegerField(primary_key=True, serialize=False)),
                ('started_at', models.DateTimeField()),
                ('reason', models.TextField()),
            ],
        ),
        migrations.CreateModel(
            name='Event',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('public_id', hms_ach.ids.PublicIdField(prefix='aud')),
                ('epoch', models.PositiveIntegerField()),
                ('transaction', hms_ach.audit.models.transaction_id.TransactionIdField()),
                ('at', models.DateTimeField()),
                ('action', models.CharField(max_length=80)),
                ('subject_kind', models.CharField(max_length=60)),
                ('subject', models.CharField(max_length=120)),
                ('request_id', models.CharField(max_length=80)),
                ('reason', models.TextField()),
                ('before', models.JSONField(null=True)),
                ('after', models.JSONField(null=True)),
                ('frozen', models.TextField()),
                ('salt', models.BinaryField()),
                ('digest', models.BinaryField()),
                ('actor', models.ForeignKey(db_index=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('facility', models.ForeignKey(db_index=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='access.facility')),
                ('on_behalf_of', models.ForeignKey(db_index=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'permissions': [('verify_audit', 'May verify and export the audit trail')],
                'indexes': [
                    models.Index(fields=['subject', 'at', 'id'], name='audit_event_subject'),
                    models.Index(fields=['actor', 'at', 'id'], name='audit_event_actor'),
                    models.Index(fields=['action', 'at', 'id'], name='audit_event_action'),
                    models.Index(fields=['facility', 'at', 'id'], name='audit_event_facility'),
                    models.Index(fields=['at', 'id'], name='audit_event_at'),
                    models.Index(fields=['epoch', 'transaction', 'id'], name='audit_event_sealing_order'),
                ],
            },
        ),
        migrations.CreateModel(
            name='Seal',
            fields=[
                ('number', models.PositiveBigIntegerField(primary_key=True, serialize=False)),
                ('epoch', models.PositiveIntegerField()),
                ('low', hms_ach.audit.models.transaction_id.TransactionIdField()),
                ('high', hms_ach.audit.models.transaction_id.TransactionIdField()),
                ('event_count', models.PositiveIntegerField()),
                ('root', models.BinaryField()),
                ('previous_digest', models.BinaryField()),
                ('sealed_at', models.DateTimeField()),
                ('key_id', models.CharField(blank=True, max_length=16)),
                ('header', models.TextField()),
                ('digest', models.BinaryField()),
                ('signature', models.BinaryField()),
            ],
            options={
                'constraints': [
                    models.CheckConstraint(condition=models.Q(('event_count__gte', 1)), name='audit_seal_holds_events'),
                    models.CheckConstraint(condition=models.Q(('low__lt', models.F('high'))), name='audit_seal_low_before_high'),
                    models.UniqueConstraint(fields=('epoch', 'low'), name='audit_seal_follows_once'),
                ],
            },
        ),
    ]
