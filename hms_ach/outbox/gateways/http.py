"""Sending one webhook: to the address that was checked, within a time, reading little."""

import socket
import ssl
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from time import monotonic

import certifi
import httpcore

from hms_ach.outbox.rules.address import LOOPBACK, AddressRefused, Target, is_public
from hms_ach.outbox.rules.failure import words_of

TOTAL_SECONDS = 15.0
ANSWER_BYTES = 64 * 1024


@dataclass(frozen=True, slots=True)
class Answer:
    """What came back: a status, or a problem when nothing did."""

    status: int | None
    problem: str
    duration_ms: int

    @property
    def is_accepted(self) -> bool:
        return self.status is not None and 200 <= self.status < 300


def post(
    target: Target,
    *,
    content: bytes,
    headers: Mapping[str, str],
    authorities: str = "",
    total_seconds: float = TOTAL_SECONDS,
) -> Answer:
    """Send once. Never raises for what the other side does; no redirect is followed, no proxy used.

    authorities    file of certificate authorities; the public ones when empty
    total_seconds  for everything together, however slowly the other side speaks
    """
    started = monotonic()
    status, problem = None, ""
    try:
        status = _send(target, content, headers, authorities, started + total_seconds)
    except AddressRefused as refused:
        problem = str(refused)
    except httpcore.TimeoutException:
        problem = f"no complete answer within {total_seconds:g} seconds"
    except (httpcore.NetworkError, httpcore.ProtocolError, OSError) as failed:
        problem = words_of(failed)
    if not problem and not 200 <= (status or 0) < 300:
        problem = f"the answer was {status}"
    return Answer(status, problem, int((monotonic() - started) * 1000))


def resolved(target: Target) -> str:
    """The one address to connect to. Raises AddressRefused when any answer is not public."""
    if target.host == LOOPBACK:
        return LOOPBACK
    try:
        found = socket.getaddrinfo(target.host, target.port, type=socket.SOCK_STREAM)
    except (OSError, UnicodeError):
        raise AddressRefused("its name is not known") from None
    addresses = [str(entry[4][0]) for entry in found]
    if not addresses or not all(is_public(address) for address in addresses):
        raise AddressRefused("its name leads into a network that is not public")
    return addresses[0]


def _send(target: Target, content: bytes, headers: Mapping[str, str], authorities: str, until: float) -> int:
    backend = PinnedBackend(resolved(target), until)
    context = ssl.create_default_context(cafile=authorities or certifi.where())
    with (
        httpcore.ConnectionPool(ssl_context=context, network_backend=backend, max_connections=1) as pool,
        pool.stream("POST", target.url, headers=list(headers.items()), content=content) as response,
    ):
        received = 0
        for piece in response.iter_stream():
            received += len(piece)
            if received > ANSWER_BYTES:
                break
        return response.status


def _left(until: float) -> float:
    left = until - monotonic()
    if left <= 0:
        raise httpcore.ReadTimeout("the time for this delivery is over")
    return left


class PinnedBackend(httpcore.NetworkBackend):
    """Connects to the address that was checked, whatever the name says now; TLS still checks the name."""

    def __init__(self, address: str, until: float) -> None:
        self._address, self._until = address, until
        self._real = httpcore.SyncBackend()

    def connect_tcp(
        self, host: str, port: int, timeout=None, local_address=None, socket_options: Iterable | None = None
    ) -> httpcore.NetworkStream:
        stream = self._real.connect_tcp(self._address, port, timeout=min(_left(self._until), 5.0))
        return _TimedStream(stream, self._until)


class _TimedStream(httpcore.NetworkStream):
    """A connection whose every step fits in what is left of the total time."""

    def __init__(self, stream: httpcore.NetworkStream, until: float) -> None:
        self._stream, self._until = stream, until

    def read(self, max_bytes: int, timeout=None) -> bytes:
        return self._stream.read(max_bytes, timeout=_left(self._until))

    def write(self, buffer: bytes, timeout=None) -> None:
        self._stream.write(buffer, timeout=_left(self._until))

    def close(self) -> None:
        self._stream.close()

    def start_tls(self, ssl_context, server_hostname=None, timeout=None) -> httpcore.NetworkStream:
        stream = self._stream.start_tls(ssl_context, server_hostname, timeout=_left(self._until))
        return _TimedStream(stream, self._until)

    def get_extra_info(self, info: str):
        return self._stream.get_extra_info(info)
