"""GL batches for the general ledger's import: to list, to read, to build and to acknowledge."""

from base64 import b64encode
from datetime import date
from typing import Any

from django.http import HttpResponseBase, StreamingHttpResponse
from drf_spectacular.utils import OpenApiParameter, OpenApiResponse, extend_schema
from rest_framework import serializers
from rest_framework.exceptions import NotFound
from rest_framework.negotiation import DefaultContentNegotiation
from rest_framework.renderers import JSONRenderer
from rest_framework.response import Response

from hms_ach.api import ApiRequest, ApiView, CursorPages, FacilityField, RequestBody
from hms_ach.money import Money
from ledger.commands import acknowledge_gl_batch, build_gl_batch, export_gl_batch
from ledger.formats.layouts import LAYOUTS
from ledger.models import GlBatch, GlBatchStep
from ledger.queries import file_bytes, gl_batch, gl_batch_file, gl_batch_steps, gl_batches, released_file
from ledger.rules.batch_life import RELEASED

_NO_FILE = (
    "This batch has no file of that layout. A layout is not written while a name that it needs is not set, "
    "such as the Oracle ledger id; an export profile is written when a person asks for it."
)
_STATES = ", ".join(GlBatchStep.State.values)


class _Filters(serializers.Serializer):
    facility = serializers.CharField(required=False, help_text="Code of a facility.")
    since = serializers.DateField(required=False, help_text="First business day.")
    until = serializers.DateField(required=False, help_text="Last business day.")
    state = serializers.ChoiceField(
        choices=GlBatchStep.State.choices,
        required=False,
        help_text="Only batches in this state; all that were released when omitted.",
    )


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
    state = serializers.CharField(help_text=_STATES)
    journal = serializers.CharField(allow_null=True, help_text="The general ledger's own number.")
    rebuilds = serializers.CharField(allow_null=True, help_text="The batch that this one sends again.")
    reverses = serializers.CharField(allow_null=True, help_text="The batch that this one takes back.")
    built_at = serializers.DateTimeField()
    entries = serializers.IntegerField()
    lines = serializers.IntegerField()
    functional_debit = _MoneyShown()
    functional_credit = _MoneyShown()


class BuildingRequest(RequestBody):
    facility = FacilityField()
    business_on = serializers.DateField(help_text="Entries up to and with this day are taken.")


class GlBatches(ApiView):
    """GET lists the client's released batches, latest first, and changes nothing; POST builds one."""

    required_scope = {"GET": "gl:read", "POST": "gl:write"}
    required_permission = {"GET": "ledger.view_gl_batch", "POST": "ledger.build_gl_batch"}
    query_parameters = frozenset({"facility", "since", "until", "state"})
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
        states = [chosen["state"]] if "state" in chosen else RELEASED
        rows = gl_batches(facility_ids=facility_ids, since=since, until=chosen.get("until"), states=states)
        return self.paged(rows.select_related("rebuilds", "reverses"), _shown)

    @extend_schema(operation_id="gl_batch_build", request=BuildingRequest, responses={201: GlBatchShown})
    def post(self, request: ApiRequest) -> Response:
        """Build a batch of everything that is in none yet; a person must approve it before it is released."""
        batch = build_gl_batch(**self.read(BuildingRequest), actor=request.user)
        return Response(_shown(_again(batch)), status=201)

    def _given(self, request: ApiRequest) -> list[str]:
        return [name for name in self.query_parameters if name in request.query_params]


class _JsonLines(JSONRenderer):
    """The bytes are streamed as they are kept; a renderer writes refusals only, as JSON."""

    media_type = "application/jsonl"
    format = "jsonl"


class _Csv(JSONRenderer):
    """As _JsonLines."""

    media_type = "text/csv"
    format = "csv"


class _ByLayout(DefaultContentNegotiation):
    """`?layout=csv` goes before the Accept header; a layout of a general ledger is only asked for by name."""

    def select_renderer(self, request: Any, renderers: Any, format_suffix: Any = None) -> Any:
        layout = request.query_params.get("layout")
        if layout:
            chosen = [renderer for renderer in renderers if renderer.format == layout]
            return (chosen or renderers)[0], (chosen or renderers)[0].media_type
        return super().select_renderer(request, renderers, format_suffix)


