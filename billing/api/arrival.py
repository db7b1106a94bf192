"""Visits as the registration system tells them: who is expected, who is at the desk, what they should pay."""

from typing import Any

from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.response import Response

from billing.api.invoice_request import PatientRequest
from billing.commands import PatientGiven, patient_given, tell_arrival
from billing.models import Arrival
from billing.queries import arrivals_of
from hms_ach.api import ApiRequest, ApiView, CursorPages, MoneyField, RequestBody
from hms_ach.money import Money


class ArrivalRequest(RequestBody):
    """A visit as it stands now. Left out, the copay is unknown; send zero where nothing is to be paid."""

    patient = PatientRequest()
    state = serializers.ChoiceField(choices=Arrival.State.choices)
    expected_at = serializers.DateTimeField()
    copay = MoneyField(required=False, least=0)


class ArrivalShown(serializers.Serializer):
    """A visit. copay is null where nobody knows it."""

    id = serializers.CharField()
    facility = serializers.CharField()
    key = serializers.CharField()
    mrn = serializers.CharField()
    state = serializers.CharField()
    expected_at = serializers.DateTimeField()
    arrived_at = serializers.DateTimeField(allow_null=True)
    copay = MoneyField(allow_null=True)


class Arrivals(ApiView):
    """What was told of the client's facilities, the latest first."""

    required_scope = "arrivals:read"
    required_permission = "billing.register_patient"
    pagination_class = CursorPages

    @extend_schema(operation_id="arrivals_list", responses=ArrivalShown(many=True))
    def get(self, request: ApiRequest) -> Response:
        return self.paged(arrivals_of(self.facilities), _shown)


class ArrivalItem(ApiView):
    """PUT says how a visit stands. The same again changes nothing; a visit stays with its patient."""

    required_scope = "arrivals:write"
    required_permission = "billing.register_patient"

    @extend_schema(
        operation_id="arrival_tell",
        request=ArrivalRequest,
        responses={200: ArrivalShown, 201: ArrivalShown},
    )
    def put(self, request: ApiRequest, facility: str, key: str) -> Response:
        place = self.facility(facility)
        asked = self.read(ArrivalRequest)
        patient = patient_given(PatientGiven(**asked["patient"]), facility=place, actor=request.user)
        told = tell_arrival(
            facility=place,
            key=key,
            patient=patient,
            state=asked["state"],
            expected_at=asked["expected_at"],
            copay=asked.get("copay"),
            actor=request.user,
        )
        return Response(_shown(told.arrival), status=201 if told.is_new else 200)


def _shown(row: Arrival) -> dict[str, Any]:
    copay = None if row.copay_minor is None else Money(row.copay_minor, row.currency).as_json()
    return {
        "id": row.public_id,
        "facility": row.facility.code,
        "key": row.key,
        "mrn": row.patient.mrn,
        "state": row.state,
        "expected_at": row.expected_at.isoformat(),
        "arrived_at": row.arrived_at.isoformat() if row.arrived_at else None,
        "copay": copay,
    }
