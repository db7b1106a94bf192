"""A folder below the one place from which general ledgers take files."""

import hashlib
import os
from collections.abc import Iterator
from pathlib import Path

from hms_ach.outbox.rules.failure import words_of
from ledger.gateways.destination_error import DestinationFailed, part_of
from ledger.rules.delivery import is_folder, is_plain_name


class Folder:
    """Files of one folder; links are not followed, neither to it nor in it."""

    def __init__(self, base: Path, place: str) -> None:
        path = (base / place).resolve()
        if not is_folder(place) or not path.is_relative_to(base.resolve()) or not path.is_dir():
            raise DestinationFailed(f"there is no folder {place} below the folder for general ledgers")
        self._path = path

    def look(self) -> None:
        if not os.access(self._path, os.W_OK | os.X_OK):
            raise DestinationFailed("the folder takes no files from us")

    def standing(self, name: str) -> str | None:
        try:
            handle = os.open(self._of(name), os.O_RDONLY | os.O_NOFOLLOW)
        except FileNotFoundError:
            return None
        except OSError as failed:
            raise DestinationFailed(f"{name} cannot be looked at: {words_of(failed)}") from None
        with os.fdopen(handle, "rb") as standing:
            return hashlib.file_digest(standing, "sha256").hexdigest()

    def upload(self, name: str, pieces: Iterator[bytes], *, size: int) -> None:
        part = self._of(name, part_of(name))
        try:
            part.unlink(missing_ok=True)
            handle = os.open(part, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW, 0o640)
            with os.fdopen(handle, "wb") as written:
                for piece in pieces:
                    written.write(piece)
                written.flush()
                os.fsync(written.fileno())
                n_bytes = written.tell()
        except OSError as failed:
            raise DestinationFailed(f"the file cannot be written: {words_of(failed)}") from None
        if n_bytes != size:
            raise DestinationFailed(f"{n_bytes} of {size} bytes arrived")

    def place(self, name: str) -> None:
        """A link refuses a name that is taken, where a renaming would overwrite it."""
        part = self._of(name, part_of(name))
        try:
            os.link(part, self._of(name), follow_symlinks=False)
        except OSError as failed:
            raise DestinationFailed(f"the file cannot be put in place: {words_of(failed)}") from None
        part.unlink(missing_ok=True)

    def is_uploaded(self, name: str) -> bool:
        return os.path.lexists(self._of(name, part_of(name)))

    def close(self) -> None:
        """Nothing is held open."""

    def _of(self, name: str, called: str = "") -> Path:
        if not is_plain_name(name):
            raise DestinationFailed(f"{name[:80]} is no plain name of a file")
        return self._path / (called or name)
