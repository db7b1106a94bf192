"""Evidence of journals: kept first, attached when a journal is prepared, never changed."""

from typing import BinaryIO

from django.db import transaction

from hms_ach import files
from hms_ach.access.models import Facility, User
from hms_ach.files import StoredFile
from hms_ach.refusal import Refusal
from ledger.queries.journal_evidence import EVIDENCE, evidence_kept_by

EVIDENCE_BYTES = 20 * 1024 * 1024


class EvidenceEmpty(Refusal):
    code = "evidence_empty"
    status = 422
    sentence = "{name} has no bytes, so that it shows nothing. Send the file itself."


def keep_evidence(
    content: bytes | BinaryIO, *, name: str, media_type: str, facility: Facility, actor: User
) -> tuple[StoredFile, bool]:
    """Keep a file that a journal may name; whether it is new.

    The same bytes under the same name, sent again by the same person for the facility, are the same file.
    Raises EvidenceEmpty, and FileTooLarge above EVIDENCE_BYTES.
    """
    with transaction.atomic():
        stored = files.store(
            content,
            name=name,
            media_type=media_type,
            kind=EVIDENCE,
            facility=facility,
            actor=actor,
            limit_bytes=EVIDENCE_BYTES,
        )
        if not stored.size:
            raise EvidenceEmpty(name=stored.name)
        same = evidence_kept_by(actor, facility=facility).filter(sha256=stored.sha256, name=stored.name)
        known = same.exclude(pk=stored.pk).order_by("id").first()
        transaction.set_rollback(known is not None)
    return known or stored, known is None
