"""Clients may announce what the bank will show."""

from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('access', '0010_badge_waiting'),
        migrations.swappable_dependency(settings.OAUTH2_PROVIDER_APPLICATION_MODEL),
    ]

    operations = [
        migrations.RemoveConstraint(
            model_name='apiclient',
            name='access_api_client_known_scopes',
        ),
        migrations.AddConstraint(
            model_name='apiclient',
            constraint=models.CheckConstraint(condition=models.Q(('scopes__contained_by', ['accounts:read', 'accounts:write', 'ach:read', 'advices:write', 'deposits:read', 'era:write', 'gl:ack', 'gl:read', 'gl:write', 'invoices:read', 'invoices:write', 'payments:read', 'payments:write', 'rates:read', 'rates:write', 'refunds:request', 'sessions:read', 'statements:read', 'statements:write', 'webhooks:manage'])), name='access_api_client_known_scopes'),
        ),
    ]
