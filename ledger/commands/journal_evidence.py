"""Evidence of journals: kept first, attached when a journal is prepared, never changed."""

from typing import BinaryIO

from django.db import transaction

from hms_ach import files
from hms_ach.access.models import Facility, User
from hms_ach.files import StoredFile
from hms_ach.files.commands import EVIDENCE_BYTES
from ledger.queries.journal_evidence import EVIDENCE, evidence_kept_by


def keep_evidence(
    content: bytes | BinaryIO, *, name: str, facility: Facility, actor: User
) -> tuple[StoredFile, bool]:
    """Keep a file that a journal may name; whether it is new.

    The same bytes under the same name, sent again by the same person for the facility, are the same file.
    Raises what `files.store_evidence` raises.
    """
    with transaction.atomic():
        stored = files.store_evidence(
            content,
            name=name,
            kind=EVIDENCE,
            facility=facility,
            actor=actor,
            limit_bytes=EVIDENCE_BYTES,
        )
        same = evidence_kept_by(actor, facility=facility).filter(sha256=stored.sha256, name=stored.name)
        known = same.exclude(pk=stored.pk).order_by("id").first()
        transaction.set_rollback(known is not None)
    return known or stored, known is None
