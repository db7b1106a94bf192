"""Bank statements in and out."""

from django.conf import settings
from django.http import StreamingHttpResponse
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.renderers import BaseRenderer, JSONRenderer
from rest_framework.response import Response

from hms_ach import files
from hms_ach.api import ApiRequest
from hms_ach.api.file_stream import FileView, file_of
from hms_ach.api.pagination import CursorPages
from hms_ach.api.views import ApiView
from hms_ach.refusal import Refusal
from reconciliation.api.statement_document import (
    InterimReportDocument,
    StatementDocument,
    StatementSummary,
)
from reconciliation.commands import import_statement
from reconciliation.formats.detection import MEDIA_TYPES, Format
from reconciliation.models import Statement
from reconciliation.queries import account_by_code, is_original_open, statement_of, statements_of
from reconciliation.reports.camt053 import as_camt053, is_plain_camt053


class OriginalNotYours(Refusal):
    code = "original_not_yours"
    status = 403
    sentence = "The original holds statements of accounts that are not open to you. Ask for camt.053 instead."


class Camt053(BaseRenderer):
    """Chosen by Accept: application/xml; the view itself sends the bytes."""

    media_type = "application/xml"
    format = "xml"

    def render(self, data, accepted_media_type=None, renderer_context=None) -> bytes:
        return b"" if data is None else JSONRenderer().render(data)


class Original(Camt053):
    """Chosen by Accept: application/octet-stream; the view itself sends the kept bytes."""

    media_type = "application/octet-stream"
    format = "original"


class BankStatementPages(CursorPages):
    ordering = ("-to_on", "-id")


class StatementFilters(serializers.Serializer):
    account = serializers.CharField(required=False, help_text="Code of a bank account.")
    since = serializers.DateField(required=False, help_text="Only statements that end on this day or later.")
    until = serializers.DateField(required=False, help_text="Only statements that end on this day or before.")


class BankStatementList(ApiView):
    """GET lists the statements of the client's bank accounts, the newest day first."""

    required_scope = "statements:read"
    required_permission = "reconciliation.view_statement"
    query_parameters = frozenset(StatementFilters().fields)
    pagination_class = BankStatementPages

    @extend_schema(
        operation_id="bank_statements_list",
        parameters=[StatementFilters],
        responses=StatementSummary(many=True),
    )
    def get(self, request: ApiRequest) -> Response:
        asked = StatementFilters(data=request.query_params)
        asked.is_valid(raise_exception=True)
        wanted = asked.validated_data
        rows = statements_of(self.facilities)
        if "account" in wanted:
            rows = rows.filter(account=account_by_code(wanted["account"], self.facilities))
        if "since" in wanted:
            rows = rows.filter(to_on__gte=wanted["since"])
        if "until" in wanted:
            rows = rows.filter(to_on__lte=wanted["until"])
        return self.paged(rows, StatementSummary)


class BankStatement(FileView):
    """PUT takes in a bank's file under the name of a statement in it; GET answers what was taken in.

    camt.052/053/054, BAI2, MT940/942, OFX, CSV and XLSX, packed or not, recognised by their bytes; text/csv
    is taken at its word. The same bytes again change nothing and answer the same. A file that only announces
    (camt.052, camt.054, MT942) answers 202 with its reports. Accept: application/octet-stream gives the
    original, byte for byte; application/xml gives the statement as camt.053, which is the original
    where it came so.
    """

    required_scope = {"GET": "statements:read", "PUT": "statements:write"}
    required_permission = {
        "GET": "reconciliation.view_statement",
        "PUT": "reconciliation.import_statement",
    }
    renderer_classes = [JSONRenderer, Camt053, Original]

    @extend_schema(
        request=dict.fromkeys(("application/octet-stream", *MEDIA_TYPES.values()), OpenApiTypes.BINARY),
        responses={200: StatementDocument, 201: StatementDocument, 202: InterimReportDocument(many=True)},
    )
    def put(self, request: ApiRequest, account: str, statement: str) -> Response:
        content = file_of(request, settings.BANK_FILE_MAX_BYTES)
        own = account_by_code(account, self.facilities)
        imported = import_statement(
            content=content,
            name=statement,
            actor=request.user,
            facility_ids=self.facilities,
            account=own,
            statement_id=statement,
            format=Format.CSV if request.content_type.split(";")[0] == "text/csv" else None,
        )
        mine = [row for row in imported.statements if row.account_id == own.pk]
        kept = next((row for row in mine if row.statement_id == statement), None)
        if kept is None:
            return Response(InterimReportDocument(imported.reports, many=True).data, status=202)
        return Response(StatementDocument(kept).data, status=200 if imported.is_known else 201)

    @extend_schema(
        responses={
            (200, "application/json"): StatementDocument,
            (200, "application/xml"): OpenApiTypes.BINARY,
            (200, "application/octet-stream"): OpenApiTypes.BINARY,
        }
    )
    def get(self, request: ApiRequest, account: str, statement: str) -> Response | StreamingHttpResponse:
        found = statement_of(account_by_code(account, self.facilities), statement)
        asked = request.accepted_renderer.format
        if asked == "original" or (asked == "xml" and is_plain_camt053(found)):
            return self._original(found, "application/xml" if asked == "xml" else "application/octet-stream")
        if asked == "xml":
            return StreamingHttpResponse([as_camt053(found)], content_type="application/xml")
        return Response(StatementDocument(found).data)

    def _original(self, found: Statement, content_type: str) -> StreamingHttpResponse:
        """The kept bytes, to whom every statement in them is open."""
        if not is_original_open(found, self.facilities):
            raise OriginalNotYours()
        source = files.open_file(found.file.public_id)
        return StreamingHttpResponse(iter(lambda: source.read(65536), b""), content_type=content_type)
