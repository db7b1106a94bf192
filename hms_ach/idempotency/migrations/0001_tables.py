"""Replies that were given, so that a repeated request gets the same."""

from django.db import migrations, models

# A database that has all of these has this one.
REPLACED = (
    "0001_initial",
)


class Migration(migrations.Migration):
    initial = True

    replaces = [("idempotency", name) for name in REPLACED]

    dependencies = []

    operations = [
        migrations.CreateModel(
            name='Key',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('client', models.CharField(max_length=100)),
                ('key', models.CharField(max_length=255)),
                ('fingerprint', models.CharField(max_length=64)),
                ('status', models.PositiveSmallIntegerField()),
                ('media_type', models.CharField(max_length=100)),
                ('headers', models.JSONField(default=dict)),
                ('body', models.BinaryField()),
                ('created_at', models.DateTimeField(db_index=True)),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('client', 'key'), name='idempotency_key_once_per_client')],
            },
        ),
    ]
