"""Keeping what people attach to prove something."""

import tempfile
from typing import TYPE_CHECKING, BinaryIO, cast

from hms_ach.files.commands.stored_file import CHUNK_BYTES, FileTooLarge, shown_name, store
from hms_ach.files.models import StoredFile
from hms_ach.files.rules.evidence import ALLOWED, evidence_kind, is_named_as
from hms_ach.refusal import Refusal

if TYPE_CHECKING:
    from hms_ach.access.models import Facility, User

EVIDENCE_BYTES = 20 * 1024 * 1024
_IN_MEMORY = 1024 * 1024


class EvidenceEmpty(Refusal):
    code = "evidence_empty"
    status = 422
    sentence = "{name} has no bytes, so that it shows nothing. Send the file itself."


class EvidenceKindRefused(Refusal):
    code = "evidence_kind_refused"
    status = 422
    sentence = "{name} is no file that is kept as evidence. Send {allowed}; a print to PDF will do."


class EvidenceMisnamed(Refusal):
    code = "evidence_misnamed"
    status = 422
    sentence = "{name} holds {kind}, and its name says otherwise. Name it as what it is, and send it again."


def store_evidence(
    content: bytes | BinaryIO,
    *,
    name: str,
    kind: str,
    facility: "Facility | None",
    actor: "User",
    limit_bytes: int = EVIDENCE_BYTES,
) -> StoredFile:
    """Keep a letter, a slip, a picture: only what people look at and nothing that runs (rules.evidence).

    name, kind   as in `store`; the media type is that of the content, whatever the sender says

    Raises EvidenceEmpty, FileTooLarge, EvidenceKindRefused, EvidenceMisnamed. Nothing is kept then.
    """
    with tempfile.SpooledTemporaryFile(max_size=_IN_MEMORY) as spooled:
        size = _copy(content, spooled, limit_bytes)
        said = shown_name(name)
        if not size:
            raise EvidenceEmpty(name=said)
        found = evidence_kind(cast(BinaryIO, spooled))
        if found is None:
            raise EvidenceKindRefused(name=said, allowed=ALLOWED)
        if not is_named_as(found, said):
            raise EvidenceMisnamed(name=said, kind=found.name)
        spooled.seek(0)
        return store(
            cast(BinaryIO, spooled),
            name=name,
            media_type=found.media_type,
            kind=kind,
            facility=facility,
            actor=actor,
            limit_bytes=limit_bytes,
        )


def _copy(content: bytes | BinaryIO, to, limit: int) -> int:
    """The size of what was copied."""
    size = 0
    pieces = [content] if isinstance(content, bytes) else iter(lambda: content.read(CHUNK_BYTES), b"")
    for piece in pieces:
        size += len(piece)
        if size > limit:
            raise FileTooLarge(limit_bytes=limit)
        to.write(piece)
    return size
