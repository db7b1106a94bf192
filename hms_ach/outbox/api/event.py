"""Events by API: for whoever missed some, or prefers to ask."""

from django.shortcuts import get_object_or_404
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import serializers
from rest_framework.response import Response

from hms_ach.api import ApiRequest, ApiView, CursorPages
from hms_ach.outbox.models import Event
from hms_ach.outbox.queries import event_as_sent, events_of_facilities


class EventShown(serializers.Serializer):
    """The envelope, as webhooks carry it."""

    specversion = serializers.CharField()
    id = serializers.CharField()
    source = serializers.CharField()  # type: ignore[assignment]
    type = serializers.CharField()
    subject = serializers.CharField()
    time = serializers.DateTimeField()
    sequence = serializers.IntegerField()
    facility = serializers.CharField(allow_null=True)
    data = serializers.DictField()  # type: ignore[assignment]

    def to_representation(self, event: Event) -> dict:
        return event_as_sent(event)


class Events(ApiView):
    """GET lists the events of the client's facilities, newest first."""

    required_scope = "webhooks:manage"
    required_permission = "outbox.view_event"
    query_parameters = {"type", "subject"}
    pagination_class = CursorPages

    @extend_schema(
        responses=EventShown(many=True),
        parameters=[
            OpenApiParameter("type", OpenApiTypes.STR, description="Only this type of event."),
            OpenApiParameter("subject", OpenApiTypes.STR, description="Only events of this document."),
        ],
    )
    def get(self, request: ApiRequest) -> Response:
        events = events_of_facilities(self.facilities)
        for name in self.query_parameters:
            if name in request.query_params:
                events = events.filter(**{name: request.query_params[name]})
        return self.paged(events, EventShown)


class OneEvent(ApiView):
    """GET shows one event."""

    required_scope = "webhooks:manage"
    required_permission = "outbox.view_event"

    @extend_schema(responses=EventShown)
    def get(self, request: ApiRequest, public_id: str) -> Response:
        event = get_object_or_404(events_of_facilities(self.facilities), public_id=public_id)
        return Response(EventShown(event).data)
