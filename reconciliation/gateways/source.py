"""What every way to a bank's files can do: list them and read one. Nothing is ever changed there."""

import io
from collections.abc import Iterator
from dataclasses import dataclass
from typing import BinaryIO, Protocol

MAX_LISTED = 5_000
TOTAL_SECONDS = 300.0


class SourceFailed(Exception):
    """The other side could not be reached, did not prove who it is, or did not answer as agreed."""


@dataclass(frozen=True, slots=True)
class RemoteFile:
    """One file as the bank lists it.

    fingerprint  what changes when the file does: size and time of change, or the server's tag
    """

    name: str
    fingerprint: str


class Source(Protocol):
    """An open way to one bank. Every method raises SourceFailed."""

    def files(self) -> list[RemoteFile]: ...

    def open(self, file: RemoteFile) -> BinaryIO: ...

    def close(self) -> None: ...


def is_plain_name(name: str) -> bool:
    """Whether a listed name is a file's name and nothing more: no path, no tricks."""
    is_path = "/" in name or "\\" in name or name in ("", ".", "..")
    return not is_path and len(name) <= 300 and name.isprintable()


class Pieces(io.RawIOBase):
    """A binary stream of pieces that arrive one by one."""

    def __init__(self, pieces: Iterator[bytes]) -> None:
        self._pieces, self._rest = pieces, b""

    def readable(self) -> bool:
        return True

    def readinto(self, buffer) -> int:
        while not self._rest:
            piece = next(self._pieces, None)
            if piece is None:
                return 0
            self._rest = piece
        taken = self._rest[: len(buffer)]
        buffer[: len(taken)] = taken
        self._rest = self._rest[len(taken) :]
        return len(taken)
