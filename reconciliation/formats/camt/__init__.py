"""ISO 20022 camt.052, camt.053 and camt.054: read as streams, and camt.053 written."""

from reconciliation.formats.camt.reader import read, read_all
from reconciliation.formats.camt.writer import write

__all__ = ["read", "read_all", "write"]
