"""Bank statements in and out."""

import hashlib
from typing import Any, cast

from django.conf import settings
from django.http import StreamingHttpResponse
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import extend_schema
from rest_framework.parsers import BaseParser
from rest_framework.renderers import BaseRenderer, JSONRenderer
from rest_framework.response import Response

from hms_ach import files
from hms_ach.api import ApiRequest
from hms_ach.api.pagination import CursorPages
from hms_ach.api.views import ApiView
from hms_ach.refusal import Refusal
from reconciliation.api.statement_document import StatementDocument, StatementSummary
from reconciliation.commands import import_statement
from reconciliation.queries import account_by_code, statement_of, statements_of


class BodyTooLarge(Refusal):
    code = "body_too_large"
    status = 413
    sentence = "The file is larger than {limit_bytes} bytes. Send it in smaller parts; nothing was kept."


class XmlStream(BaseParser):
    """The body as a stream of bytes: read once, by the command that keeps it."""

    media_type = "application/xml"

    def parse(self, stream, media_type=None, parser_context=None) -> dict[str, Any]:
        return {"stream": stream}


class TextXmlStream(XmlStream):
    media_type = "text/xml"


class Original(BaseRenderer):
    """Chosen by Accept: application/xml; the view itself sends the kept bytes."""

    media_type = "application/xml"
    format = "xml"

    def render(self, data, accepted_media_type=None, renderer_context=None) -> bytes:
        return b"" if data is None else JSONRenderer().render(data)


class BankStatementPages(CursorPages):
    ordering = ("-to_on", "-id")


class BankStatementList(ApiView):
    """GET lists the statements of the client's bank accounts, the newest day first."""

    required_scope = "statements:write"
    required_permission = "reconciliation.view_statement"
    pagination_class = BankStatementPages

    @extend_schema(operation_id="bank_statements_list", responses=StatementSummary(many=True))
    def get(self, request: ApiRequest) -> Response:
        return self.paged(statements_of(self.facilities), StatementSummary)


class BankStatement(ApiView):
    """PUT takes in one camt.053 file under its own name; GET answers what was taken in.

    The same bytes again change nothing and answer the same. Accept: application/xml gives the
    original, byte for byte.
    """

    required_scope = "statements:write"
    required_permission = {
        "GET": "reconciliation.view_statement",
        "PUT": "reconciliation.import_statement",
    }
    parser_classes = [XmlStream, TextXmlStream]
    renderer_classes = [JSONRenderer, Original]

    def fingerprint(self) -> str:
        """The address: the command itself tells the same bytes from others by their SHA-256."""
        return hashlib.sha256(f"{self.request.method} {self.request.path}".encode()).hexdigest()

    @extend_schema(
        request={"application/xml": OpenApiTypes.BINARY},
        responses={200: StatementDocument, 201: StatementDocument},
    )
    def put(self, request: ApiRequest, account: str, statement: str) -> Response:
        limit = settings.BANK_FILE_MAX_BYTES
        if int(request.META.get("CONTENT_LENGTH") or 0) > limit:
            raise BodyTooLarge(limit_bytes=limit)
        own = account_by_code(account, self.facilities)
        imported = import_statement(
            content=cast(dict[str, Any], request.data)["stream"],
            name=f"{statement}.xml",
            actor=request.user,
            facility_ids=self.facilities,
            account=own,
            statement_id=statement,
        )
        kept = next(
            row for row in imported.statements if row.account_id == own.pk and row.statement_id == statement
        )
        return Response(StatementDocument(kept).data, status=200 if imported.is_known else 201)

    @extend_schema(
        responses={
            (200, "application/json"): StatementDocument,
            (200, "application/xml"): OpenApiTypes.BINARY,
        }
    )
    def get(self, request: ApiRequest, account: str, statement: str) -> Response | StreamingHttpResponse:
        found = statement_of(account_by_code(account, self.facilities), statement)
        if request.accepted_renderer.format == "xml":
            source = files.open_file(found.file.public_id)
            return StreamingHttpResponse(
                iter(lambda: source.read(65536), b""), content_type="application/xml"
            )
        return Response(StatementDocument(found).data)
