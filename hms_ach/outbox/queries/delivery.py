"""What is owed."""

from datetime import datetime

from hms_ach.outbox.models import Delivery


def due_deliveries(*, now: datetime, limit: int = 500) -> list[int]:
    """Ids of deliveries to try now, the longest waiting first. One SQL query, by index.

    Some may turn out to wait for an earlier event of their subject; the claim decides.
    """
    due = Delivery.objects.filter(
        state=Delivery.State.PENDING, next_try_at__lte=now, endpoint__state="ACTIVE"
    )
    return list(due.order_by("next_try_at", "id").values_list("pk", flat=True)[:limit])
