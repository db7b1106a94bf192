"""The API described by itself: OpenAPI 3.1, made from the views and committed as docs/openapi.yaml."""

from typing import Any

from drf_spectacular.generators import SchemaGenerator
from drf_spectacular.openapi import AutoSchema
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.serializers import Serializer

from hms_ach.access.scopes import SCOPES
from hms_ach.api import idempotent
from hms_ach.api.problems import MEDIA_TYPE
from hms_ach.api.views import ANY_SCOPE, ApiView, for_method

_PROBLEM = {
    "type": "object",
    "description": "Why the request was refused, and what to do (RFC 9457).",
    "required": ["type", "title", "status", "detail", "code"],
    "properties": {
        "type": {"type": "string", "format": "uri", "example": "urn:hms-ach:problem:period_closed"},
        "title": {"type": "string"},
        "status": {"type": "integer"},
        "detail": {"type": "string"},
        "code": {"type": "string", "example": "period_closed"},
        "errors": {
            "type": "array",
            "description": "The values at fault, by JSON pointer (RFC 6901).",
            "items": {
                "type": "object",
                "required": ["pointer", "code", "detail"],
                "properties": {
                    "pointer": {"type": "string", "example": "/lines/0/amount"},
                    "code": {"type": "string"},
                    "detail": {"type": "string"},
                },
            },
        },
        "findings": {
            "type": "array",
            "description": "What was found in a file that was refused.",
            "items": {
                "type": "object",
                "required": ["line", "field", "problem", "rule", "is_fatal"],
                "properties": {
                    "line": {"type": "integer"},
                    "field": {"type": "string"},
                    "problem": {"type": "string"},
                    "rule": {"type": "string"},
                    "is_fatal": {"type": "boolean"},
                },
            },
        },
    },
}
_OAUTH2 = {
    "type": "oauth2",
    "flows": {"clientCredentials": {"tokenUrl": "/oauth/token/", "scopes": SCOPES}},
}
_REFUSED = {
    "description": "Refused",
    "content": {MEDIA_TYPE: {"schema": {"$ref": "#/components/schemas/Problem"}}},
}


def _close(schema: Any, schemas: dict[str, Any]) -> None:
    if isinstance(schema, list):
        for part in schema:
            _close(part, schemas)
    if not isinstance(schema, dict):
        return
    if (reference := schema.get("$ref", "")) and "additionalProperties" not in schemas[
        reference.split("/")[-1]
    ]:
        _close(schemas[reference.split("/")[-1]], schemas)
    if schema.get("type") == "object" and "properties" in schema:
        schema.setdefault("additionalProperties", False)
    for part in schema.values():
        _close(part, schemas)


def add_shared_parts(result: dict[str, Any], **_more: Any) -> dict[str, Any]:
    """Put the problem and the way to sign in beside the parts that the views brought; close the requests.

    Closed: a member that is not named is refused.
    """
    components = result.setdefault("components", {})
    schemas = components.setdefault("schemas", {})
    for path in result["paths"].values():
        for operation in path.values():
            _close(operation.get("requestBody", {}), schemas)
    schemas["Problem"] = _PROBLEM
    components["securitySchemes"] = {"oauth2": _OAUTH2}
    return result


_Parameter = OpenApiParameter | Serializer | type[Serializer]


class ApiSchema(AutoSchema):
    """Adds what all our views share: scope, Idempotency-Key, query parameters and problems."""

    view: ApiView  # type: ignore[override]

    def get_auth(self) -> list[dict[str, list[str]]]:
        scope = for_method(self.view.required_scope, self.method)
        return [{"oauth2": [] if scope == ANY_SCOPE else [scope]}]

    def get_override_parameters(self) -> list[_Parameter]:
        if self.method == "GET":
            return [OpenApiParameter(name, str) for name in sorted(self.view.query_parameters)]
        return [
            OpenApiParameter(
                idempotent.HEADER,
                {"type": "string", "pattern": f"^{idempotent.KEY_PATTERN}$"},
                OpenApiParameter.HEADER,
                required=self.view.is_money_write,
                description="A random key for each new request; the same key repeats it and acts once.",
            )
        ]

    def get_operation(self, *args, **kwargs) -> dict[str, Any] | None:
        operation = super().get_operation(*args, **kwargs)
        if not operation:
            return operation
        operation["responses"]["4XX"] = _REFUSED
        for parameter in operation.get("parameters", []):
            if parameter["in"] == "query" and parameter["schema"].get("type") == "string":
                parameter["schema"].setdefault("minLength", 1)
        return operation

    def _map_serializer_field(self, field, direction, bypass_extensions=False):
        """As the base has it; a list that may not be empty says so."""
        schema = super()._map_serializer_field(field, direction, bypass_extensions)
        if schema.get("type") == "array" and not getattr(field, "allow_empty", True):
            schema.setdefault("minItems", 1)
        return schema


class Description(ApiView):
    """GET answers with this description of the API, for any client with a token."""

    required_scope = ANY_SCOPE
    required_permission = "api.view_openapi"

    @extend_schema(operation_id="openapi", responses=OpenApiTypes.OBJECT)
    def get(self, request: Request) -> Response:
        return Response(SchemaGenerator().get_schema(request=None, public=True))
