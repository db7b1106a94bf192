"""Receipts by text message that are still owed."""

from datetime import datetime

from cashiering.models import ReceiptText


def texts_due(*, now: datetime) -> list[int]:
    """Messages that are owed and that no worker holds, oldest first, 200 at most. One SQL query."""
    rows = ReceiptText.objects.filter(next_try_at__lte=now).order_by("next_try_at", "id")
    return list(rows.values_list("pk", flat=True)[:200])
