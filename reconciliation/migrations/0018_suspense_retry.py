"""What lies in suspense is tried again each night, and may turn out to have been expected."""

from pathlib import Path

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

from hms_ach.sql import run_sql_file

_SQL = Path(__file__).parent / "sql"


class Migration(migrations.Migration):

    dependencies = [
        ('access', '0011_advices'),
        ('reconciliation', '0017_review'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name='SuspenseTry',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('reference', models.CharField(max_length=80)),
                ('currency', models.CharField(max_length=3)),
                ('count', models.PositiveIntegerField(default=0)),
                ('last_at', models.DateTimeField()),
                ('found', models.CharField(max_length=200)),
            ],
        ),
        migrations.RemoveConstraint(
            model_name='suspenseclearing',
            name='reconciliation_suspenseclearing_purpose_fits',
        ),
        migrations.AddField(
            model_name='suspenseclearing',
            name='match',
            field=models.OneToOneField(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='clearing', to='reconciliation.match'),
        ),
        migrations.AlterField(
            model_name='suspenseclearing',
            name='proposed_by',
            field=models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AlterField(
            model_name='suspenseclearing',
            name='purpose',
            field=models.CharField(choices=[('INVOICE', 'Pays an invoice'), ('EXPECTED', 'Was expected all along'), ('ON_ACCOUNT', "Kept on a patient's account"), ('GIVE_BACK', 'To be given back'), ('INCOME', 'Other income'), ('FEE', 'Bank or merchant fee'), ('WRITE_OFF', 'Written off')], max_length=10),
        ),
        migrations.AddConstraint(
            model_name='suspenseclearing',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('amount_minor__gt', 0), ('purpose__in', ['INVOICE', 'ON_ACCOUNT', 'EXPECTED']), models.Q(('document', ''), _negated=True)), models.Q(('amount_minor__gt', 0), ('document', ''), ('purpose__in', ['GIVE_BACK', 'INCOME'])), models.Q(('amount_minor__lt', 0), ('document', ''), ('purpose__in', ['FEE', 'WRITE_OFF'])), _connector='OR'), name='reconciliation_suspenseclearing_purpose_fits'),
        ),
        migrations.AddConstraint(
            model_name='suspenseclearing',
            constraint=models.CheckConstraint(condition=models.Q(('proposed_by__isnull', False), ('purpose__in', ['INVOICE', 'EXPECTED']), _connector='OR'), name='reconciliation_suspenseclearing_run_proves'),
        ),
        migrations.AddField(
            model_name='suspensetry',
            name='facility',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='access.facility'),
        ),
        migrations.AddConstraint(
            model_name='suspensetry',
            constraint=models.UniqueConstraint(fields=('facility', 'reference', 'currency'), name='reconciliation_suspensetry_once'),
        ),
        run_sql_file(_SQL / "0018_suspense_retry.up.sql"),
    ]
