"""Keeping files."""

import hashlib
import io
import re
from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING, BinaryIO

from django.conf import settings
from django.db import transaction

from hms_ach import audit, clock
from hms_ach.files.models import Chunk, StoredFile
from hms_ach.ids import new_id
from hms_ach.refusal import Refusal

if TYPE_CHECKING:
    from hms_ach.access.models import Facility, User

CHUNK_BYTES = 256 * 1024
# RFC 6838, within what a row takes; a sender may say anything.
_MEDIA_TYPE = re.compile(r"[a-z0-9][a-z0-9!#$&^_.+-]{0,48}/[a-z0-9][a-z0-9!#$&^_.+-]{0,48}")


class FileTooLarge(Refusal):
    code = "file_too_large"
    status = 413
    sentence = "The file is larger than {limit}. Send smaller parts; nothing of it was kept."

    def __init__(self, *, limit_bytes: int) -> None:
        super().__init__(limit=_in_words(limit_bytes))


@transaction.atomic
def store(
    content: bytes | BinaryIO,
    *,
    name: str,
    media_type: str,
    kind: str,
    facility: "Facility | None",
    actor: "User | None",
    limit_bytes: int | None = None,
) -> StoredFile:
    """Keep a file as it is, piece by piece; memory does not grow with it. The stream is read to its end.

    name         what the sender called it; cleaned, shown to people, never used as a path
    media_type   what the sender says it is
    kind         what it is for us, such as "camt053" or "gl_batch"
    limit_bytes  settings.BANK_FILE_MAX_BYTES when omitted

    Raises FileTooLarge.
    """
    limit = settings.BANK_FILE_MAX_BYTES if limit_bytes is None else limit_bytes
    public_id, hashed, size = new_id("fil"), hashlib.sha256(), 0
    for ordinal, piece in enumerate(_pieces(content)):
        size += len(piece)
        if size > limit:
            raise FileTooLarge(limit_bytes=limit)
        hashed.update(piece)
        Chunk.objects.create(file_id=public_id, ordinal=ordinal, content=piece)
    stored = StoredFile.objects.create(
        public_id=public_id,
        kind=kind,
        name=shown_name(name),
        media_type=_media_type(media_type),
        size=size,
        sha256=hashed.hexdigest(),
        facility=facility,
        created_by=actor,
        created_at=clock.now(),
    )
    audit.record(
        "files.store_file", actor=actor, subject=stored, after={"sha256": stored.sha256, "size": size}
    )
    return stored


def _in_words(limit: int) -> str:
    """Megabytes of 1024 × 1024 bytes, as screens say it; below one, bytes."""
    return f"{limit / 2**20:g} MB" if limit >= 2**20 else f"{limit} bytes"


def shown_name(name: str) -> str:
    """A name without path, control or direction-changing characters, at most 200 long."""
    last = re.split(r"[\\/]", name)[-1]
    clean = "".join(letter for letter in last if letter.isprintable()).strip(" .")
    return clean[-200:] or "file"


def _media_type(said: str) -> str:
    """What was said without its parameters; bytes of no known type where that is no media type."""
    kind = said.partition(";")[0].strip().lower()
    return kind if _MEDIA_TYPE.fullmatch(kind) else "application/octet-stream"


def _pieces(content: bytes | BinaryIO) -> Iterator[bytes]:
    stream: BinaryIO | Iterable[bytes] = io.BytesIO(content) if isinstance(content, bytes) else content
    while piece := stream.read(CHUNK_BYTES):  # type: ignore[union-attr]
        yield piece
