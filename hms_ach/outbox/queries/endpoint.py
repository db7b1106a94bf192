"""Endpoints and their log."""

from collections.abc import Collection

from django.db.models import Count, Q, QuerySet

from hms_ach.outbox.models import Attempt, Delivery, Endpoint


def endpoints_within(facility_ids: Collection[int]) -> QuerySet[Endpoint]:
    """Endpoints all of whose facilities are among these, with their owner; two queries with facilities.

    An endpoint that also receives another facility's events is not shown, nor managed, here.
    """
    foreign = Endpoint.facilities.through.objects.exclude(facility_id__in=facility_ids)
    own = Endpoint.objects.exclude(pk__in=foreign.values("endpoint_id"))
    return own.select_related("owner").prefetch_related("facilities").order_by("-id")


def endpoints_with_counts(facility_ids: Collection[int]) -> QuerySet[Endpoint]:
    """The same with how many deliveries wait (`waiting_count`) and were given up (`dead_count`)."""
    return endpoints_within(facility_ids).annotate(
        waiting_count=Count("deliveries", filter=Q(deliveries__state=Delivery.State.PENDING)),
        dead_count=Count("deliveries", filter=Q(deliveries__state=Delivery.State.DEAD)),
    )


def deliveries_of(endpoint: Endpoint, *, state: str = "") -> QuerySet[Delivery]:
    """The log of an endpoint, newest first, with its events; order and page by index."""
    found = Delivery.objects.filter(endpoint=endpoint).select_related("event__facility")
    if state:
        found = found.filter(state=state)
    return found.order_by("-id")


def attempts_of(delivery: Delivery) -> list[Attempt]:
    """Every try of a delivery, the newest first. One query."""
    return list(Attempt.objects.filter(delivery=delivery).order_by("-id"))
