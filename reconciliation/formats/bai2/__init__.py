"""BAI2 (Cash Management Balance Reporting Specifications, version 2): read as a stream."""

from reconciliation.formats.bai2.reader import read

__all__ = ["read"]
