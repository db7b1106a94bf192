"""Receipts by e-mail that are still owed."""

from datetime import datetime

from cashiering.models import ReceiptMail


def mails_due(*, now: datetime) -> list[int]:
    """Mails that are owed and that no worker holds, oldest first, 200 at most. One SQL query."""
    rows = ReceiptMail.objects.filter(next_try_at__lte=now).order_by("next_try_at", "id")
    return list(rows.values_list("pk", flat=True)[:200])
