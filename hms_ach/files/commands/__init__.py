"""Changes: store a file, keep evidence."""

from hms_ach.files.commands.evidence import (
    EVIDENCE_BYTES,
    EvidenceEmpty,
    EvidenceKindRefused,
    EvidenceMisnamed,
    store_evidence,
)
from hms_ach.files.commands.stored_file import FileTooLarge, store

__all__ = [
    "EVIDENCE_BYTES",
    "EvidenceEmpty",
    "EvidenceKindRefused",
    "EvidenceMisnamed",
    "FileTooLarge",
    "store",
    "store_evidence",
]
