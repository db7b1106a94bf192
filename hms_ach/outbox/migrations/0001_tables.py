"""Events, and where they go."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

import hms_ach.ids
import hms_ach.vault.field

# A database that has all of these has this one.
REPLACED = (
    "0001_initial",
)


class Migration(migrations.Migration):
    initial = True

    replaces = [("outbox", name) for name in REPLACED]

    dependencies = [
        ("access", "0002_sql"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name='Endpoint',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('public_id', hms_ach.ids.PublicIdField(prefix='whe')),
                ('url', models.CharField(max_length=500)),
                ('description', models.CharField(blank=True, max_length=120)),
                ('event_types', models.JSONField(default=list)),
                ('state', models.CharField(choices=[('ACTIVE', 'Active'), ('PAUSED', 'Paused'), ('DISABLED', 'Disabled')], default='ACTIVE', max_length=10)),
                ('secret', hms_ach.vault.field.EncryptedTextField(bound_to='public_id')),
                ('previous_secret', hms_ach.vault.field.EncryptedTextField(bound_to='public_id', null=True)),
                ('previous_secret_until', models.DateTimeField(null=True)),
                ('created_at', models.DateTimeField()),
                ('disabled_reason', models.CharField(blank=True, max_length=200)),
                ('owner', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('facilities', models.ManyToManyField(related_name='+', to='access.facility')),
            ],
            options={
                'constraints': [
                    models.CheckConstraint(condition=models.Q(models.Q(('previous_secret__isnull', True), ('previous_secret_until__isnull', True)), models.Q(('previous_secret__isnull', False), ('previous_secret_until__isnull', False)), _connector='OR'), name='outbox_endpoint_previous_secret_ends'),
                    models.CheckConstraint(condition=models.Q(('url', ''), _negated=True), name='outbox_endpoint_has_url'),
                ],
            },
        ),
        migrations.CreateModel(
            name='Event',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('public_id', hms_ach.ids.PublicIdField(prefix='evt')),
                ('type', models.CharField(max_length=60)),
                ('subject', models.CharField(max_length=120)),
                ('sequence', models.PositiveBigIntegerField()),
                ('data', models.JSONField()),
                ('occurred_at', models.DateTimeField()),
                ('facility', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='access.facility')),
            ],
            options={
                'indexes': [
                    models.Index(fields=['occurred_at', 'id'], name='outbox_event_when'),
                    models.Index(fields=['type', 'occurred_at', 'id'], name='outbox_event_type'),
                ],
                'constraints': [models.UniqueConstraint(fields=('subject', 'sequence'), name='outbox_event_sequence_per_subject')],
            },
        ),
        migrations.CreateModel(
            name='Delivery',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('subject', models.CharField(max_length=120)),
                ('sequence', models.PositiveBigIntegerField()),
                ('state', models.CharField(choices=[('PENDING', 'Waiting'), ('DELIVERED', 'Delivered'), ('DEAD', 'Given up')], default='PENDING', max_length=10)),
                ('tries', models.PositiveSmallIntegerField(default=0)),
                ('next_try_at', models.DateTimeField()),
                ('finished_at', models.DateTimeField(null=True)),
                ('endpoint', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='deliveries', to='outbox.endpoint')),
                ('event', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='deliveries', to='outbox.event')),
            ],
            options={
                'indexes': [
                    models.Index(condition=models.Q(('state', 'PENDING')), fields=['next_try_at', 'id'], name='outbox_delivery_due'),
                    models.Index(condition=models.Q(('state', 'PENDING')), fields=['endpoint', 'subject', 'sequence'], name='outbox_delivery_order'),
                    models.Index(fields=['endpoint', 'id'], name='outbox_delivery_log'),
                ],
                'constraints': [
                    models.UniqueConstraint(fields=('endpoint', 'event'), name='outbox_delivery_once_per_endpoint'),
                    models.CheckConstraint(condition=models.Q(models.Q(('finished_at__isnull', True), ('state', 'PENDING')), models.Q(models.Q(('state', 'PENDING'), _negated=True), ('finished_at__isnull', False)), _connector='OR'), name='outbox_delivery_finished_has_moment'),
                ],
            },
        ),
        migrations.CreateModel(
            name='Attempt',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('at', models.DateTimeField()),
                ('status', models.PositiveSmallIntegerField(null=True)),
                ('problem', models.CharField(blank=True, max_length=200)),
                ('duration_ms', models.PositiveIntegerField()),
                ('delivery', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='attempts', to='outbox.delivery')),
            ],
        ),
        migrations.CreateModel(
            name='Sequence',
            fields=[
                ('subject', models.CharField(max_length=120, primary_key=True, serialize=False)),
                ('last_number', models.PositiveBigIntegerField()),
            ],
        ),
    ]
