"""ISO 20022 camt.053, the bank's end-of-day statement: read as a stream, and written."""

from reconciliation.formats.camt053.reader import Reading, read, read_all
from reconciliation.formats.camt053.statement import Detail, Entry, Statement
from reconciliation.formats.camt053.writer import write

__all__ = ["Detail", "Entry", "Reading", "Statement", "read", "read_all", "write"]
