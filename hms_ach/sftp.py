"""SFTP servers whose keys are known beforehand: where one is, which key it shows, a session with it."""

import base64
import io
import socket
from collections.abc import Collection
from dataclasses import dataclass
from itertools import pairwise

import paramiko

from hms_ach.outbox.gateways.http import resolved
from hms_ach.outbox.rules.address import LOOPBACK, AddressRefused, Target, checked
from hms_ach.outbox.rules.failure import words_of

STEP_SECONDS = 20.0
_OTHER_KEY = "the server shows another key than the one on file; ask its owner before changing it"
FAILURES = (paramiko.SSHException, OSError, EOFError, ValueError)


class SftpFailed(Exception):
    """The server could not be reached, did not prove who it is, or did not let us in."""


@dataclass(frozen=True, slots=True)
class SftpPlace:
    """A checked server and a path on it, not yet resolved.

    is_inside  operations named this server, so that its address need not be public
    """

    host: str
    port: int
    path: str
    is_inside: bool = False

    def address(self) -> str:
        """What to connect to. Raises AddressRefused when a name leads into a network that is not public."""
        if self.is_inside:
            return self.host
        return resolved(Target("sftp", self.host, self.port, self.path))


def place_of(text: str, *, allow_loopback: bool, inside: Collection[str] = ()) -> SftpPlace:
    """The server of "host:port/path", checked as webhook addresses are. Raises AddressRefused.

    The port is 22 when left out; else 22 or 1024 and above.

    inside  "host:port" of servers in the hospital's own network that operations allow
    """
    where, _, path = text.partition("/")
    host, _, port = where.partition(":")
    number = int(port) if port.isdecimal() and port.isascii() else 22 if not port else 0
    if number != 22 and not 1_024 <= number <= 65_535:
        raise AddressRefused("its port is neither 22 nor one of 1024 to 65535")
    if f"{host}:{number}" in inside:
        return SftpPlace(host, number, f"/{path}", is_inside=True)
    scheme = "http" if host == LOOPBACK else "https"
    asked = checked(f"{scheme}://{host}/", allow_loopback=allow_loopback)
    return SftpPlace(asked.host, number, f"/{path}")


def host_key_of(text: str) -> tuple[str, bytes]:
    """The type and bytes of a public key as in known_hosts or a .pub file. Raises ValueError."""
    words = text.split()
    for kind, content in pairwise(words):
        if kind.startswith(("ssh-", "ecdsa-")):
            return kind, base64.b64decode(content, validate=True)
    raise ValueError("no public key")


class SftpSession:
    """Connected and signed in; the host's key was compared before anything secret was sent."""

    client: paramiko.SFTPClient

    def __init__(self, place: SftpPlace, *, username: str, secret: str, host_key: str) -> None:
        """Raises SftpFailed."""
        try:
            connection = socket.create_connection((place.address(), place.port), timeout=STEP_SECONDS)
        except AddressRefused as refused:
            raise SftpFailed(f"the server's address is refused: {refused.params['why']}") from None
        except OSError as failed:
            raise SftpFailed(f"the server cannot be reached: {words_of(failed)}") from None
        self._transport = paramiko.Transport(connection)
        try:
            self._start(username, secret, host_key)
        except SftpFailed:
            self.close()
            raise
        except paramiko.AuthenticationException:
            self.close()
            kind = "key" if "PRIVATE KEY" in secret else "password"
            raise SftpFailed(f"the server does not let {username} in with this {kind}") from None
        except paramiko.ssh_exception.IncompatiblePeer as failed:
            self.close()
            if "host key" in str(failed):
                raise SftpFailed(_OTHER_KEY) from None
            raise SftpFailed(
                "the server knows no encryption that we know; ask its owner to renew it"
            ) from None
        except FAILURES as failed:
            self.close()
            raise SftpFailed(_words_of_sign_in(failed)) from None

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
            raise SftpFailed(_OTHER_KEY)
        if "PRIVATE KEY" in secret:
            transport.auth_publickey(username, _private_key(secret))
        else:
            transport.auth_password(username, secret, fallback=False)
        client = paramiko.SFTPClient.from_transport(transport)
        if client is None:
            raise SftpFailed("the server opens no SFTP session")
        self.client = client
        client.get_channel().settimeout(STEP_SECONDS)

    @property
    def is_alive(self) -> bool:
        return self._transport.is_active()

    def close(self) -> None:
        self._transport.close()


def _words_of_sign_in(failed: Exception) -> str:
    """What stopped a sign-in that is neither a wrong key nor a wrong password."""
    if isinstance(failed, ValueError):
        return "the host key on file cannot be read; enter the server's line of known_hosts again"
    if "banner" in str(failed):
        return "no SFTP server answers at this address and port; check both"
    return f"signing in failed: {words_of(failed)}"


def _private_key(text: str) -> paramiko.PKey:
    for kind in (paramiko.Ed25519Key, paramiko.ECDSAKey, paramiko.RSAKey):
        try:
            return kind.from_private_key(io.StringIO(text))
        except (paramiko.SSHException, ValueError):
            continue
    raise SftpFailed("the private key cannot be read; give it unencrypted, in OpenSSH or PEM form")
