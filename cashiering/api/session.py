"""Cash sessions and their X and Z reads as JSON; no figure of a drawer's cash before its count."""

from typing import Any

from django.http import Http404
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.response import Response

from cashiering.models import Session
from cashiering.queries.session import sessions_of
from cashiering.queries.till_read import till_read
from hms_ach.api import ApiRequest, ApiView, CursorPages, MoneyField
from hms_ach.money import Money


class SessionDocument(serializers.Serializer):
    """One cashier at one drawer. `counted` is null until the count is committed."""

    id = serializers.CharField()
    number = serializers.CharField()
    register = serializers.CharField(help_text="public id, reg_…")
    facility = serializers.CharField()
    state = serializers.CharField()
    is_rescue = serializers.BooleanField()
    business_on = serializers.DateField()
    opened_at = serializers.DateTimeField()
    closed_at = serializers.DateTimeField(allow_null=True)
    counted = MoneyField(allow_null=True)

    def to_representation(self, session: Session) -> dict[str, Any]:
        minor = session.counted_minor
        return {
            "id": session.public_id,
            "number": session.number,
            "register": session.register.public_id,
            "facility": session.facility.code,
            "state": session.state.lower(),
            "is_rescue": session.is_rescue,
            "business_on": session.business_on.isoformat(),
            "opened_at": session.opened_at.isoformat(),
            "closed_at": session.closed_at.isoformat() if session.closed_at else None,
            "counted": None if minor is None else Money(minor, session.currency).as_json(),
        }


class _TenderRead(serializers.Serializer):
    kind = serializers.CharField()
    currency = serializers.CharField()
    payments = serializers.IntegerField()
    amount = MoneyField(allow_null=True, help_text="null for cash before the count")
    worth = MoneyField(allow_null=True, help_text="what foreign cash paid in the session's own currency")


class _DrawerRead(serializers.Serializer):
    expected = MoneyField()
    counted = MoneyField()
    difference = MoneyField()
    flows = serializers.DictField(child=MoneyField())


class _OpeningRead(serializers.Serializer):
    counted = MoneyField(allow_null=True, help_text="null before the closing count")
    difference = MoneyField(
        allow_null=True, help_text="to the register's float; null before the closing count"
    )
    counted_by = serializers.CharField(help_text="user name")
    counted_at = serializers.DateTimeField()
    confirmed_by = serializers.CharField(allow_null=True, help_text="user name of another person")
    confirmed_at = serializers.DateTimeField(allow_null=True)


class TillReadDocument(serializers.Serializer):
    """The figures of a session: an X read while it runs, its Z read once it is counted."""

    session = serializers.CharField()
    number = serializers.CharField()
    register = serializers.CharField()
    business_on = serializers.DateField()
    state = serializers.CharField()
    is_final = serializers.BooleanField(help_text="true for a Z read")
    z_number = serializers.IntegerField(allow_null=True, help_text="without gaps in its register")
    receipts = serializers.IntegerField()
    voids = serializers.IntegerField()
    no_sales = serializers.IntegerField()
    openings = _OpeningRead(many=True, help_text="the opening count of each currency; empty before it")
    tenders = _TenderRead(many=True)
    drawers = _DrawerRead(many=True, help_text="empty before the count")


class SessionList(ApiView):
    """GET lists cash sessions, newest first."""

    required_scope = "sessions:read"
    required_permission = "cashiering.view_session"
    pagination_class = CursorPages

    @extend_schema(operation_id="sessions_list", responses=SessionDocument(many=True))
    def get(self, request: ApiRequest) -> Response:
        return self.paged(sessions_of(self.facilities), SessionDocument)


class SessionOne(ApiView):
    """GET one cash session."""

    required_scope = "sessions:read"
    required_permission = "cashiering.view_session"

    @extend_schema(operation_id="sessions_retrieve", responses=SessionDocument)
    def get(self, request: ApiRequest, public_id: str) -> Response:
        return Response(SessionDocument(_session(self.facilities, public_id)).data)


class SessionReading(ApiView):
    """GET reads a session: X while it runs, without a figure of its cash; Z once it is counted, as kept."""

    required_scope = "sessions:read"
    required_permission = "cashiering.view_session"

    @extend_schema(operation_id="sessions_reading_retrieve", responses=TillReadDocument)
    def get(self, request: ApiRequest, public_id: str) -> Response:
        session = _session(self.facilities, public_id)
        kept = getattr(session, "z_read", None)
        figures = kept.figures if kept else till_read(session).as_json()
        tenders = [{"worth": None, **one} for one in figures["tenders"]]
        return Response(
            {"openings": [], **figures, "tenders": tenders, "z_number": kept.number if kept else None}
        )


def _session(facility_ids: frozenset[int], public_id: str) -> Session:
    rows = sessions_of(facility_ids).select_related("register", "facility", "z_read")
    session = rows.filter(public_id=public_id).first()
    if session is None:
        raise Http404
    return session
