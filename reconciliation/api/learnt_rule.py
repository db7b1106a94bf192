"""What decisions taught."""

from typing import Any

from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.response import Response

from hms_ach.api import ApiRequest
from hms_ach.api.pagination import CursorPages
from hms_ach.api.views import ApiView
from reconciliation.models import LearntRule
from reconciliation.queries import rules_of


class LearntRuleShown(serializers.Serializer):
    """One rule, from its proposal to its end."""

    id = serializers.CharField()
    account = serializers.CharField()
    kind = serializers.CharField(help_text="PAYER, FEE or REFERENCE.")
    subject = serializers.CharField(
        help_text="PAYER: the name as compared, letters only. FEE: who pays. REFERENCE: the kind of item."
    )
    says = serializers.DictField(
        help_text="PAYER: payer. FEE: kind, basis_points, fixed_minor. REFERENCE: end and length, or prefix."
    )
    state = serializers.CharField(help_text="PROPOSED, ACTIVE, REJECTED or RETIRED.")
    hits = serializers.IntegerField(help_text="What came out as it says while in force.")
    misses = serializers.IntegerField(help_text="Those that came out otherwise.")
    proposed_at = serializers.DateTimeField()
    decided_by = serializers.CharField(allow_null=True)
    decided_at = serializers.DateTimeField(allow_null=True)
    retired_at = serializers.DateTimeField(allow_null=True)

    def to_representation(self, row: LearntRule) -> dict[str, Any]:
        same = (
            "kind", "subject", "says", "state", "hits", "misses", "proposed_at", "decided_at", "retired_at",
        )  # fmt: skip
        return {
            "id": row.public_id,
            "account": row.account.code,
            "decided_by": row.decided_by.get_username() if row.decided_by else None,
            **{name: getattr(row, name) for name in same},
        }


class LearntRulePages(CursorPages):
    ordering = ("-id",)


class LearntRuleList(ApiView):
    """GET lists what decisions on the client's bank accounts taught, the newest first."""

    required_scope = "statements:read"
    required_permission = "reconciliation.view_statement"
    pagination_class = LearntRulePages

    @extend_schema(operation_id="learnt_rules_list", responses=LearntRuleShown(many=True))
    def get(self, request: ApiRequest) -> Response:
        return self.paged(rules_of(self.facilities), LearntRuleShown)
