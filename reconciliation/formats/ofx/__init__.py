"""OFX 1 (SGML) and OFX 2 (XML), with Quicken's QFX: read as a stream."""

from reconciliation.formats.ofx.reader import read

__all__ = ["read"]
