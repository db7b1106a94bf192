"""Ways to the general ledger, and what goes over them."""

from pathlib import Path

import django.db.models.deletion
import hms_ach.ids
import hms_ach.vault.field
from django.conf import settings
from django.db import migrations, models

from hms_ach.sql import append_only, run_sql_file

SQL = Path(__file__).parent / "sql"


class Migration(migrations.Migration):

    dependencies = [
        ('access', '0007_till_scopes'),
        ('ledger', '0017_clearing'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name='DeliveryProfile',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('public_id', hms_ach.ids.PublicIdField(prefix='dpf')),
                ('code', models.CharField(max_length=30)),
                ('version', models.PositiveIntegerField()),
                ('way', models.CharField(choices=[('SFTP', 'SFTP'), ('FOLDER', 'Folder')], max_length=6)),
                ('place', models.CharField(max_length=500)),
                ('username', models.CharField(blank=True, max_length=80)),
                ('secret', hms_ach.vault.field.EncryptedTextField(blank=True, bound_to='public_id')),
                ('host_key', models.TextField(blank=True)),
                ('layout', models.CharField(max_length=40)),
                ('name_pattern', models.CharField(max_length=80)),
                ('is_automatic', models.BooleanField(default=False)),
                ('reason', models.TextField()),
                ('written_at', models.DateTimeField()),
                ('retired_at', models.DateTimeField(null=True)),
                ('legal_entity', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, to='access.legalentity')),
                ('retired_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('written_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
        ),
        migrations.CreateModel(
            name='DeliveryProfileApproval',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('approved_at', models.DateTimeField()),
                ('approved_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('profile', models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, related_name='approval', to='ledger.deliveryprofile')),
            ],
        ),
        migrations.CreateModel(
            name='GlBatchDelivery',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('public_id', hms_ach.ids.PublicIdField(prefix='gbd')),
                ('destination', models.CharField(max_length=30)),
                ('repeat', models.PositiveSmallIntegerField(default=0)),
                ('reason', models.CharField(blank=True, max_length=300)),
                ('remote_name', models.CharField(max_length=120)),
                ('size', models.BigIntegerField()),
                ('sha256', models.CharField(max_length=64)),
                ('state', models.CharField(choices=[('QUEUED', 'Queued'), ('FAILED', 'Failed, tried again'), ('SENT', 'Sent'), ('GIVEN_UP', 'Given up'), ('DROPPED', 'Dropped')], default='QUEUED', max_length=8)),
                ('tries', models.PositiveSmallIntegerField(default=0)),
                ('next_try_at', models.DateTimeField()),
                ('placing_at', models.DateTimeField(null=True)),
                ('problem', models.CharField(blank=True, max_length=300)),
                ('queued_at', models.DateTimeField()),
                ('finished_at', models.DateTimeField(null=True)),
                ('asked_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('batch', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='deliveries', to='ledger.glbatch')),
                ('file', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='ledger.glbatchfile')),
                ('profile', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='deliveries', to='ledger.deliveryprofile')),
            ],
        ),
        migrations.CreateModel(
            name='GlBatchDeliveryTry',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('number', models.PositiveSmallIntegerField()),
                ('began_at', models.DateTimeField()),
                ('ended_at', models.DateTimeField()),
                ('problem', models.CharField(blank=True, max_length=300)),
                ('delivery', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='attempts', to='ledger.glbatchdelivery')),
            ],
        ),
        migrations.AddConstraint(
            model_name='deliveryprofile',
            constraint=models.UniqueConstraint(fields=('legal_entity', 'code', 'version'), name='ledger_deliveryprofile_version_once'),
        ),
        migrations.AddConstraint(
            model_name='deliveryprofile',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('code', ''), _negated=True), models.Q(('place', ''), _negated=True), models.Q(('layout', ''), _negated=True), models.Q(('name_pattern', ''), _negated=True), models.Q(('reason', ''), _negated=True)), name='ledger_deliveryprofile_whole'),
        ),
        migrations.AddConstraint(
            model_name='deliveryprofile',
            constraint=models.CheckConstraint(condition=models.Q(('way', 'FOLDER'), models.Q(('way', 'SFTP'), models.Q(('host_key', ''), _negated=True), models.Q(('username', ''), _negated=True)), _connector='OR'), name='ledger_deliveryprofile_pins_its_host'),
        ),
        migrations.AddConstraint(
            model_name='deliveryprofile',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('retired_at__isnull', True), ('retired_by__isnull', True)), models.Q(('retired_at__isnull', False), ('retired_by__isnull', False)), _connector='OR'), name='ledger_deliveryprofile_retired_whole'),
        ),
        migrations.AddIndex(
            model_name='glbatchdelivery',
            index=models.Index(condition=models.Q(('state__in', ['QUEUED', 'FAILED'])), fields=['next_try_at', 'id'], name='ledger_glbatchdelivery_owed'),
        ),
        migrations.AddConstraint(
            model_name='glbatchdelivery',
            constraint=models.UniqueConstraint(fields=('batch', 'destination', 'repeat'), name='ledger_glbatchdelivery_once'),
        ),
        migrations.AddConstraint(
            model_name='glbatchdelivery',
            constraint=models.CheckConstraint(condition=models.Q(('repeat', 0), models.Q(models.Q(('reason', ''), _negated=True), ('asked_by__isnull', False)), _connector='OR'), name='ledger_glbatchdelivery_again_says_why'),
        ),
        migrations.AddConstraint(
            model_name='glbatchdelivery',
            constraint=models.CheckConstraint(condition=models.Q(('remote_name__regex', '^[A-Za-z0-9][A-Za-z0-9._-]*$')), name='ledger_glbatchdelivery_plain_name'),
        ),
        migrations.AddConstraint(
            model_name='glbatchdelivery',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('finished_at__isnull', True), ('state__in', ['QUEUED', 'FAILED'])), models.Q(('finished_at__isnull', False), ('state__in', ['SENT', 'GIVEN_UP', 'DROPPED'])), _connector='OR'), name='ledger_glbatchdelivery_finished_whole'),
        ),
        migrations.AddConstraint(
            model_name='glbatchdelivery',
            constraint=models.CheckConstraint(condition=models.Q(('finished_at__isnull', True), ('finished_at__gte', models.F('queued_at')), _connector='OR'), name='ledger_glbatchdelivery_in_order'),
        ),
        migrations.AddConstraint(
            model_name='glbatchdeliverytry',
            constraint=models.UniqueConstraint(fields=('delivery', 'number'), name='ledger_glbatchdeliverytry_in_order'),
        ),
        append_only("ledger_deliveryprofileapproval"),
        append_only("ledger_glbatchdeliverytry"),
        run_sql_file(SQL / "0018_deliveries.up.sql"),
    ]
