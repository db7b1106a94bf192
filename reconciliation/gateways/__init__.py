"""Ways to banks' files: one protocol, `Source`, and a folder, an SFTP server or an HTTPS site behind it."""

from reconciliation.gateways.opening import open_source
from reconciliation.gateways.source import MAX_LISTED, RemoteFile, Source, SourceFailed

__all__ = ["MAX_LISTED", "RemoteFile", "Source", "SourceFailed", "open_source"]
