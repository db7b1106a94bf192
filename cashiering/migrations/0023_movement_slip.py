"""A paid-in or paid-out keeps a picture of its receipt."""


import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('cashiering', '0022_cash_book'),
        ('files', '0002_append_only'),
    ]

    operations = [
        migrations.AddField(
            model_name='cashmovement',
            name='slip',
            field=models.OneToOneField(help_text='its receipt', null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='files.storedfile'),
        ),
    ]
