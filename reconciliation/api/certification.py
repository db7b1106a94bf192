"""How far each bank account's certification is."""

from typing import Any

from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.response import Response

from hms_ach.api import ApiRequest
from hms_ach.api.views import ApiView
from reconciliation.queries import Certification, ItemStanding, certifications_of


class CertificationItem(serializers.Serializer):
    """One item of an account's checklist."""

    code = serializers.CharField()
    title = serializers.CharField()
    state = serializers.CharField(help_text="LEFT, TO_CONFIRM, DONE, NOT_NEEDED, REOPENED or SENT_BACK.")
    done_on = serializers.DateField(allow_null=True)
    claimed_by = serializers.CharField(allow_null=True)
    confirmed_by = serializers.CharField(allow_null=True)
    proof = serializers.CharField(help_text="what the system saw; empty where people say it")

    def to_representation(self, row: ItemStanding) -> dict[str, Any]:
        shown, counts = row.shown, row.in_force
        return {
            "code": row.item.code,
            "title": row.item.title,
            "state": row.state,
            "done_on": shown.done_on.isoformat() if shown else None,
            "claimed_by": shown.claimed_by.get_username() if shown else None,
            "confirmed_by": counts.decided_by.get_username() if counts and counts.decided_by else None,
            "proof": shown.proof if shown else "",
        }


class CertificationShown(serializers.Serializer):
    """An account's checklist: certified since when, and what is left."""

    account = serializers.CharField()
    certified_at = serializers.DateTimeField(allow_null=True, help_text="null while any item is left")
    go_live_on = serializers.DateField(allow_null=True)
    is_used = serializers.BooleanField(help_text="The account is in force and statements are taken in.")
    items = CertificationItem(many=True)

    def to_representation(self, row: Certification) -> dict[str, Any]:
        return {
            "account": row.account.code,
            "certified_at": row.certified_at.isoformat() if row.certified_at else None,
            "go_live_on": row.go_live_on.isoformat() if row.go_live_on else None,
            "is_used": row.is_used,
            "items": CertificationItem(row.items, many=True).data,
        }


class CertificationList(ApiView):
    """GET gives the checklists of the client's open bank accounts, those used without a certificate first."""

    required_scope = "statements:read"
    required_permission = "reconciliation.view_statement"

    @extend_schema(operation_id="bank_certifications_list", responses=CertificationShown(many=True))
    def get(self, request: ApiRequest) -> Response:
        return Response(CertificationShown(certifications_of(self.facilities), many=True).data)
