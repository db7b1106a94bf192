"""A bank's files on an SFTP server whose key is known beforehand."""

import io
import stat
from typing import BinaryIO, cast

import paramiko

from hms_ach.sftp import FAILURES, SftpFailed, SftpPlace, SftpSession
from reconciliation.gateways.source import MAX_LISTED, RemoteFile, SourceFailed, is_plain_name


class Sftp:
    """A session with the bank's server; only lists and reads."""

    def __init__(self, place: SftpPlace, *, username: str, secret: str, host_key: str) -> None:
        self._path = place.path
        try:
            self._session = SftpSession(place, username=username, secret=secret, host_key=host_key)
        except SftpFailed as failed:
            raise SourceFailed(str(failed)) from None

    def files(self) -> list[RemoteFile]:
        found = []
        try:
            for about in self._session.client.listdir_iter(self._path):
                is_regular = about.st_mode is None or stat.S_ISREG(about.st_mode)
                if is_regular and is_plain_name(about.filename):
                    found.append(RemoteFile(about.filename, f"{about.st_size}-{about.st_mtime}"))
                if len(found) > MAX_LISTED:
                    raise SourceFailed(f"the folder holds more than {MAX_LISTED:,} files")
        except FAILURES as failed:
            raise SourceFailed(f"the folder cannot be listed: {failed}"[:300]) from None
        return sorted(found, key=lambda file: file.name)

    def open(self, file: RemoteFile) -> BinaryIO:
        try:
            source = self._session.client.open(f"{self._path.rstrip('/')}/{file.name}", "rb", bufsize=65536)
        except FAILURES as failed:
            raise SourceFailed(f"{file.name} cannot be read: {failed}"[:300]) from None
        return cast(BinaryIO, io.BufferedReader(_Reading(source)))

    def close(self) -> None:
        self._session.close()


class _Reading(io.RawIOBase):
    """The remote file; whatever breaks while reading is the source's failure."""

    def __init__(self, source: paramiko.SFTPFile) -> None:
        self._source = source

    def readable(self) -> bool:
        return True

    def readinto(self, buffer) -> int:
        try:
            piece = self._source.read(len(buffer))
        except FAILURES as failed:
            raise SourceFailed(f"the connection broke while reading: {failed}"[:300]) from None
        buffer[: len(piece)] = piece
        return len(piece)

    def close(self) -> None:
        self._source.close()
        super().close()
