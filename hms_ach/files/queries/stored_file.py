"""Reading files."""

import hashlib
import io
from collections.abc import Iterator

from hms_ach.files.models import Chunk, StoredFile
from hms_ach.refusal import Refusal


class FileNotFound(Refusal):
    code = "file_not_found"
    status = 404
    sentence = "There is no file {public_id}. Check the id."


class FileDamaged(Exception):
    """The stored bytes are not those that were stored: a matter for the administrator."""


def file_named(public_id: str) -> StoredFile:
    """What is known of a file, without its bytes. One query. Raises FileNotFound."""
    found = StoredFile.objects.filter(public_id=public_id).first()
    if found is None:
        raise FileNotFound(public_id=public_id)
    return found


def open_file(public_id: str) -> io.BufferedReader:
    """The bytes as a binary stream that holds one piece in memory; one query a piece.

    Raises FileNotFound, and FileDamaged at the end when size or SHA-256 are not as stored.
    """
    return io.BufferedReader(_Reader(file_named(public_id)), buffer_size=64 * 1024)


class _Reader(io.RawIOBase):
    """Serves pieces as a raw stream and checks the whole at the end."""

    def __init__(self, file: StoredFile) -> None:
        self._pieces = _checked_pieces(file)
        self._rest = memoryview(b"")

    def readable(self) -> bool:
        return True

    def readinto(self, buffer) -> int:
        if not self._rest:
            self._rest = memoryview(next(self._pieces, b""))
        taken = self._rest[: len(buffer)]
        buffer[: len(taken)] = taken
        self._rest = self._rest[len(taken) :]
        return len(taken)


def _checked_pieces(file: StoredFile) -> Iterator[bytes]:
    hashed, size, ordinal = hashlib.sha256(), 0, 0
    while True:
        piece = Chunk.objects.filter(file=file, ordinal=ordinal).values_list("content", flat=True).first()
        if piece is None:
            break
        hashed.update(piece)
        size, ordinal = size + len(piece), ordinal + 1
        yield bytes(piece)
    if (hashed.hexdigest(), size) != (file.sha256, file.size):
        raise FileDamaged(file.public_id)
