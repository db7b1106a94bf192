"""Where batches are delivered: one protocol, a folder and an SFTP server behind it."""

from collections.abc import Collection, Iterator
from pathlib import Path
from typing import Protocol

from hms_ach.outbox.rules.address import AddressRefused
from hms_ach.sftp import place_of
from ledger.gateways.destination_error import DestinationFailed
from ledger.gateways.folder import Folder
from ledger.gateways.sftp import SftpFolder


class Destination(Protocol):
    """An open way to one place. Methods raise DestinationFailed when the file surely does not stand there.

    A file is uploaded under a name that nobody takes for a batch, and put in its place whole; nothing that
    stands there is ever overwritten.
    """

    def look(self) -> None:
        """See that the folder is there."""

    def standing(self, name: str) -> str | None:
        """The SHA-256 of what stands there under a name; None for nothing."""

    def upload(self, name: str, pieces: Iterator[bytes], *, size: int) -> None:
        """Write the pieces beside their place, and see that all of them arrived."""

    def place(self, name: str) -> None:
        """Give what was uploaded its name. Raises PlacingBroke when nobody can say whether it has it."""

    def is_uploaded(self, name: str) -> bool:
        """Whether what was uploaded still waits for its name."""

    def close(self) -> None: ...


def open_destination(
    way: str,
    place: str,
    *,
    username: str,
    secret: str,
    host_key: str,
    folders: Path,
    inside: Collection[str],
    allow_loopback: bool,
) -> Destination:
    """Connect and sign in. Raises DestinationFailed.

    folders         below which folders for the general ledger lie
    inside          "host:port" of servers in the hospital's own network
    allow_loopback  whether 127.0.0.1 counts as a general ledger: demo and tests only
    """
    if way == "FOLDER":
        return Folder(folders, place)
    try:
        server = place_of(place, allow_loopback=allow_loopback, inside=inside)
    except AddressRefused as refused:
        raise DestinationFailed(f"of its address, {refused.params['why']}") from None
    return SftpFolder(server, username=username, secret=secret, host_key=host_key)
