"""The trial balance: every account with its debits, credits and balance."""

from typing import Any

from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.response import Response

from hms_ach.api import ApiRequest, ApiView, FacilityField, MoneyField
from ledger.api.entity import entity_or_404
from ledger.queries import TrialBalanceRow, trial_balance


class _Filters(serializers.Serializer):
    legal_entity = serializers.CharField(help_text="Code of one of the client's legal entities.")
    facility = FacilityField(required=False, help_text="Only this one; all of the client's if omitted.")
    until = serializers.DateField(help_text="Last effective day.")
    since = serializers.DateField(required=False, help_text="First effective day: the movement since then.")
    known_at = serializers.DateTimeField(required=False, help_text="Only what was posted by this moment.")
    before_closing = serializers.BooleanField(
        required=False, default=False, help_text="Leave out what closed the fiscal year of the last day."
    )


class TrialBalanceLine(serializers.Serializer):
    """One account. Balance is debits less credits: a credit balance is negative."""

    account = serializers.CharField()
    name = serializers.CharField()
    natural_class = serializers.CharField()
    debit = MoneyField()
    credit = MoneyField()
    balance = MoneyField()


class TrialBalanceShown(serializers.Serializer):
    """In the legal entity's functional currency; debit and credit are the totals, and equal."""

    legal_entity = serializers.CharField()
    facilities = serializers.ListField(child=serializers.CharField())
    since = serializers.DateField(allow_null=True)
    until = serializers.DateField()
    before_closing = serializers.BooleanField()
    debit = MoneyField()
    credit = MoneyField()
    items = TrialBalanceLine(many=True)


class TrialBalances(ApiView):
    """Every account of a legal entity with what moved it up to a day."""

    required_scope = "gl:read"
    required_permission = "ledger.view_gl_batch"
    query_parameters = frozenset({"legal_entity", "facility", "until", "since", "known_at", "before_closing"})

    @extend_schema(operation_id="trial_balance", parameters=[_Filters], responses=TrialBalanceShown)
    def get(self, request: ApiRequest) -> Response:
        """Of the facilities that are open to the client."""
        asked = _Filters(data=request.query_params.dict(), context={"request": request})
        asked.is_valid(raise_exception=True)
        said = asked.validated_data
        entity = entity_or_404(request, said["legal_entity"])
        own = entity.facilities.filter(pk__in=self.facilities).order_by("code")
        facilities = [said["facility"]] if "facility" in said else list(own)
        found = trial_balance(
            legal_entity=entity,
            as_of=said["until"],
            since=said.get("since"),
            known_at=said.get("known_at"),
            before_closing=said["before_closing"],
            facility_ids=[each.pk for each in facilities],
        )
        return Response(
            {
                "legal_entity": entity.code,
                "facilities": [each.code for each in facilities],
                "since": found.since,
                "until": found.as_of,
                "before_closing": said["before_closing"],
                "debit": found.debit.as_json(),
                "credit": found.credit.as_json(),
                "items": [_line(row) for row in found.rows],
            }
        )


def _line(row: TrialBalanceRow) -> dict[str, Any]:
    return {
        "account": row.number,
        "name": row.name,
        "natural_class": row.natural_class.lower(),
        "debit": row.debit.as_json(),
        "credit": row.credit.as_json(),
        "balance": row.balance.as_json(),
    }
