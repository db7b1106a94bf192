"""SWIFT MT940 (customer statement) and MT942 (interim report): read as a stream."""

from reconciliation.formats.mt940.reader import read

__all__ = ["read"]
