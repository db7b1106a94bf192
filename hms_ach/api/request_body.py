"""Reading the objects of a request strictly."""

from typing import Any

from rest_framework import serializers
from rest_framework.exceptions import ErrorDetail


class RequestBody(serializers.Serializer):
    """The base of every object in a request: a member it does not know is refused, lest a slip be ignored."""

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
