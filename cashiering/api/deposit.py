"""Deposits as JSON: each bag, what is in it and where it is. Read only."""

from typing import Any

from django.http import Http404
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.response import Response

from cashiering.models import Deposit
from cashiering.queries.deposit import deposits_of
from hms_ach.api import ApiRequest, ApiView, CursorPages, MoneyField
from hms_ach.money import Money


class DepositDocument(serializers.Serializer):
    """A sealed bag on its way to the bank."""

    id = serializers.CharField()
    facility = serializers.CharField()
    state = serializers.ChoiceField(choices=["prepared", "verified", "in_transit", "confirmed", "cancelled"])
    bag_number = serializers.CharField()
    slip_number = serializers.CharField()
    business_on = serializers.DateField()
    cash = MoneyField()
    cheques = MoneyField()
    total = MoneyField()
    expected_on = serializers.DateField(allow_null=True)
    confirmed_on = serializers.DateField(allow_null=True)

    def to_representation(self, deposit: Deposit) -> dict[str, Any]:
        currency = deposit.currency
        return {
            "id": deposit.public_id,
            "facility": deposit.facility.code,
            "state": deposit.state.lower(),
            "bag_number": deposit.bag_number,
            "slip_number": deposit.slip_number,
            "business_on": deposit.business_on.isoformat(),
            "cash": Money(deposit.cash_minor, currency).as_json(),
            "cheques": Money(deposit.cheques_minor, currency).as_json(),
            "total": Money(deposit.total_minor, currency).as_json(),
            "expected_on": deposit.expected_on.isoformat() if deposit.expected_on else None,
            "confirmed_on": deposit.confirmed_on.isoformat() if deposit.confirmed_on else None,
        }


class DepositList(ApiView):
    """GET lists deposits, newest first."""

    required_scope = "deposits:read"
    required_permission = "cashiering.view_deposit"
    pagination_class = CursorPages

    @extend_schema(operation_id="deposits_list", responses=DepositDocument(many=True))
    def get(self, request: ApiRequest) -> Response:
        return self.paged(deposits_of(self.facilities), DepositDocument)


class DepositOne(ApiView):
    """GET one deposit."""

    required_scope = "deposits:read"
    required_permission = "cashiering.view_deposit"

    @extend_schema(operation_id="deposits_retrieve", responses=DepositDocument)
    def get(self, request: ApiRequest, public_id: str) -> Response:
        deposit = deposits_of(self.facilities).filter(public_id=public_id).first()
        if deposit is None:
            raise Http404
        return Response(DepositDocument(deposit).data)
