"""Guards of money on account, and a credit for what earlier payments left there."""

from pathlib import Path

from django.db import migrations

from hms_ach.sql import RunSql, append_only, run_sql_file

_SQL = Path(__file__).parent / "sql"
_CREDITS_OF_EARLIER_PAYMENTS = """
    INSERT INTO cashiering_credit
        (public_id, payment_id, facility_id, patient_id, currency, amount_minor, used_minor)
    SELECT 'crd_' || substr(p.public_id, 5), p.id, p.facility_id, p.patient_id, p.currency, p.unapplied_minor,
           CASE WHEN v.id IS NULL THEN 0 ELSE p.unapplied_minor END
    FROM cashiering_payment p LEFT JOIN cashiering_paymentvoid v ON v.payment_id = p.id
    WHERE p.unapplied_minor > 0
    ORDER BY p.id
"""


class Migration(migrations.Migration):
    dependencies = [("cashiering", "0005_tenders_and_credits")]

    operations = [
        append_only("cashiering_notcollected"),
        run_sql_file(_SQL / "0006_credits.up.sql"),
        RunSql(_CREDITS_OF_EARLIER_PAYMENTS, "SELECT 1"),
    ]
