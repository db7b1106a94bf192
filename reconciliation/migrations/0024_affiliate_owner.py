"""Suspense: whose money it is when another legal entity owns it, and its sum for the tie-out."""

from pathlib import Path

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

from hms_ach.sql import run_sql_file

_SQL = Path(__file__).parent / "sql"


class Migration(migrations.Migration):

    dependencies = [
        ('access', '0012_statistic_scopes'),
        ('reconciliation', '0023_checked_in_a_row'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.RemoveConstraint(
            model_name='suspenseclearing',
            name='reconciliation_suspenseclearing_purpose_fits',
        ),
        migrations.AddField(
            model_name='suspenseclearing',
            name='owner',
            field=models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='access.facility'),
        ),
        migrations.AlterField(
            model_name='suspenseclearing',
            name='purpose',
            field=models.CharField(choices=[('INVOICE', 'Pays an invoice'), ('EXPECTED', 'Was expected all along'), ('ON_ACCOUNT', "Kept on a patient's account"), ('AFFILIATE', "Another legal entity's money"), ('GIVE_BACK', 'To be given back'), ('INCOME', 'Other income'), ('FEE', 'Bank or merchant fee'), ('WRITE_OFF', 'Written off')], max_length=10),
        ),
        migrations.AddConstraint(
            model_name='suspenseclearing',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('amount_minor__gt', 0), ('purpose__in', ['INVOICE', 'ON_ACCOUNT', 'EXPECTED']), models.Q(('document', ''), _negated=True)), models.Q(('amount_minor__gt', 0), ('purpose', 'AFFILIATE')), models.Q(('amount_minor__gt', 0), ('document', ''), ('purpose__in', ['GIVE_BACK', 'INCOME'])), models.Q(('amount_minor__lt', 0), ('document', ''), ('purpose__in', ['FEE', 'WRITE_OFF'])), _connector='OR'), name='reconciliation_suspenseclearing_purpose_fits'),
        ),
        migrations.AddConstraint(
            model_name='suspenseclearing',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('owner__isnull', False), ('purpose', 'AFFILIATE')), models.Q(models.Q(('purpose', 'AFFILIATE'), _negated=True), ('owner__isnull', True)), _connector='OR'), name='reconciliation_suspenseclearing_names_owner'),
        ),
        migrations.AddIndex(
            model_name="matchadjustment",
            index=models.Index(
                condition=models.Q(("role", "suspense.unidentified")),
                fields=["match"],
                name="reconciliation_to_suspense",
            ),
        ),
        run_sql_file(_SQL / "0024_affiliate_owner.up.sql"),
    ]
