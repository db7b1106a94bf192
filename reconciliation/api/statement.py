"""Bank statements in and out."""

import hashlib
from typing import Any

from django.conf import settings
from django.http import StreamingHttpResponse
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import extend_schema
from rest_framework.parsers import BaseParser
from rest_framework.renderers import BaseRenderer, JSONRenderer
from rest_framework.request import Request
from rest_framework.response import Response

from hms_ach import files
from hms_ach.api.pagination import CursorPages
from hms_ach.api.views import ApiView
from hms_ach.money import Money
from hms_ach.refusal import Refusal
from reconciliation.commands import import_statement
from reconciliation.models import Statement, StatementLine
from reconciliation.queries import account_by_code, lines_of, statement_of, statements_of

MAX_SHOWN_LINES = 10_000


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

    @extend_schema(responses=OpenApiTypes.OBJECT)
    def get(self, request: Request) -> Response:
        return self.paged(statements_of(self.facilities), shown)


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
        responses={200: OpenApiTypes.OBJECT, 201: OpenApiTypes.OBJECT},
    )
    def put(self, request: Request, account: str, statement: str) -> Response:
        limit = settings.BANK_FILE_MAX_BYTES
        if int(request.META.get("CONTENT_LENGTH") or 0) > limit:
            raise BodyTooLarge(limit_bytes=limit)
        own = account_by_code(account, self.facilities)
        imported = import_statement(
            content=request.data["stream"],
            name=f"{statement}.xml",
            actor=request.user,
            facility_ids=self.facilities,
            account=own,
            statement_id=statement,
        )
        kept = next(
            row for row in imported.statements if row.account_id == own.pk and row.statement_id == statement
        )
        return Response(with_lines(kept), status=200 if imported.is_known else 201)

    @extend_schema(responses=OpenApiTypes.OBJECT)
    def get(self, request: Request, account: str, statement: str) -> Response | StreamingHttpResponse:
        found = statement_of(account_by_code(account, self.facilities), statement)
        if request.accepted_renderer.format == "xml":
            source = files.open_file(found.file.public_id)
            return StreamingHttpResponse(
                iter(lambda: source.read(65536), b""), content_type="application/xml"
            )
        return Response(with_lines(found))


def shown(row: Statement) -> dict[str, Any]:
    """A statement without its lines."""
    return {
        "id": row.public_id,
        "account": row.account.code,
        "facility": row.account.facility.code,
        "statement": row.statement_id,
        "sequence": row.sequence,
        "from_on": row.from_on.isoformat(),
        "to_on": row.to_on.isoformat(),
        "opening": _money(row.opening_minor, row.currency),
        "closing": _money(row.closing_minor, row.currency),
        "booked": _money(row.booked_minor, row.currency),
        "line_count": row.line_count,
        "known_line_count": row.known_line_count,
        "findings": row.findings,
        "sha256": row.sha256,
        "imported_at": row.imported_at.isoformat(),
    }


def with_lines(row: Statement) -> dict[str, Any]:
    """A statement with the first ten thousand of its own lines; the original has them all."""
    lines = [_line(line) for line in lines_of(row)[:MAX_SHOWN_LINES]]
    return {**shown(row), "lines": lines}


def _line(line: StatementLine) -> dict[str, Any]:
    return {
        "position": line.position,
        "bank_reference": "" if line.bank_reference.startswith("~") else line.bank_reference,
        "booked_on": line.booked_on.isoformat(),
        "value_on": line.value_on.isoformat(),
        "amount": _money(line.amount_minor, line.currency),
        "references": line.references,
        "is_reversal": line.is_reversal,
        "code": line.code,
    }


def _money(minor: int | None, currency: str) -> dict[str, str] | None:
    return None if minor is None else Money(minor, currency).as_json()
