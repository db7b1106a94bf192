"""Addresses of webhooks and events."""

from django.urls import path

from hms_ach.outbox.api import endpoint, event

app_name = "outbox-api"

urlpatterns = [
    path("webhook-endpoints", endpoint.Endpoints.as_view(), name="endpoints"),
    path("webhook-endpoints/<str:public_id>", endpoint.OneEndpoint.as_view(), name="endpoint"),
    path("webhook-endpoints/<str:public_id>/secret", endpoint.Secret.as_view(), name="secret"),
    path("webhook-endpoints/<str:public_id>/state", endpoint.State.as_view(), name="state"),
    path("webhook-endpoints/<str:public_id>/replays", endpoint.Replays.as_view(), name="replays"),
    path("events", event.Events.as_view(), name="events"),
    path("events/<str:public_id>", event.OneEvent.as_view(), name="event"),
]
