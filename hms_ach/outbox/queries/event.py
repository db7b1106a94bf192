"""Events, as others get them."""

from collections.abc import Collection
from typing import Any

from django.db.models import Q, QuerySet

from hms_ach.outbox.models import Event
from hms_ach.outbox.rules.envelope import envelope


def event_as_sent(event: Event) -> dict[str, Any]:
    """The envelope of an event whose facility is loaded."""
    return envelope(
        public_id=event.public_id,
        type=event.type,
        subject=event.subject,
        sequence=event.sequence,
        facility=event.facility.code if event.facility else None,
        occurred_at=event.occurred_at,
        data=event.data,
    )


def events_of_facilities(facility_ids: Collection[int]) -> QuerySet[Event]:
    """Events of these facilities and of the network, with their facility; order and page are the caller's."""
    own = Q(facility_id__in=facility_ids) | Q(facility_id=None)
    return Event.objects.filter(own).select_related("facility")
