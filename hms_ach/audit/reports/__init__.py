"""Figures over the whole trail: is it as it was sealed?"""

from hms_ach.audit.reports.verification import Finding, Verification, verify

__all__ = ["Finding", "Verification", "verify"]
