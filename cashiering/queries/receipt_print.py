"""Receipts on their way to a register's printer."""

from datetime import datetime

from cashiering.models import Payment, ReceiptPrint


def prints_due(*, now: datetime) -> list[int]:
    """Prints that are owed and that no worker holds, oldest first, 200 at most. One SQL query."""
    rows = ReceiptPrint.objects.filter(next_try_at__lte=now).order_by("next_try_at", "id")
    return list(rows.values_list("pk", flat=True)[:200])


def last_print(payment: Payment) -> ReceiptPrint | None:
    """The newest print of a receipt; None when no printer was asked. One SQL query."""
    return payment.prints.select_related("register").order_by("-id").first()
