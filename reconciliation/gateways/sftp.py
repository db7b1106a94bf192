"""A bank's files on an SFTP server whose key is known beforehand."""

import io
import stat
from contextlib import suppress
from typing import BinaryIO, cast

import paramiko

from hms_ach.outbox.rules.failure import words_of
from hms_ach.sftp import FAILURES, SftpFailed, SftpPlace, SftpSession
from reconciliation.gateways.source import MAX_LISTED, RemoteFile, SourceFailed, is_plain_name

# What the server says of one file; after anything else the session cannot be relied on.
_OF_ONE_FILE = (FileNotFoundError, PermissionError)


class Sftp:
    """A session with the bank's server; only lists and reads. One that broke is begun anew for the next."""

    def __init__(self, place: SftpPlace, *, username: str, secret: str, host_key: str) -> None:
        self._place, self._keys = place, {"username": username, "secret": secret, "host_key": host_key}
        self._gone = ""
        self._session = self._begun()

    def _begun(self) -> SftpSession:
        try:
            return SftpSession(self._place, **self._keys)
        except SftpFailed as failed:
            self._gone = str(failed)
            raise SourceFailed(self._gone) from None

    def files(self) -> list[RemoteFile]:
        found = []
        try:
            for about in self._session.client.listdir_iter(self._place.path):
                is_regular = about.st_mode is None or stat.S_ISREG(about.st_mode)
                if is_regular and is_plain_name(about.filename):
                    found.append(RemoteFile(about.filename, f"{about.st_size}-{about.st_mtime}"))
                if len(found) > MAX_LISTED:
                    raise SourceFailed(
                        f"the folder holds more than {MAX_LISTED:,} files; ask the bank to take old ones away"
                    )
        except FAILURES as failed:
            raise SourceFailed(f"the folder cannot be listed: {words_of(failed)}") from None
        return sorted(found, key=lambda file: file.name)

    def open(self, file: RemoteFile) -> BinaryIO:
        """A server that did not let us in anew is asked no more: each try could wait its full time."""
        if self._gone:
            raise SourceFailed(self._gone)
        if not self._session.is_alive:
            self._session = self._begun()
        try:
            path = f"{self._place.path.rstrip('/')}/{file.name}"
            source = self._session.client.open(path, "rb", bufsize=65536)
        except FAILURES as failed:
            if not isinstance(failed, _OF_ONE_FILE):
                self._session.close()
            raise SourceFailed(f"the file cannot be read: {words_of(failed)}") from None
        return cast(BinaryIO, io.BufferedReader(_Reading(source, self._session)))

    def close(self) -> None:
        self._session.close()


class _Reading(io.RawIOBase):
    """The remote file; whatever breaks while reading is the source's failure, and ends the session."""

    def __init__(self, source: paramiko.SFTPFile, session: SftpSession) -> None:
        self._source, self._session = source, session

    def readable(self) -> bool:
        return True

    def readinto(self, buffer) -> int:
        try:
            piece = self._source.read(len(buffer))
        except FAILURES as failed:
            self._session.close()
            raise SourceFailed(f"the file cannot be read to its end: {words_of(failed)}") from None
        buffer[: len(piece)] = piece
        return len(piece)

    def close(self) -> None:
        with suppress(*FAILURES):
            self._source.close()
        super().close()
