"""PINs and badges for agreeing at somebody else's screen."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

from hms_ach.sql import append_only


class Migration(migrations.Migration):

    dependencies = [
        ('access', '0007_till_scopes'),
    ]

    operations = [
        migrations.CreateModel(
            name='DeskAttempt',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('is_right', models.BooleanField()),
                ('tried_at', models.DateTimeField()),
                ('asked_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('person', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'indexes': [models.Index(fields=['asked_by', '-id'], name='access_desk_attempt_asked'), models.Index(fields=['person', '-id'], name='access_desk_attempt_person')],
            },
        ),
        migrations.CreateModel(
            name='DeskCode',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('pin_hash', models.CharField(blank=True, max_length=128)),
                ('badge_hash', models.CharField(blank=True, max_length=64)),
                ('pin_set_at', models.DateTimeField(null=True)),
                ('badge_set_at', models.DateTimeField(null=True)),
                ('user', models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, related_name='desk_code', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'constraints': [models.UniqueConstraint(condition=models.Q(('badge_hash', ''), _negated=True), fields=('badge_hash',), name='access_desk_code_badge_once')],
            },
        ),
        append_only("access_deskattempt"),
    ]
