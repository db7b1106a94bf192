"""Tables and their constraints."""

from cashiering.models.card import CardBatch, TerminalRequest
from cashiering.models.deposit import Deposit, DepositPart
from cashiering.models.payment import Allocation, Payment, PaymentVoid, Reprint, Tender, VoidRequest
from cashiering.models.register import MerchantAgreement, Register, TillPolicy
from cashiering.models.session import CashMovement, Count, OverShort, Session

__all__ = [
    "Allocation",
    "CardBatch",
    "CashMovement",
    "Count",
    "Deposit",
    "DepositPart",
    "MerchantAgreement",
    "OverShort",
    "Payment",
    "PaymentVoid",
    "Register",
    "Reprint",
    "Session",
    "Tender",
    "TerminalRequest",
    "TillPolicy",
    "VoidRequest",
]
