"""A folder on the general ledger's SFTP server."""

import errno
import hashlib
from collections.abc import Iterator
from contextlib import suppress

from hms_ach.outbox.rules.failure import words_of
from hms_ach.sftp import FAILURES, SftpFailed, SftpPlace, SftpSession
from ledger.gateways.destination_error import DestinationFailed, PlacingBroke, part_of
from ledger.rules.delivery import is_plain_name

_PIECE = 32_768


class SftpFolder:
    """A session with the server; writes below one path."""

    def __init__(self, place: SftpPlace, *, username: str, secret: str, host_key: str) -> None:
        self._path = place.path.rstrip("/")
        try:
            self._session = SftpSession(place, username=username, secret=secret, host_key=host_key)
        except SftpFailed as failed:
            raise DestinationFailed(str(failed)) from None

    def look(self) -> None:
        try:
            self._session.client.listdir(self._path or "/")
        except FAILURES as failed:
            raise DestinationFailed(f"the folder cannot be listed: {words_of(failed)}") from None

    def standing(self, name: str) -> str | None:
        digest = hashlib.sha256()
        try:
            with self._session.client.open(self._of(name), "rb") as standing:
                standing.prefetch()
                while piece := standing.read(_PIECE):
                    digest.update(piece)
        except FAILURES as failed:
            if isinstance(failed, OSError) and failed.errno == errno.ENOENT:
                return None
            raise DestinationFailed(f"{name} cannot be looked at: {words_of(failed)}") from None
        return digest.hexdigest()

    def upload(self, name: str, pieces: Iterator[bytes], *, size: int) -> None:
        part = self._of(name, part_of(name))
        try:
            with self._session.client.open(part, "wb") as written:
                written.set_pipelined(True)
                for piece in pieces:
                    written.write(piece)
            n_bytes = self._session.client.stat(part).st_size
        except FAILURES as failed:
            raise DestinationFailed(f"the file cannot be written: {words_of(failed)}") from None
        if n_bytes != size:
            raise DestinationFailed(f"{n_bytes} of {size} bytes arrived")

    def place(self, name: str) -> None:
        """The protocol's own renaming refuses a name that is taken; what failed is looked at."""
        part, final = self._of(name, part_of(name)), self._of(name)
        try:
            self._session.client.rename(part, final)
        except FAILURES as failed:
            if self._is_there(final) and not self._is_there(part):
                return
            if self._is_there(part):
                raise DestinationFailed(f"the file cannot be put in place: {words_of(failed)}") from None
            raise PlacingBroke(f"as the file was put in place: {words_of(failed)}") from None

    def is_uploaded(self, name: str) -> bool:
        try:
            self._session.client.stat(self._of(name, part_of(name)))
        except FAILURES as failed:
            if isinstance(failed, OSError) and failed.errno == errno.ENOENT:
                return False
            raise DestinationFailed(f"the folder cannot be looked at: {words_of(failed)}") from None
        return True

    def _is_there(self, path: str) -> bool:
        with suppress(*FAILURES):
            self._session.client.stat(path)
            return True
        return False

    def close(self) -> None:
        self._session.close()

    def _of(self, name: str, called: str = "") -> str:
        if not is_plain_name(name):
            raise DestinationFailed(f"{name[:80]} is no plain name of a file")
        return f"{self._path}/{called or name}"