class GlBatchContent(ApiView):
    """One released batch as it was built: the same bytes every time, with their SHA-256."""

    required_scope = "gl:read"
    required_permission = "ledger.view_gl_batch"
    query_parameters = frozenset({"layout"})
    renderer_classes = [JSONRenderer, _JsonLines, _Csv]
    content_negotiation_class = _ByLayout

    @extend_schema(
        operation_id="gl_batch_content",
        parameters=[
            OpenApiParameter(
                "layout",
                description="json, jsonl, csv, fbdi, workday, sap, peoplesoft, "
                "netsuite, or the id of an export profile (xpf_…).",
            )
        ],
        responses={200: OpenApiResponse(description="The batch in the layout asked for.")},
    )
    def get(self, request: ApiRequest, public_id: str) -> HttpResponseBase:
        asked = _Layout(data=request.query_params)
        asked.is_valid(raise_exception=True)
        batch = _released_or_404(self, public_id)
        file = released_file(batch, asked.validated_data.get("layout") or request.accepted_renderer.format)
        if file is None:
            raise NotFound(_NO_FILE)
        digest = b64encode(bytes.fromhex(file.sha256)).decode()
        return StreamingHttpResponse(
            file_bytes(file),
            content_type=file.media_type,
            headers={
                "Content-Length": str(file.size),
                "ETag": f'"{file.sha256}"',
                "Content-Digest": f"sha-256=:{digest}:",
            },
        )


class _Layout(serializers.Serializer):
    layout = serializers.RegexField(
        rf"^({'|'.join(LAYOUTS)}|xpf_[0-9A-Za-z]+)$",
        required=False,
        error_messages={"invalid": f"Layouts are {', '.join(LAYOUTS)} and the ids of export profiles."},
    )


class StepShown(serializers.Serializer):
    """What became of a batch at a moment."""

    state = serializers.CharField(help_text=_STATES)
    at = serializers.DateTimeField()
    reason = serializers.CharField()
    journal = serializers.CharField()


class LifeShown(serializers.Serializer):
    """A batch's state with all that led there."""

    id = serializers.CharField()
    state = serializers.CharField(help_text=_STATES)
    journal = serializers.CharField(allow_null=True)
    steps = StepShown(many=True)


class ExportRequest(RequestBody):
    layout = serializers.CharField(max_length=40)


class GlBatchExports(ApiView):
    """POST records that a client fetched a batch and takes it to the general ledger."""

    required_scope = "gl:ack"
    required_permission = "ledger.acknowledge_gl_batch"

    @extend_schema(operation_id="gl_batch_export", request=ExportRequest, responses={201: LifeShown})
    def post(self, request: ApiRequest, public_id: str) -> Response:
        batch = _released_or_404(self, public_id)
        layout = self.read(ExportRequest)["layout"]
        if gl_batch_file(batch, layout) is None:
            raise NotFound(_NO_FILE)
        export_gl_batch(batch=batch, layout=layout, actor=request.user, via=str(request.api_client))
        return Response(_life(batch), status=201)


class AcknowledgmentRequest(RequestBody):
    outcome = serializers.ChoiceField(choices=["accepted", "posted", "rejected"])
    journal = serializers.CharField(max_length=80, required=False, default="")
    message = serializers.CharField(max_length=500, required=False, default="")


class GlBatchAcknowledgments(ApiView):
    """POST takes the general ledger's word for a batch. The same word again changes nothing."""

    required_scope = "gl:ack"
    required_permission = "ledger.acknowledge_gl_batch"

    @extend_schema(
        operation_id="gl_batch_acknowledge", request=AcknowledgmentRequest, responses={201: LifeShown}
    )
    def post(self, request: ApiRequest, public_id: str) -> Response:
        batch = _released_or_404(self, public_id)
        acknowledge_gl_batch(batch=batch, actor=request.user, **self.read(AcknowledgmentRequest))
        return Response(_life(batch), status=201)


def _released_or_404(view: ApiView, public_id: str) -> GlBatch:
    batch = gl_batch(public_id=public_id, facility_ids=view.facilities, is_released=True)
    if batch is None:
        raise NotFound()
    return batch


def _again(batch: GlBatch) -> GlBatch:
    """The batch as it is now, with its state."""
    found = gl_batch(public_id=batch.public_id, facility_ids=[batch.facility_id])
    assert found is not None
    return found


def _life(batch: GlBatch) -> dict[str, Any]:
    now = _again(batch)
    return {
        "id": now.public_id,
        "state": now.state,
        "journal": now.journal,
        "steps": [
            {
                "state": step.state,
                "at": step.made_at.isoformat(),
                "reason": step.reason,
                "journal": step.journal,
            }
            for step in gl_batch_steps(now)
        ],
    }


def _shown(batch: GlBatch) -> dict[str, Any]:
    return {
        "id": batch.public_id,
        "number": batch.number,
        "legal_entity": batch.legal_entity.code,
        "facility": batch.facility.code,
        "business_on": batch.business_on.isoformat(),
        "run": batch.run,
        "state": batch.state,
        "journal": batch.journal,
        "rebuilds": batch.rebuilds.public_id if batch.rebuilds else None,
        "reverses": batch.reverses.public_id if batch.reverses else None,
        "built_at": batch.built_at.isoformat(),
        "entries": batch.n_entries,
        "lines": batch.n_lines,
        "functional_debit": Money(batch.debit_minor, batch.functional_currency).as_json(),
        "functional_credit": Money(batch.credit_minor, batch.functional_currency).as_json(),
    }
