"""Webhook endpoints by API. A client sees and manages its own, within its facilities."""

from django.shortcuts import get_object_or_404
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.response import Response

from hms_ach.api import ApiRequest, ApiView, CursorPages, FacilityField, RequestBody
from hms_ach.outbox.commands import (
    create_endpoint,
    pause_endpoint,
    remove_endpoint,
    replay_events,
    resume_endpoint,
    rotate_secret,
)
from hms_ach.outbox.event_types import EVENT_TYPES
from hms_ach.outbox.models import Endpoint
from hms_ach.outbox.queries import endpoints_within

SCOPE = "webhooks:manage"


class EndpointRequest(RequestBody):
    url = serializers.CharField(max_length=500)
    description = serializers.CharField(max_length=120, allow_blank=True, default="")
    event_types = serializers.ListField(
        child=serializers.ChoiceField(choices=EVENT_TYPES), default=list, help_text="All when empty."
    )
    facilities = serializers.ListField(child=FacilityField(), allow_empty=False)


class EndpointShown(serializers.Serializer):
    id = serializers.CharField(source="public_id")
    url = serializers.CharField()
    description = serializers.CharField()
    event_types = serializers.ListField(child=serializers.CharField())
    facilities = serializers.SerializerMethodField()
    state = serializers.CharField()
    disabled_reason = serializers.CharField()
    created_at = serializers.DateTimeField()

    def get_facilities(self, endpoint: Endpoint) -> list[str]:
        return sorted(facility.code for facility in endpoint.facilities.all())


class EndpointWithSecret(EndpointShown):
    """The secret is in this answer only."""

    secret = serializers.CharField()


class StateRequest(RequestBody):
    state = serializers.ChoiceField(choices=["ACTIVE", "PAUSED"])


class ReplayRequest(RequestBody):
    since = serializers.DateTimeField()
    until = serializers.DateTimeField()

    def validate(self, asked: dict) -> dict:
        if asked["since"] > asked["until"]:
            raise serializers.ValidationError("since lies after until.")
        return asked


class ReplayShown(serializers.Serializer):
    count = serializers.IntegerField()


class EndpointView(ApiView):
    """What the views of one client's endpoints share."""

    required_scope = SCOPE
    required_permission = "outbox.manage_endpoint"

    def endpoints(self):
        return endpoints_within(self.facilities).filter(owner=self.request.user)

    def endpoint(self, public_id: str) -> Endpoint:
        return get_object_or_404(self.endpoints(), public_id=public_id)

    def shown(self, endpoint: Endpoint, *, secret: str = "", status: int = 200) -> Response:
        if not secret:
            return Response(EndpointShown(endpoint).data, status=status)
        data = EndpointShown(endpoint).data | {"secret": secret}
        return Response(data, status=status, headers={"Cache-Control": "no-store"})


class Endpoints(EndpointView):
    """GET lists the client's endpoints; POST adds one and shows its secret once."""

    pagination_class = CursorPages

    @extend_schema(responses=EndpointShown(many=True))
    def get(self, request: ApiRequest) -> Response:
        return self.paged(self.endpoints(), EndpointShown)

    @extend_schema(request=EndpointRequest, responses={201: EndpointWithSecret})
    def post(self, request: ApiRequest) -> Response:
        shown = create_endpoint(**self.read(EndpointRequest), actor=request.user)
        return self.shown(shown.endpoint, secret=shown.secret, status=201)


class OneEndpoint(EndpointView):
    """GET shows an endpoint; DELETE stops it for good, its log stays."""

    @extend_schema(responses=EndpointShown)
    def get(self, request: ApiRequest, public_id: str) -> Response:
        return self.shown(self.endpoint(public_id))

    @extend_schema(responses={204: None})
    def delete(self, request: ApiRequest, public_id: str) -> Response:
        remove_endpoint(endpoint_id=self.endpoint(public_id).pk, actor=request.user)
        return Response(status=204)


class Secret(EndpointView):
    """POST makes a new secret; the one before signs too for 24 hours."""

    @extend_schema(request=None, responses={201: EndpointWithSecret})
    def post(self, request: ApiRequest, public_id: str) -> Response:
        shown = rotate_secret(endpoint_id=self.endpoint(public_id).pk, actor=request.user)
        return self.shown(shown.endpoint, secret=shown.secret, status=201)


class State(EndpointView):
    """PUT pauses an endpoint, or makes it active again."""

    @extend_schema(request=StateRequest, responses=EndpointShown)
    def put(self, request: ApiRequest, public_id: str) -> Response:
        changes = {"ACTIVE": resume_endpoint, "PAUSED": pause_endpoint}
        change = changes[self.read(StateRequest)["state"]]
        return self.shown(change(endpoint_id=self.endpoint(public_id).pk, actor=request.user))


class Replays(EndpointView):
    """POST sends the events between two moments again."""

    @extend_schema(request=ReplayRequest, responses={202: ReplayShown})
    def post(self, request: ApiRequest, public_id: str) -> Response:
        endpoint = self.endpoint(public_id)
        count = replay_events(endpoint_id=endpoint.pk, actor=request.user, **self.read(ReplayRequest))
        return Response({"count": count}, status=202)
