"""An HTTPS site that lists its files as JSON and knows us by a client certificate."""

import io
import json
import ssl
import tempfile
from collections.abc import Iterator
from time import monotonic
from typing import Any, BinaryIO, cast
from urllib.parse import quote

import certifi
import httpcore

from hms_ach.outbox.gateways.http import PinnedBackend, resolved
from hms_ach.outbox.rules.address import AddressRefused, Target
from hms_ach.outbox.rules.failure import words_of
from reconciliation.gateways.source import (
    MAX_LISTED,
    TOTAL_SECONDS,
    Pieces,
    RemoteFile,
    SourceFailed,
    is_plain_name,
)

LIST_BYTES = 2_000_000
_FAILURES = (httpcore.NetworkError, httpcore.ProtocolError, httpcore.TimeoutException, OSError)


class Https:
    """GET of the address answers a JSON list of {"name", "tag"}; GET of address/name answers the file.

    No redirect is followed, no proxy used; the site must be the one its certificate says.
    """

    def __init__(
        self, target: Target, *, secret: str, authorities: str, total_seconds: float = TOTAL_SECONDS
    ) -> None:
        """total_seconds  for the list, and for each file, however slowly the site speaks"""
        if target.scheme != "https":
            raise SourceFailed("the address is not https://")
        self._target, self._total_seconds = target, total_seconds
        try:
            self._address = resolved(target)
        except AddressRefused as refused:
            raise SourceFailed(f"the address is refused: {refused.params['why']}") from None
        self._context = context_of(secret, authorities)

    def files(self) -> list[RemoteFile]:
        content = b"".join(self._get(self._target.url, limit=LIST_BYTES))
        try:
            listed = json.loads(content)
        except ValueError:
            raise SourceFailed("the list of files is no JSON") from None
        if not isinstance(listed, list) or len(listed) > MAX_LISTED:
            raise SourceFailed(f"the list of files is no list of at most {MAX_LISTED:,}")
        return sorted((_remote(each) for each in listed), key=lambda file: file.name)

    def open(self, file: RemoteFile) -> BinaryIO:
        url = f"{self._target.url.rstrip('/')}/{quote(file.name, safe='')}"
        return cast(BinaryIO, io.BufferedReader(Pieces(self._get(url, limit=None))))

    def _get(self, url: str, *, limit: int | None) -> Iterator[bytes]:
        """Each time over a connection of its own: one that broke or took too long holds up no other file."""
        received = 0
        backend = PinnedBackend(self._address, monotonic() + self._total_seconds)
        try:
            with (
                httpcore.ConnectionPool(ssl_context=self._context, network_backend=backend) as pool,
                pool.stream("GET", url, headers=[("Accept", "*/*")]) as response,
            ):
                if response.status != 200:
                    raise SourceFailed(_words_of_status(response.status))
                for piece in response.iter_stream():
                    received += len(piece)
                    if limit is not None and received > limit:
                        raise SourceFailed("the list of files is too long")
                    yield piece
        except _FAILURES as failed:
            raise SourceFailed(f"the site cannot be read: {words_of(failed)}") from None

    def close(self) -> None:
        """Nothing is held open."""


def context_of(secret: str, authorities: str) -> ssl.SSLContext:
    """TLS with the client's certificate and key, both in one PEM text. Raises SourceFailed.

    authorities  PEM of the bank's own; the public ones when empty
    """
    if wrong := _wrong_with(secret):
        raise SourceFailed(wrong)
    try:
        context = ssl.create_default_context(
            cafile=None if authorities else certifi.where(), cadata=authorities or None
        )
    except (ssl.SSLError, ValueError):
        raise SourceFailed("the bank's authorities are no certificates as PEM") from None
    try:
        # The ssl module reads certificates from files only: one that nobody else can open, gone at once.
        with tempfile.NamedTemporaryFile("w", suffix=".pem") as kept:
            kept.write(secret)
            kept.flush()
            # Without a pass phrase of its own OpenSSL would ask for one at the terminal, and wait.
            context.load_cert_chain(kept.name, password="")
    except (ssl.SSLError, ValueError, OSError):
        raise SourceFailed("the private key does not belong to the certificate, or one is damaged") from None
    return context


def _words_of_status(status: int) -> str:
    """An answer that is no file, with what to do about it."""
    said = f"the site answered {status}"
    if 300 <= status < 400:
        return f"{said}: it leads elsewhere, and nobody follows; enter the address where the files are"
    if status in (401, 403):
        return f"{said}: it does not let us in; ask the bank whether it knows our certificate"
    if status in (404, 410):
        return f"{said}: it is not there; check the address, or ask the bank for the file"
    if status == 429 or status >= 500:
        return f"{said}: it cannot answer now; it is tried again the next time"
    return f"{said}, which is no file; ask the bank"


def _wrong_with(secret: str) -> str:
    """What a person can see of a certificate and key that cannot be used; "" for what must be tried."""
    if "-----BEGIN CERTIFICATE-----" not in secret:
        return "HTTPS needs the client certificate and its private key, both as PEM"
    if "PRIVATE KEY-----" not in secret:
        return "the private key is missing: paste it as PEM after the client certificate"
    return "the private key has a pass phrase; take it off first" if "ENCRYPTED" in secret else ""


def _remote(each: Any) -> RemoteFile:
    name = each.get("name") if isinstance(each, dict) else None
    tag = each.get("tag", "") if isinstance(each, dict) else None
    if not isinstance(name, str) or not is_plain_name(name) or not isinstance(tag, str | int):
        raise SourceFailed("the list of files names something that is no file name")
    return RemoteFile(name, str(tag)[:100])
