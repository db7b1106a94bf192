"""Card payouts: processors' reports in, and what came of them."""

from typing import Any

from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.response import Response

from cashiering.commands import take_payout_report
from cashiering.commands.payout import MAX_BYTES
from cashiering.models import Payout
from cashiering.queries.payout import payouts_of
from hms_ach.api import ApiRequest, ApiView, CursorPages, MoneyField
from hms_ach.api.file_stream import FileView, file_of
from hms_ach.money import Money

STATES = [state.lower() for state in Payout.State.values]


class PayoutRowDocument(serializers.Serializer):
    """One row of the report, and what of ours is beside it."""

    line = serializers.IntegerField()
    kind = serializers.ChoiceField(choices=["batch", "chargeback", "won", "fee"])
    terminal = serializers.CharField()
    batch = serializers.CharField()
    cases = serializers.ListField(child=serializers.CharField())
    gross = MoneyField()
    fee = MoneyField()
    chargebacks = MoneyField()
    net = MoneyField()
    card_batch = serializers.CharField(allow_null=True)
    taken = serializers.ListField(child=serializers.CharField(), help_text="chargebacks, won and lost")
    fee_over = MoneyField(help_text="beyond the contract")
    problem = serializers.CharField(help_text="why it does not agree; empty where it does")


class PayoutDocument(serializers.Serializer):
    """One sum that a processor pays for a merchant."""

    id = serializers.CharField()
    facility = serializers.CharField()
    merchant = serializers.CharField()
    reference = serializers.CharField()
    paid_on = serializers.DateField()
    state = serializers.ChoiceField(choices=STATES)
    gross = MoneyField()
    fee = MoneyField()
    chargebacks = MoneyField()
    net = MoneyField()
    bank_confirmed_on = serializers.DateField(allow_null=True)
    rows = PayoutRowDocument(many=True)

    def to_representation(self, payout: Payout) -> dict[str, Any]:
        confirmed_on = payout.bank_confirmed_on
        return {
            "id": payout.public_id,
            "facility": payout.facility.code,
            "merchant": payout.merchant_id,
            "reference": payout.reference,
            "paid_on": payout.paid_on.isoformat(),
            "state": payout.state.lower(),
            **_amounts(payout, payout.currency),
            "bank_confirmed_on": confirmed_on.isoformat() if confirmed_on else None,
            "rows": [
                {
                    "line": row.line,
                    "kind": row.kind.lower(),
                    "terminal": row.terminal_id,
                    "batch": row.batch,
                    "cases": row.cases,
                    **_amounts(row, payout.currency),
                    "card_batch": row.card_batch.public_id if row.card_batch else None,
                    "taken": row.taken,
                    "fee_over": Money(row.fee_over_minor, payout.currency).as_json(),
                    "problem": row.problem,
                }
                for row in sorted(payout.rows.all(), key=lambda each: each.line)
            ],
        }


def _amounts(found: Any, currency: str) -> dict[str, dict[str, str]]:
    names = ("gross", "fee", "chargebacks", "net")
    return {name: Money(getattr(found, f"{name}_minor"), currency).as_json() for name in names}


class PayoutList(ApiView):
    """GET lists the payouts that processors reported, with their rows, the newest first."""

    required_scope = "advices:write"
    required_permission = "cashiering.view_card_batch"
    pagination_class = CursorPages

    @extend_schema(operation_id="payouts_list", responses=PayoutDocument(many=True))
    def get(self, request: ApiRequest) -> Response:
        rows = payouts_of(self.facilities).prefetch_related("rows__card_batch")
        return self.paged(rows, PayoutDocument)


class PayoutReport(FileView):
    """PUT takes in a processor's report (CSV) for a facility: all of it or nothing.

    What was taken in before changes nothing: 201 where something is new, 200 otherwise.
    """

    required_scope = "advices:write"
    required_permission = "cashiering.take_payout_report"

    @extend_schema(
        request={"application/octet-stream": OpenApiTypes.BINARY},
        responses={200: PayoutDocument(many=True), 201: PayoutDocument(many=True)},
    )
    def put(self, request: ApiRequest, facility: str, name: str) -> Response:
        taken = take_payout_report(
            content=file_of(request, MAX_BYTES),
            name=name,
            facility=self.facility(facility),
            actor=request.user,
        )
        status = 200 if len(taken.payouts) == taken.known else 201
        return Response(PayoutDocument(taken.payouts, many=True).data, status=status)
