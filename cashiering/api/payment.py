"""JSON in and out: payments received without a drawer, and all payments to read."""

import hashlib
from dataclasses import dataclass
from typing import Any

from django.http import Http404
from drf_spectacular.utils import PolymorphicProxySerializer, extend_schema
from rest_framework import serializers
from rest_framework.response import Response

from billing.queries import invoices_of
from cashiering.api.negative_payment import RefundRequest, ask_refund
from cashiering.api.payment_document import PaymentDocument, PaymentSummary
from cashiering.api.payment_return import METHODS
from cashiering.api.refund import RefundDocument
from cashiering.commands import AllocationAsked, TenderGiven, receive_payment
from cashiering.queries import payments_of
from hms_ach.api import ApiRequest, ApiView, CursorPages, FacilityField, MoneyField, RequestBody
from hms_ach.money import Money

_NO_REFUND = (
    "A payment is more than zero. Money goes back by a refund: send the whole payment below zero, with "
    "original_payment and refund_reason; people approve it."
)


class PaymentMoney(MoneyField):
    """An amount above zero; a negative one is told where refunds are asked for."""

    default_error_messages = {"too_small": _NO_REFUND}


class AllocationRequest(RequestBody):
    invoice = serializers.CharField(max_length=40, help_text="public id, inv_…")
    amount = PaymentMoney()


class PaymentRequest(RequestBody):
    facility = FacilityField()
    method = serializers.ChoiceField(choices=METHODS)
    amount = PaymentMoney()
    allocations = AllocationRequest(many=True, allow_empty=False, max_length=100)  # type: ignore[call-arg]
    reference = serializers.CharField(max_length=60, help_text="end-to-end id, or the processor's reference")
    card_brand = serializers.CharField(max_length=20, required=False, default="")
    card_last4 = serializers.RegexField(r"^[0-9]{4}$", required=False, default="")
    auth_code = serializers.CharField(max_length=20, required=False, default="")

    def validate(self, asked: dict[str, Any]) -> dict[str, Any]:
        """Currencies agree, the allocations add up to the amount, and each invoice takes its part."""
        currency = asked["facility"].currency
        if asked["amount"].currency != currency:
            raise serializers.ValidationError({"amount": [f"{asked['facility'].code} takes {currency}."]})
        known = _due(asked["facility"].pk, [one["invoice"] for one in asked["allocations"]])
        errors = [self._problem(one, known, currency, asked) for one in asked["allocations"]]
        if any(errors):
            raise serializers.ValidationError({"allocations": errors})
        paid = sum(one["amount"].minor for one in asked["allocations"])
        if paid != asked["amount"].minor:
            raise serializers.ValidationError(
                {"amount": ["The allocations must add up to the amount. Correct one of them."]}
            )
        asked["invoices"] = known
        return asked

    def _problem(
        self, one: dict[str, Any], known: dict[str, Any], currency: str, asked: dict[str, Any]
    ) -> dict[str, list]:
        """What is wrong with one allocation, at its pointer; empty when nothing is."""
        amount, invoice = one["amount"], known.get(one["invoice"])
        if amount.currency != currency:
            return {"amount": [f"This is {amount.currency}; {asked['facility'].code} takes {currency}."]}
        if invoice is None:
            return {"invoice": ["There is no such invoice in this facility. Check its id."]}
        if sum(other["invoice"] == one["invoice"] for other in asked["allocations"]) > 1:
            return {"invoice": ["This invoice stands twice. Name it once, with the whole amount."]}
        if amount > invoice.balance:
            return {
                "amount": [
                    serializers.ErrorDetail(
                        f"Only {invoice.balance.in_words()} is still due on this invoice. Lower the amount.",
                        code="over_allocated",
                    )
                ]
            }
        return {}


@dataclass(frozen=True, slots=True)
class _Due:
    id: int
    balance: Money


def _due(facility_id: int, public_ids: list[str]) -> dict[str, _Due]:
    """What the named invoices of the facility still take. One SQL query."""
    rows = invoices_of([facility_id]).filter(public_id__in=public_ids).order_by("id")
    columns = rows.values_list("public_id", "pk", "total_minor", "settled_minor", "currency")
    return {
        public_id: _Due(pk, Money(total - settled, currency))
        for public_id, pk, total, settled, currency in columns
    }


class PaymentList(ApiView):
    """GET lists payments, newest first. POST records one that came without a drawer.

    An amount below zero records nothing: it asks for a refund of original_payment, with refund_reason, and
    answers 202 with the refund, which waits for people. That needs the scope refunds:request.
    """

    required_scope = {"GET": "payments:read", "POST": "payments:write"}
    required_permission = {"GET": "cashiering.view_payment", "POST": "cashiering.receive_payment"}
    is_money_write = True
    pagination_class = CursorPages

    @extend_schema(operation_id="payments_list", responses=PaymentSummary(many=True))
    def get(self, request: ApiRequest) -> Response:
        rows = payments_of(self.facilities)
        return self.paged(rows, PaymentSummary)

    @extend_schema(
        operation_id="payments_create",
        request=PolymorphicProxySerializer(
            "PaymentOrRefundRequest", [PaymentRequest, RefundRequest], resource_type_field_name=None
        ),
        responses={201: PaymentDocument, 202: RefundDocument},
    )
    def post(self, request: ApiRequest) -> Response:
        if _is_negative(request.data):
            return self._ask_refund(request)
        asked = self.read(PaymentRequest)
        payment = receive_payment(
            facility=asked["facility"],
            patient=None,
            allocations=[
                AllocationAsked(asked["invoices"][one["invoice"]].id, one["amount"])
                for one in asked["allocations"]
            ],
            tenders=[
                TenderGiven(
                    kind=asked["method"].upper(),
                    tendered=asked["amount"],
                    reference=asked["reference"],
                    card_brand=asked["card_brand"],
                    card_last4=asked["card_last4"],
                    auth_code=asked["auth_code"],
                )
            ],
            key=_key(request),
            actor=request.user,
        )
        return Response(PaymentDocument(payment).data, status=201)

    def _ask_refund(self, request: ApiRequest) -> Response:
        self.require(scope="refunds:request", permission="cashiering.request_refund")
        refund = ask_refund(self.read(RefundRequest), key=_key(request), actor=request.user)
        return Response(RefundDocument(refund).data, status=202)


def _is_negative(data: Any) -> bool:
    """Whether the body asks for money to go back; whatever cannot be read is refused as a payment."""
    amount = data.get("amount") if isinstance(data, dict) else None
    text = amount.get("amount") if isinstance(amount, dict) else None
    return isinstance(text, str) and text.startswith("-")


class PaymentOne(ApiView):
    """GET one payment with its allocations, tenders and what remains to pay."""

    required_scope = "payments:read"
    required_permission = "cashiering.view_payment"

    @extend_schema(operation_id="payments_retrieve", responses=PaymentDocument)
    def get(self, request: ApiRequest, public_id: str) -> Response:
        payment = payments_of(self.facilities).filter(public_id=public_id).first()
        if payment is None:
            raise Http404
        return Response(PaymentDocument(payment).data)


def _key(request: ApiRequest) -> str:
    """The payment's own key, which outlives the idempotency row."""
    text = f"{request.api_client.pk}:{request.headers['Idempotency-Key']}"
    return f"api:{hashlib.sha256(text.encode()).hexdigest()}"
