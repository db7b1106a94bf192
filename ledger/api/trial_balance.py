"""The trial balance: every account with its debits, credits and balance."""

from typing import Any

from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.response import Response

from hms_ach.api import ApiRequest, ApiView, FacilityField, MoneyField
from ledger.api.entity import entity_or_404
from ledger.queries import Scope
from ledger.reports.trial_balance import ComparedRow, compared_trial_balance


class _Filters(serializers.Serializer):
    legal_entity = serializers.CharField(help_text="Code of one of the client's legal entities.")
    facility = FacilityField(required=False, help_text="Only this one; all of the client's if omitted.")
    until = serializers.DateField(help_text="Last effective day.")
    since = serializers.DateField(
        required=False,
        help_text="First effective day: then balance is the movement since, beside opening and closing.",
    )
    known_at = serializers.DateTimeField(required=False, help_text="Only what was posted by this moment.")
    before_closing = serializers.BooleanField(
        required=False, default=False, help_text="Leave out what closed the fiscal year of the last day."
    )

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        if attrs.get("since") and attrs["since"] > attrs["until"]:
            raise serializers.ValidationError({"since": ["This day is after until. Send an earlier day."]})
        return attrs


class TrialBalanceLine(serializers.Serializer):
    """One account. Balances are debits less credits: a credit balance is negative.

    With `since`, balance is the movement of those days; without, opening and closing are null.
    """

    account = serializers.CharField()
    name = serializers.CharField()
    natural_class = serializers.CharField()
    debit = MoneyField()
    credit = MoneyField()
    balance = MoneyField()
    opening = MoneyField(allow_null=True, help_text="Carried into the days, after every closing before.")
    closing = MoneyField(allow_null=True, help_text="Opening and balance together.")


class TrialBalanceShown(serializers.Serializer):
    """In the legal entity's functional currency; debit and credit are the totals, and equal."""

    legal_entity = serializers.CharField()
    facilities = serializers.ListField(child=serializers.CharField())
    since = serializers.DateField(allow_null=True)
    until = serializers.DateField()
    before_closing = serializers.BooleanField()
    debit = MoneyField()
    credit = MoneyField()
    opening = MoneyField(allow_null=True, help_text="What all accounts carried in: zero in a sound book.")
    closing = MoneyField(allow_null=True)
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
        scope = Scope(
            legal_entity=entity,
            facilities=facilities,
            since=said.get("since"),
            until=said["until"],
            known_at=said.get("known_at"),
            before_closing=said["before_closing"],
        )
        found = compared_trial_balance(scope)
        now, opening = found.now, found.opening
        closing = opening + now.debit - now.credit if opening is not None else None
        return Response(
            {
                "legal_entity": entity.code,
                "facilities": [each.code for each in facilities],
                "since": now.since,
                "until": now.as_of,
                "before_closing": said["before_closing"],
                "debit": now.debit.as_json(),
                "credit": now.credit.as_json(),
                "opening": opening.as_json() if opening is not None else None,
                "closing": closing.as_json() if closing is not None else None,
                "items": [_line(row) for row in found.rows],
            }
        )


def _line(row: ComparedRow) -> dict[str, Any]:
    return {
        "account": row.number,
        "name": row.name,
        "natural_class": row.natural_class.lower(),
        "debit": row.debit.as_json(),
        "credit": row.credit.as_json(),
        "balance": row.balance.as_json(),
        "opening": row.opening.as_json() if row.opening is not None else None,
        "closing": row.closing.as_json() if row.closing is not None else None,
    }
