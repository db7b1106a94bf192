"""Opening the way that a connection describes."""

from pathlib import Path

from hms_ach.outbox.rules.address import AddressRefused, checked
from hms_ach.sftp import place_of
from reconciliation.gateways.folder import Folder
from reconciliation.gateways.https import Https
from reconciliation.gateways.sftp import Sftp
from reconciliation.gateways.source import Source, SourceFailed


def open_source(
    kind: str,
    place: str,
    *,
    username: str,
    secret: str,
    host_key: str,
    authorities: str,
    folders: Path,
    allow_loopback: bool,
) -> Source:
    """Connect and sign in. Raises SourceFailed.

    folders         below which watched folders lie
    allow_loopback  whether 127.0.0.1 counts as a bank: demo and tests only
    """
    try:
        if kind == "FOLDER":
            return Folder(folders, place)
        if kind == "SFTP":
            server = place_of(place, allow_loopback=allow_loopback)
            return Sftp(server, username=username, secret=secret, host_key=host_key)
        return Https(checked(place, allow_loopback=allow_loopback), secret=secret, authorities=authorities)
    except AddressRefused as refused:
        raise SourceFailed(f"the address is refused: {refused.params['why']}") from None
