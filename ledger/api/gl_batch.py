"""GL batches for the general ledger's import."""

from base64 import b64encode
from datetime import date
from typing import Any

from django.http import HttpResponse
from drf_spectacular.utils import OpenApiParameter, OpenApiResponse, extend_schema
from rest_framework import serializers
from rest_framework.exceptions import NotFound
from rest_framework.negotiation import DefaultContentNegotiation
from rest_framework.renderers import BaseRenderer, JSONRenderer
from rest_framework.response import Response

from hms_ach.api import ApiRequest
from hms_ach.api.pagination import CursorPages
from hms_ach.api.views import ApiView
from hms_ach.money import Money
from ledger.models import GlBatch
from ledger.queries import gl_batch, gl_batch_file, gl_batches


class _Filters(serializers.Serializer):
    facility = serializers.CharField(required=False, help_text="Code of a facility.")
    since = serializers.DateField(required=False, help_text="First business day.")
    until = serializers.DateField(required=False, help_text="Last business day.")


class _MoneyShown(serializers.Serializer):
    amount = serializers.CharField()
    currency = serializers.CharField()


class GlBatchShown(serializers.Serializer):
    """A batch in the list."""

    id = serializers.CharField()
    number = serializers.CharField()
    legal_entity = serializers.CharField()
    facility = serializers.CharField()
    business_on = serializers.DateField()
    run = serializers.IntegerField()
    built_at = serializers.DateTimeField()
    entries = serializers.IntegerField()
    lines = serializers.IntegerField()
    functional_debit = _MoneyShown()
    functional_credit = _MoneyShown()


class GlBatches(ApiView):
    """The client's batches, latest first. Reading changes nothing."""

    required_scope = "gl:read"
    required_permission = "ledger.view_gl_batch"
    query_parameters = frozenset({"facility", "since", "until"})
    pagination_class = CursorPages

    @extend_schema(operation_id="gl_batches_list", parameters=[_Filters], responses=GlBatchShown(many=True))
    def get(self, request: ApiRequest) -> Response:
        asked = _Filters(data={name: request.query_params[name] for name in self._given(request)})
        asked.is_valid(raise_exception=True)
        chosen: dict[str, Any] = asked.validated_data
        facility_ids = self.facilities
        if "facility" in chosen:
            facility_ids = frozenset({self.facility(chosen["facility"]).pk})
        since: date | None = chosen.get("since")
        rows = gl_batches(facility_ids=facility_ids, since=since, until=chosen.get("until"))
        return self.paged(rows, _shown)

    def _given(self, request: ApiRequest) -> list[str]:
        return [name for name in self.query_parameters if name in request.query_params]


class _JsonLines(BaseRenderer):
    media_type = "application/jsonl"
    format = "jsonl"


class _Csv(BaseRenderer):
    media_type = "text/csv"
    format = "csv"


class _ByLayout(DefaultContentNegotiation):
    """`?layout=csv` goes before the Accept header."""

    def select_renderer(self, request: Any, renderers: Any, format_suffix: Any = None) -> Any:
        layout = request.query_params.get("layout")
        chosen = [renderer for renderer in renderers if renderer.format == layout]
        if chosen:
            return chosen[0], chosen[0].media_type
        return super().select_renderer(request, renderers, format_suffix)


class GlBatchContent(ApiView):
    """One batch as it was built: the same bytes every time, with their SHA-256."""

    required_scope = "gl:read"
    required_permission = "ledger.view_gl_batch"
    query_parameters = frozenset({"layout"})
    renderer_classes = [JSONRenderer, _JsonLines, _Csv]
    content_negotiation_class = _ByLayout

    @extend_schema(
        operation_id="gl_batch_content",
        parameters=[OpenApiParameter("layout", enum=["json", "jsonl", "csv"])],
        responses={200: OpenApiResponse(description="The batch: JSON, JSON Lines or CSV.")},
    )
    def get(self, request: ApiRequest, public_id: str) -> HttpResponse:
        layout = _Layout(data=request.query_params)
        layout.is_valid(raise_exception=True)
        batch = gl_batch(public_id=public_id, facility_ids=self.facilities)
        if batch is None:
            raise NotFound()
        file = gl_batch_file(batch, request.accepted_renderer.format)
        digest = b64encode(bytes.fromhex(file.sha256)).decode()
        return HttpResponse(
            bytes(file.content),
            content_type=request.accepted_renderer.media_type,
            headers={"ETag": f'"{file.sha256}"', "Content-Digest": f"sha-256=:{digest}:"},
        )


class _Layout(serializers.Serializer):
    layout = serializers.ChoiceField(choices=["json", "jsonl", "csv"], required=False)


def _shown(batch: GlBatch) -> dict[str, Any]:
    return {
        "id": batch.public_id,
        "number": batch.number,
        "legal_entity": batch.legal_entity.code,
        "facility": batch.facility.code,
        "business_on": batch.business_on.isoformat(),
        "run": batch.run,
        "built_at": batch.built_at.isoformat(),
        "entries": batch.n_entries,
        "lines": batch.n_lines,
        "functional_debit": Money(batch.debit_minor, batch.functional_currency).as_json(),
        "functional_credit": Money(batch.credit_minor, batch.functional_currency).as_json(),
    }
