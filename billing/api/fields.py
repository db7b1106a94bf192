"""The JSON forms that several billing views share."""

from typing import Any

from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from hms_ach.money import CURRENCIES


@extend_schema_field({"type": "string", "pattern": "^[A-Z]{3}$", "example": "USD"})
class CurrencyField(serializers.CharField):
    """An ISO 4217 code."""

    default_error_messages = {"unknown": "{value} is not an ISO 4217 currency code, such as USD."}

    def to_internal_value(self, data: Any) -> str:
        value = super().to_internal_value(data)
        if value not in CURRENCIES:
            self.fail("unknown", value=value[:10])
        return value
