"""A badge counts once its owner has scanned it: what an administrator enrolled waits until then."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('access', '0009_account_scopes'),
    ]

    operations = [
        migrations.AddField(
            model_name='deskcode',
            name='enrolled_by',
            field=models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddField(
            model_name='deskcode',
            name='waiting_hash',
            field=models.CharField(blank=True, max_length=64),
        ),
        migrations.AddField(
            model_name='deskcode',
            name='waiting_since',
            field=models.DateTimeField(null=True),
        ),
        migrations.AddConstraint(
            model_name='deskcode',
            constraint=models.UniqueConstraint(condition=models.Q(('waiting_hash', ''), _negated=True), fields=('waiting_hash',), name='access_desk_code_waiting_once'),
        ),
        migrations.AddConstraint(
            model_name='deskcode',
            constraint=models.CheckConstraint(condition=models.Q(('waiting_hash', ''), models.Q(('enrolled_by__isnull', False), ('waiting_since__isnull', False)), _connector='OR'), name='access_desk_code_waiting_by_somebody'),
        ),
    ]
