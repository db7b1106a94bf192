"""X12 files of insurers."""

from cashiering.formats.x12.remittance_notice import RemittanceFile, RemittanceNotice, read

__all__ = ["RemittanceFile", "RemittanceNotice", "read"]
