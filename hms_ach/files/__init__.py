"""Files as they came or went: bytes, SHA-256, never changed, never executed.

from hms_ach import files
stored = files.store(request.FILES["file"], name=…, media_type=…, kind="camt053", facility=…, actor=…)
with files.open_file(stored.public_id) as stream: …
proof = files.store_evidence(request.FILES["file"], name=…, kind="cash_slip", facility=…, actor=…)
"""

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from hms_ach.files.commands import (
        EvidenceEmpty,
        EvidenceKindRefused,
        EvidenceMisnamed,
        FileTooLarge,
        store,
        store_evidence,
    )
    from hms_ach.files.models import StoredFile
    from hms_ach.files.queries import FileDamaged, file_named, open_file

__all__ = [
    "EvidenceEmpty",
    "EvidenceKindRefused",
    "EvidenceMisnamed",
    "FileDamaged",
    "FileTooLarge",
    "StoredFile",
    "file_named",
    "open_file",
    "store",
    "store_evidence",
]


def __getattr__(name: str) -> Any:
    """Import the command or query at its first use, so that tables may load before."""
    if name not in __all__:
        raise AttributeError(f"hms_ach.files has no {name}")
    from hms_ach.files import commands, models, queries

    return getattr(commands, name, None) or getattr(queries, name, None) or getattr(models, name)
