"""What each account tolerates."""

from typing import Any

from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.response import Response

from hms_ach.api import ApiRequest, MoneyField
from hms_ach.api.pagination import CursorPages
from hms_ach.api.views import ApiView
from hms_ach.money import Money
from reconciliation.models import AccountTolerance
from reconciliation.queries import tolerances_of


class ToleranceShown(serializers.Serializer):
    """One tolerance, from its proposal to its end."""

    id = serializers.CharField()
    account = serializers.CharField()
    kind = serializers.CharField(
        help_text="deposit, card_batch, payment, refund, cheque_return or suspense_clearing."
    )
    direction = serializers.CharField(help_text="What the account may get: LESS, MORE or EITHER.")
    largest = MoneyField(help_text="At most; the cap where per_mille is given.")
    per_mille = serializers.IntegerField(allow_null=True, help_text="Of the expected amount.")
    role = serializers.CharField(help_text="The account role that takes the difference.")
    valid_from = serializers.DateField()
    valid_to = serializers.DateField(allow_null=True, help_text="The last day; null for no end.")
    state = serializers.CharField(help_text="PROPOSED, APPROVED, REJECTED, WITHDRAWN or ENDED.")
    reason = serializers.CharField()
    proposed_by = serializers.CharField()
    proposed_at = serializers.DateTimeField()
    decided_by = serializers.CharField(allow_null=True)
    decided_at = serializers.DateTimeField(allow_null=True)
    ended_on = serializers.DateField(allow_null=True)

    def to_representation(self, row: AccountTolerance) -> dict[str, Any]:
        same = (
            "kind", "direction", "per_mille", "role", "valid_from", "valid_to", "state", "reason",
            "proposed_at", "decided_at", "ended_on",
        )  # fmt: skip
        return {
            "id": row.public_id,
            "account": row.account.code,
            "largest": Money(row.largest_minor, row.account.currency).as_json(),
            "proposed_by": row.proposed_by.get_username(),
            "decided_by": row.decided_by.get_username() if row.decided_by else None,
            **{name: getattr(row, name) for name in same},
        }


class TolerancePages(CursorPages):
    ordering = ("-id",)


class ToleranceList(ApiView):
    """GET lists what may differ on the client's bank accounts, from proposal to end, the newest first."""

    required_scope = "statements:read"
    required_permission = "reconciliation.view_statement"
    pagination_class = TolerancePages

    @extend_schema(operation_id="tolerances_list", responses=ToleranceShown(many=True))
    def get(self, request: ApiRequest) -> Response:
        return self.paged(tolerances_of(self.facilities), ToleranceShown)
