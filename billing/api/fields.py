"""The JSON forms that several billing views share."""

from typing import Any

from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers
from rest_framework.exceptions import ErrorDetail

from hms_ach.money import CURRENCIES


class Strict(serializers.Serializer):
    """Refuses members it does not know, so that a misspelt one is not silently ignored."""

    default_error_messages = {"unknown": "There is no member of this name here. Known: {known}."}

    def to_internal_value(self, data: Any) -> Any:
        if isinstance(data, dict):
            known = ", ".join(self.fields)
            unknown = [name for name in data if name not in self.fields]
            if unknown:
                message = self.error_messages["unknown"].format(known=known)
                raise serializers.ValidationError(
                    {str(name)[:40]: [ErrorDetail(message, code="unknown")] for name in unknown}
                )
        return super().to_internal_value(data)


@extend_schema_field({"type": "string", "pattern": "^[A-Z]{3}$", "example": "USD"})
class CurrencyField(serializers.CharField):
    """An ISO 4217 code."""

    default_error_messages = {"unknown": "{value} is not an ISO 4217 currency code, such as USD."}

    def to_internal_value(self, data: Any) -> str:
        value = super().to_internal_value(data)
        if value not in CURRENCIES:
            self.fail("unknown", value=value[:10])
        return value
