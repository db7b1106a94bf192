"""Tables and their constraints."""

from cashiering.models.advice import Advice
from cashiering.models.card import CardBatch, TerminalRequest
from cashiering.models.cash_book import CashBookLine, CashBookPage
from cashiering.models.cash_currency import CashCurrency
from cashiering.models.chargeback_win import ChargebackWin
from cashiering.models.cheque import ChequeBlock, ChequeReturn
from cashiering.models.correction import Reallocation, TenderCorrection
from cashiering.models.credit import Credit
from cashiering.models.deposit import Deposit, DepositPart
from cashiering.models.lockbox import LockboxCheque, LockboxDeposit
from cashiering.models.lockbox_image import LockboxImage
from cashiering.models.not_collected import NotCollected
from cashiering.models.opening_rule import OpeningRule
from cashiering.models.override import Override
from cashiering.models.payment import Allocation, Payment, PaymentVoid, Reprint, Tender, VoidRequest
from cashiering.models.payment_return import PaymentReturn
from cashiering.models.payout import Payout, PayoutRow
from cashiering.models.reading import CashReport, TillAudit, ZRead
from cashiering.models.receipt_mail import ReceiptMail
from cashiering.models.receipt_print import ReceiptPrint
from cashiering.models.receipt_text import ReceiptText
from cashiering.models.refund import Refund, RefundPart
from cashiering.models.register import MerchantAgreement, Register, TillPolicy
from cashiering.models.safe import SafeCount, SuspectNote
from cashiering.models.session import CashMovement, Count, OverShort, Session
from cashiering.models.transfer import CashTransfer, ChangeOrder, TransferPart

__all__ = [
    "Advice",
    "Allocation",
    "CardBatch",
    "CashBookLine",
    "CashBookPage",
    "CashCurrency",
    "CashMovement",
    "CashReport",
    "CashTransfer",
    "ChangeOrder",
    "ChargebackWin",
    "ChequeBlock",
    "ChequeReturn",
    "Count",
    "Credit",
    "Deposit",
    "DepositPart",
    "LockboxCheque",
    "LockboxDeposit",
    "LockboxImage",
    "MerchantAgreement",
    "NotCollected",
    "OpeningRule",
    "OverShort",
    "Override",
    "Payment",
    "PaymentReturn",
    "PaymentVoid",
    "Payout",
    "PayoutRow",
    "Reallocation",
    "ReceiptMail",
    "ReceiptPrint",
    "ReceiptText",
    "Refund",
    "RefundPart",
    "Register",
    "Reprint",
    "SafeCount",
    "Session",
    "SuspectNote",
    "Tender",
    "TenderCorrection",
    "TerminalRequest",
    "TillAudit",
    "TillPolicy",
    "TransferPart",
    "VoidRequest",
    "ZRead",
]
