"""A small API to try the base of all views on."""

from django.urls import path
from rest_framework.response import Response

from hms_ach.access.models import NumberSeries
from hms_ach.api import ApiView, CursorPages, FacilityField, MoneyField, RequestBody
from hms_ach.api.urls import urlpatterns as ours
from hms_ach.refusal import FileRejected, Finding, Refusal
from hms_ach.sql import next_number


class DoorClosed(Refusal):
    code = "door_closed"
    sentence = "The door {door} is closed. Ring the bell."


class GiftRequest(RequestBody):
    amount = MoneyField()
    facility = FacilityField()


class Gifts(ApiView):
    required_scope = {"GET": "payments:read", "POST": "payments:write"}
    required_permission = "api.view_openapi"
    query_parameters = ("color",)
    pagination_class = CursorPages
    is_money_write = True

    def get(self, request):
        rows = NumberSeries.objects.filter(facility__in=self.facilities)
        return self.paged(rows, lambda row: {"year": row.year})

    def post(self, request):
        asked = self.read(GiftRequest)
        number = next_number(series="gift", facility_id=asked["facility"].pk, year=2026)
        body = {"number": number, "amount": asked["amount"].as_json(), "facility": asked["facility"].code}
        return Response(body, status=201, headers={"Location": f"/api/ach/gifts/{number}"})


class Doors(ApiView):
    required_scope = "payments:write"
    required_permission = "api.view_openapi"

    def post(self, request):
        if request.data["door"] == "file":
            finding = Finding(line=7, field="amount", value="x", rule="camt.053 2.1", problem="not a number")
            raise FileRejected(7, "not a number", [finding])
        raise DoorClosed(door=request.data["door"])


class Forbidden(ApiView):
    required_scope = "payments:read"
    required_permission = "access.grant_role"

    def get(self, request):
        return Response({})


urlpatterns = [
    *ours,
    path("api/ach/gifts", Gifts.as_view()),
    path("api/ach/doors", Doors.as_view()),
    path("api/ach/forbidden", Forbidden.as_view()),
]
