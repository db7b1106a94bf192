"""Open invoices found by the day of issue or by the day due, however many there are."""

from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [("billing", "0002_rules")]

    operations = [
        migrations.AddIndex(
            model_name="invoice",
            index=models.Index(condition=models.Q(("state", "ISSUED")), fields=["facility", "issued_on"], name="billing_invoice_open_by_issue"),
        ),
        migrations.AddIndex(
            model_name="invoice",
            index=models.Index(condition=models.Q(("state", "ISSUED")), fields=["facility", "due_on"], name="billing_invoice_open_by_due"),
        ),
    ]
