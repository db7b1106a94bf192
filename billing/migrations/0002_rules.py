from pathlib import Path

from django.db import migrations

from hms_ach.sql import append_only, run_sql_file


class Migration(migrations.Migration):
    """No two prices on one day, the steps of charges and invoices, and rows written once."""

    dependencies = [("billing", "0001_initial")]
    operations = [
        run_sql_file(Path(__file__).parent / "sql" / "0002_rules.up.sql"),
        append_only("billing_settlement"),
        append_only("billing_invoicecancellation"),
        append_only("billing_invoicelock"),
        append_only("billing_historicalpatient"),
        append_only("billing_historicalpayer"),
        append_only("billing_historicalcoverage"),
        append_only("billing_historicalservice"),
        append_only("billing_historicalpricelist"),
        append_only("billing_historicalprice"),
    ]
