"""Transfers and card sales that were taken back, as JSON."""

from typing import Any

from django.http import Http404
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.response import Response

from cashiering.commands import report_payment_return
from cashiering.models import PaymentReturn, Tender
from cashiering.queries.payment_return import payment_returns_of
from cashiering.rules.payment_return import REASON_WORDS, REASONS
from hms_ach.api import ApiRequest, ApiView, CursorPages, MoneyField, RequestBody
from hms_ach.money import Money

METHODS = ["transfer", "card"]


class PaymentReturnRequest(RequestBody):
    payment = serializers.CharField(max_length=40, help_text="public id, pay_…")
    method = serializers.ChoiceField(choices=METHODS)
    amount = MoneyField(required=False, help_text="Of a card sale perhaps a part; all of it when left out.")
    reason = serializers.ChoiceField(choices=[code.lower() for code in REASON_WORDS])
    returned_on = serializers.DateField(help_text="the bank's or the processor's day")
    bank_reference = serializers.CharField(
        max_length=60, required=False, default="", help_text="as the bank's line will quote it"
    )
    note = serializers.CharField(max_length=200, required=False, default="")


class PaymentReturnDocument(serializers.Serializer):
    """Money that was paid and taken back. Nothing moves before the state is confirmed."""

    id = serializers.CharField()
    payment = serializers.CharField()
    receipt_number = serializers.CharField()
    facility = serializers.CharField()
    method = serializers.ChoiceField(choices=METHODS)
    state = serializers.ChoiceField(choices=["reported", "confirmed", "rejected"])
    amount = MoneyField()
    reason = serializers.ChoiceField(choices=[code.lower() for code in REASON_WORDS])
    note = serializers.CharField()
    bank_reference = serializers.CharField()
    returned_on = serializers.DateField()
    bank_confirmed_on = serializers.DateField(allow_null=True)

    def to_representation(self, row: PaymentReturn) -> dict[str, Any]:
        confirmed_on = row.bank_confirmed_on
        return {
            "id": row.public_id,
            "payment": row.payment.public_id,
            "receipt_number": row.payment.receipt_number,
            "facility": row.facility.code,
            "method": row.tender.kind.lower(),
            "state": row.state.lower(),
            "amount": Money(row.amount_minor, row.currency).as_json(),
            "reason": row.reason.lower(),
            "note": row.note,
            "bank_reference": row.bank_reference,
            "returned_on": row.returned_on.isoformat(),
            "bank_confirmed_on": confirmed_on.isoformat() if confirmed_on else None,
        }


class PaymentReturnList(ApiView):
    """GET lists what was taken back, newest first; POST reports one, for a person to confirm."""

    required_scope = {"GET": "payments:read", "POST": "payments:write"}
    required_permission = {"GET": "cashiering.view_payment", "POST": "cashiering.return_payment"}
    pagination_class = CursorPages

    @extend_schema(operation_id="payment_returns_list", responses=PaymentReturnDocument(many=True))
    def get(self, request: ApiRequest) -> Response:
        return self.paged(payment_returns_of(self.facilities), PaymentReturnDocument)

    @extend_schema(request=PaymentReturnRequest, responses={201: PaymentReturnDocument})
    def post(self, request: ApiRequest) -> Response:
        asked = self.read(PaymentReturnRequest)
        row = report_payment_return(
            tender=self._tender(asked.pop("payment"), asked.pop("method").upper()),
            reason=asked.pop("reason").upper(),
            actor=request.user,
            **asked,
        )
        return Response(PaymentReturnDocument(row).data, status=201)

    def _tender(self, payment: str, kind: str) -> Tender:
        """The payment's only tender of this kind; 404 where it has none, 400 where it has several."""
        rows = Tender.objects.filter(payment__public_id=payment, payment__facility_id__in=self.facilities)
        found = list(rows.filter(kind=kind).order_by("line")[:2])
        if not found:
            raise Http404
        if len(found) > 1:
            message = f"Several of its tenders are a {kind.lower()}: report the return on the screen."
            raise serializers.ValidationError({"method": [message]})
        assert kind in REASONS
        return found[0]


class PaymentReturnOne(ApiView):
    """GET one of them."""

    required_scope = "payments:read"
    required_permission = "cashiering.view_payment"

    @extend_schema(operation_id="payment_returns_retrieve", responses=PaymentReturnDocument)
    def get(self, request: ApiRequest, public_id: str) -> Response:
        row = payment_returns_of(self.facilities).filter(public_id=public_id).first()
        if row is None:
            raise Http404
        return Response(PaymentReturnDocument(row).data)
