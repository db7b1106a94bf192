"""A card processor's report of what it pays: docs/formats/payout.md has the columns."""

from cashiering.formats.payout.reader import read
from cashiering.formats.payout.shape import PartKind, PayoutPart, PayoutReport, PayoutSaid

__all__ = ["PartKind", "PayoutPart", "PayoutReport", "PayoutSaid", "read"]
