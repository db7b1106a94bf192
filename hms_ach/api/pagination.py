"""Long lists in pages that do not shift while rows are added."""

from typing import Any

from rest_framework.exceptions import NotFound, ParseError
from rest_framework.pagination import CursorPagination
from rest_framework.response import Response


class CursorPages(CursorPagination):
    """`?limit=50&cursor=…`; the answer is {"items": [...], "next": address or null, "previous": …}.

    Newest first by default. An order of one's own ends in the primary key.
    """

    page_size = 50
    max_page_size = 200
    page_size_query_param = "limit"
    ordering: tuple[str, ...] = ("-id",)
    parameters = frozenset({"limit", "cursor"})

    def get_page_size(self, request) -> int:
        text = request.query_params.get("limit")
        if text is None:
            return self.page_size
        if not text.isascii() or not text.isdigit() or not 1 <= int(text[:6]) <= self.max_page_size:
            raise ParseError(f"limit is a whole number from 1 to {self.max_page_size}.")
        return int(text)

    def get_schema_operation_parameters(self, view) -> list[dict[str, Any]]:
        bounds = {"minimum": 1, "maximum": self.max_page_size, "default": self.page_size}
        described = super().get_schema_operation_parameters(view)
        for parameter in described:
            if parameter["name"] == self.page_size_query_param:
                parameter["schema"] |= bounds
        return described

    def decode_cursor(self, request):
        try:
            return super().decode_cursor(request)
        except NotFound:
            raise ParseError("This cursor is not one of ours. Start again without it.") from None

    def get_paginated_response(self, data: Any) -> Response:
        return Response({"items": data, "next": self.get_next_link(), "previous": self.get_previous_link()})

    def get_paginated_response_schema(self, schema: dict[str, Any]) -> dict[str, Any]:
        link = {"type": ["string", "null"], "format": "uri"}
        return {
            "type": "object",
            "required": ["items", "next", "previous"],
            "properties": {"items": schema, "next": link, "previous": link},
        }
