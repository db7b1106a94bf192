"""BAI lockbox files: the cheques that a bank took out of a post office box. docs/formats/lockbox.md."""

from cashiering.formats.lockbox.images import LockboxImage, Side, Unpacked, is_packed, unpack
from cashiering.formats.lockbox.reader import read
from cashiering.formats.lockbox.shape import LockboxCheque, LockboxDeposit, LockboxFile, LockboxStub

__all__ = [
    "LockboxCheque",
    "LockboxDeposit",
    "LockboxFile",
    "LockboxImage",
    "LockboxStub",
    "Side",
    "Unpacked",
    "is_packed",
    "read",
    "unpack",
]
