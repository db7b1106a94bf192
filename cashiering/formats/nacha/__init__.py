"""ACH files as NACHA lays them out: ours on their way to the bank, and the bank's with what came back."""

from cashiering.formats.nacha.reader import AchBatch, AchCredit, AchFile, AchReturn, read

__all__ = ["AchBatch", "AchCredit", "AchFile", "AchReturn", "read"]
