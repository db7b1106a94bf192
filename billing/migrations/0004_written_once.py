"""Who registered a patient and who wrote or ended an alert is written once."""

from django.db import migrations

from hms_ach.sql import written_once


class Migration(migrations.Migration):
    dependencies = [("billing", "0003_open_invoices")]

    operations = [
        written_once("billing_patient", "public_id", "registered_by_id", "registered_at"),
        written_once("billing_patientalert", "raised_by_id", "raised_at", "ended_by_id", "ended_at"),
        written_once("billing_coverage", "public_id"),
    ]
