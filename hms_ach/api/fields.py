"""The JSON forms of money and facilities."""

from typing import Any

from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from hms_ach.access.models import Facility
from hms_ach.access.queries import facility_by_code
from hms_ach.money import Money
from hms_ach.refusal import Refusal

_MONEY_SCHEMA = {
    "type": "object",
    "required": ["amount", "currency"],
    "additionalProperties": False,
    "properties": {
        "amount": {"type": "string", "pattern": r"^-?[0-9]{1,15}(\.[0-9]{1,4})?$", "example": "125.00"},
        "currency": {"type": "string", "pattern": "^[A-Z]{3}$", "example": "USD"},
    },
}


@extend_schema_field(_MONEY_SCHEMA)
class MoneyField(serializers.Field):
    """`{"amount": "125.00", "currency": "USD"}`: a decimal string with exactly the currency's digits.

    least  the smallest minor amount taken; 1 by default, so that zero and negative amounts are refused.
           None takes every amount
    """

    default_error_messages = {
        "shape": "Send an object with exactly the members amount and currency, both strings.",
        "too_small": "The amount must be at least {least} in minor units.",
    }

    def __init__(self, *, least: int | None = 1, **kwargs) -> None:
        self.least = least
        super().__init__(**kwargs)

    def to_internal_value(self, data: Any) -> Money:
        if not isinstance(data, dict) or set(data) != {"amount", "currency"}:
            self.fail("shape")
        if not all(isinstance(value, str) for value in data.values()):
            self.fail("shape")
        try:
            amount = Money.from_json(data)
        except Refusal as refusal:
            raise serializers.ValidationError(str(refusal), code=refusal.code) from None
        if self.least is not None and amount.minor < self.least:
            self.fail("too_small", least=self.least)
        return amount

    def to_representation(self, value: Money) -> dict[str, str]:
        return value.as_json()


@extend_schema_field({"type": "string", "example": "NORTH"})
class FacilityField(serializers.Field):
    """A facility by its code; only those granted to the client are known."""

    default_error_messages = {"shape": "Send the facility's code as a string."}

    def to_internal_value(self, data: Any) -> Facility:
        if not isinstance(data, str):
            self.fail("shape")
        try:
            return facility_by_code(self.context["request"].user, data)
        except Refusal as refusal:
            raise serializers.ValidationError(str(refusal), code=refusal.code) from None

    def to_representation(self, value: Facility) -> str:
        return value.code
