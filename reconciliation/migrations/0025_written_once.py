"""What a discrepancy is called, and since when it is open, is written once."""

from django.db import migrations

from hms_ach.sql import written_once


class Migration(migrations.Migration):
    dependencies = [("reconciliation", "0024_affiliate_owner")]

    operations = [
        written_once("reconciliation_discrepancy", "public_id", "opened_at", "currency"),
    ]
