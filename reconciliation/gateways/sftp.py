"""An SFTP server whose key is known beforehand."""

import base64
import io
import socket
import stat
from itertools import pairwise
from typing import BinaryIO, cast

import paramiko

from hms_ach.outbox.gateways.http import resolved
from hms_ach.outbox.rules.address import AddressRefused, Target, checked
from reconciliation.gateways.source import (
    MAX_LISTED,
    STEP_SECONDS,
    RemoteFile,
    SourceFailed,
    is_plain_name,
)

_FAILURES = (paramiko.SSHException, OSError, EOFError, ValueError)


def target_of(place: str, *, allow_loopback: bool) -> Target:
    """The server of "host:port/path", checked as webhook addresses are. Raises AddressRefused.

    The port is 22 when left out; else 22 or 1024 and above.
    """
    where, _, path = place.partition("/")
    host, _, port = where.partition(":")
    number = int(port) if port.isdecimal() and port.isascii() else 22 if not port else 0
    if number != 22 and not 1_024 <= number <= 65_535:
        raise AddressRefused("its port is neither 22 nor one of 1024 to 65535")
    scheme = "http" if host == "127.0.0.1" else "https"
    asked = checked(f"{scheme}://{host}/", allow_loopback=allow_loopback)
    return Target("sftp", asked.host, number, f"/{path}")


def host_key_of(text: str) -> tuple[str, bytes]:
    """The type and bytes of a public key as in known_hosts or a .pub file. Raises ValueError."""
    words = text.split()
    for kind, content in pairwise(words):
        if kind.startswith(("ssh-", "ecdsa-")):
            return kind, base64.b64decode(content, validate=True)
    raise ValueError("no public key")


class Sftp:
    """Connected and signed in; the host's key was compared before anything secret was sent."""

    def __init__(self, target: Target, *, username: str, secret: str, host_key: str) -> None:
        self._path = target.path
        try:
            connection = socket.create_connection((resolved(target), target.port), timeout=STEP_SECONDS)
        except (OSError, AddressRefused) as failed:
            raise SourceFailed(f"the server cannot be reached: {failed}") from None
        self._transport = paramiko.Transport(connection)
        try:
            self._start(username, secret, host_key)
        except SourceFailed:
            self.close()
            raise
        except _FAILURES as failed:
            self.close()
            raise SourceFailed(f"signing in failed: {type(failed).__name__}: {failed}"[:300]) from None

    def _start(self, username: str, secret: str, host_key: str) -> None:
        transport = self._transport
        transport.banner_timeout = transport.handshake_timeout = transport.auth_timeout = STEP_SECONDS
        kind, wanted = host_key_of(host_key)
        if kind in transport._preferred_keys:
            transport.get_security_options().key_types = (kind,)
        elif kind == "ssh-rsa":
            transport.get_security_options().key_types = ("rsa-sha2-512", "rsa-sha2-256")
        transport.start_client(timeout=STEP_SECONDS)
        shown = transport.get_remote_server_key()
        if shown.asbytes() != wanted:
            raise SourceFailed(
                "the server shows another key than the one on file; ask the bank before changing it"
            )
        if "PRIVATE KEY" in secret:
            transport.auth_publickey(username, _private_key(secret))
        else:
            transport.auth_password(username, secret, fallback=False)
        client = paramiko.SFTPClient.from_transport(transport)
        if client is None:
            raise SourceFailed("the server opens no SFTP session")
        self._client = client
        client.get_channel().settimeout(STEP_SECONDS)

    def files(self) -> list[RemoteFile]:
        found = []
        try:
            for about in self._client.listdir_iter(self._path):
                is_regular = about.st_mode is None or stat.S_ISREG(about.st_mode)
                if is_regular and is_plain_name(about.filename):
                    found.append(RemoteFile(about.filename, f"{about.st_size}-{about.st_mtime}"))
                if len(found) > MAX_LISTED:
                    raise SourceFailed(f"the folder holds more than {MAX_LISTED:,} files")
        except _FAILURES as failed:
            raise SourceFailed(f"the folder cannot be listed: {failed}"[:300]) from None
        return sorted(found, key=lambda file: file.name)

    def open(self, file: RemoteFile) -> BinaryIO:
        try:
            source = self._client.open(f"{self._path.rstrip('/')}/{file.name}", "rb", bufsize=65536)
        except _FAILURES as failed:
            raise SourceFailed(f"{file.name} cannot be read: {failed}"[:300]) from None
        return cast(BinaryIO, io.BufferedReader(_Reading(source)))

    def close(self) -> None:
        self._transport.close()


class _Reading(io.RawIOBase):
    """The remote file; whatever breaks while reading is the source's failure."""

    def __init__(self, source: paramiko.SFTPFile) -> None:
        self._source = source

    def readable(self) -> bool:
        return True

    def readinto(self, buffer) -> int:
        try:
            piece = self._source.read(len(buffer))
        except _FAILURES as failed:
            raise SourceFailed(f"the connection broke while reading: {failed}"[:300]) from None
        buffer[: len(piece)] = piece
        return len(piece)

    def close(self) -> None:
        self._source.close()
        super().close()


def _private_key(text: str) -> paramiko.PKey:
    for kind in (paramiko.Ed25519Key, paramiko.ECDSAKey, paramiko.RSAKey):
        try:
            return kind.from_private_key(io.StringIO(text))
        except (paramiko.SSHException, ValueError):
            continue
    raise SourceFailed("the private key cannot be read; give it unencrypted, in OpenSSH or PEM form")
