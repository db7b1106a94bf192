"""Evidence of journals by program: kept first, named by the journal, read again."""

from base64 import b64encode
from typing import Any

from django.http import FileResponse
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiResponse, extend_schema
from rest_framework import serializers
from rest_framework.exceptions import NotFound
from rest_framework.response import Response

from hms_ach.api import ApiRequest, ApiView
from hms_ach.api.file_stream import FileView, file_of
from hms_ach.files import StoredFile
from hms_ach.files.screens.stored_file import download_of
from ledger.commands.journal_evidence import EVIDENCE_BYTES, keep_evidence
from ledger.queries import evidence_of, journal_of


class EvidenceShown(serializers.Serializer):
    """A file; its id is what a journal names."""

    id = serializers.CharField()
    name = serializers.CharField()
    size = serializers.IntegerField()
    sha256 = serializers.CharField()


class JournalEvidence(FileView):
    """PUT keeps a file, 20 MB at most, for a journal that names its id in `evidence`.

    A PDF, a picture, a Word or Excel file without macros, or plain text: told by its content, named as such.

    The same bytes under the same name change nothing: 201 where the file is new, 200 otherwise.
    """

    required_scope = "journals:write"
    required_permission = "ledger.prepare_journal"

    @extend_schema(
        operation_id="journal_evidence_keep",
        request={"application/octet-stream": OpenApiTypes.BINARY},
        responses={200: EvidenceShown, 201: EvidenceShown},
    )
    def put(self, request: ApiRequest, facility: str, name: str) -> Response:
        kept, is_new = keep_evidence(
            file_of(request, EVIDENCE_BYTES),
            name=name,
            facility=self.facility(facility),
            actor=request.user,
        )
        return Response(evidence_shown(kept), status=201 if is_new else 200)


class JournalEvidenceFile(ApiView):
    """GET gives a file of a journal as it was sent, byte for byte; who took it out is recorded."""

    required_scope = "journals:read"
    required_permission = "ledger.view_journal"

    @extend_schema(
        operation_id="journal_evidence_read",
        responses={(200, "application/octet-stream"): OpenApiResponse(OpenApiTypes.BINARY)},
    )
    def get(self, request: ApiRequest, public_id: str, file_id: str) -> FileResponse:
        journal = journal_of(public_id=public_id, facility_ids=self.facilities)
        found = [each for each in evidence_of(journal) if each.public_id == file_id] if journal else []
        if not found:
            raise NotFound()
        response = download_of(found[0], actor=request.user)
        digest = b64encode(bytes.fromhex(found[0].sha256)).decode()
        response["Content-Digest"] = f"sha-256=:{digest}:"
        return response


def evidence_shown(file: StoredFile) -> dict[str, Any]:
    return {"id": file.public_id, "name": file.name, "size": file.size, "sha256": file.sha256}
