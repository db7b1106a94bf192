"""Questions about the ways to banks' files."""

from collections.abc import Collection

from django.db.models import OuterRef, QuerySet, Subquery

from reconciliation.models import BankConnection, BankDelivery


def connections_of(facility_ids: Collection[int]) -> list[BankConnection]:
    """The facilities' connections by name, with `last_result` and `last_at` each. One query."""
    last = BankDelivery.objects.filter(connection=OuterRef("pk")).order_by("-id")
    rows = BankConnection.objects.filter(facility_id__in=facility_ids).select_related("facility")
    rows = rows.annotate(
        last_result=Subquery(last.values("result")[:1]), last_at=Subquery(last.values("ended_at")[:1])
    )
    return list(rows.order_by("facility__code", "name", "id"))


def deliveries_of(connection: BankConnection) -> QuerySet[BankDelivery]:
    """The log of a connection, the newest attempt first."""
    return connection.deliveries.select_related("file", "asked_by").order_by("-id")
