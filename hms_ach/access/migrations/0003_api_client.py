"""Programs that use the API. Apart from people, because the tables of OAuth need those first."""

import django.contrib.postgres.fields
import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

from hms_ach.sql import written_once

# A database that has all of these has this one.
REPLACED = (
    "0004_api_client", "0005_gl_scopes", "0006_rate_scopes", "0007_till_scopes", "0009_account_scopes",
    "0011_advices", "0012_statistic_scopes", "0013_written_once", "0014_arrivals", "0016_journal_scopes",
)


class Migration(migrations.Migration):
    replaces = [("access", name) for name in REPLACED]

    dependencies = [
        ("access", "0002_sql"),
        migrations.swappable_dependency(settings.OAUTH2_PROVIDER_APPLICATION_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name='ApiClient',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('name', models.CharField(max_length=120)),
                ('scopes', django.contrib.postgres.fields.ArrayField(base_field=models.CharField(max_length=40), size=None)),
                ('created_at', models.DateTimeField()),
                ('secret_set_at', models.DateTimeField()),
                ('application', models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, related_name='api_client', to=settings.OAUTH2_PROVIDER_APPLICATION_MODEL)),
                ('created_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('user', models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, related_name='api_client', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'constraints': [models.CheckConstraint(condition=models.Q(('scopes__contained_by', ['accounts:read', 'accounts:write', 'ach:read', 'advices:write', 'arrivals:read', 'arrivals:write', 'deposits:read', 'era:write', 'gl:ack', 'gl:read', 'gl:write', 'invoices:read', 'invoices:write', 'journals:read', 'journals:write', 'payments:read', 'payments:write', 'rates:read', 'rates:write', 'refunds:request', 'sessions:read', 'statements:read', 'statements:write', 'statistics:read', 'statistics:write', 'webhooks:manage'])), name='access_api_client_known_scopes')],
            },
        ),
        written_once("access_apiclient", "created_by_id", "created_at"),
    ]
