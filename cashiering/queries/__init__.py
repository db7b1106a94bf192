"""Questions of the till; never write.

drawers    expected_cash, drawer_flows, foreign_currencies, cash_to_bank, till_read
the safe   safe_holds, sealed_bags, sessions_in_bag, undeposited_sessions
payments   payments_of, payment_shown, allocations_shown, tenders_shown, moves_shown, corrections_of,
           identified_receipt, receipts_between
the bank   awaiting_bank, AwaitingBank, open_card_documents, refund_documents, advice_documents,
           advices_of, banked_cheques, unplaced_lockbox_documents, won_suspense_documents
lockboxes  lockbox_images_of
the day    day_state, DayState, DayItem
the book   till_documents
home       waiting
"""

from cashiering.queries.advice import advices_of
from cashiering.queries.awaiting_bank import AwaitingBank, awaiting_bank
from cashiering.queries.bagged_session import BaggedSession, sessions_in_bag
from cashiering.queries.cheque import BankedCheque, banked_cheques
from cashiering.queries.clearing_documents import (
    advice_documents,
    open_card_documents,
    refund_documents,
    unplaced_lockbox_documents,
    won_suspense_documents,
)
from cashiering.queries.day_state import DayItem, DayState, day_state
from cashiering.queries.deposit import undeposited_sessions
from cashiering.queries.expected_cash import (
    cash_to_bank,
    drawer_flows,
    expected_cash,
    foreign_currencies,
)
from cashiering.queries.lockbox import lockbox_images_of
from cashiering.queries.payment import (
    PaymentShown,
    allocations_shown,
    identified_receipt,
    payment_shown,
    payments_of,
    tenders_shown,
)
from cashiering.queries.payment_return import LostChargeback, PaidTender, lost_chargebacks, paid_tenders
from cashiering.queries.payment_since import corrections_of, moves_shown
from cashiering.queries.receipts_between import ReceiptMade, receipts_between
from cashiering.queries.safe import safe_holds, sealed_bags
from cashiering.queries.sub_ledger import till_documents
from cashiering.queries.till_read import till_read
from cashiering.queries.waiting import waiting

__all__ = [
    "AwaitingBank",
    "BaggedSession",
    "BankedCheque",
    "DayItem",
    "DayState",
    "LostChargeback",
    "PaidTender",
    "PaymentShown",
    "ReceiptMade",
    "advice_documents",
    "advices_of",
    "allocations_shown",
    "awaiting_bank",
    "banked_cheques",
    "cash_to_bank",
    "corrections_of",
    "day_state",
    "drawer_flows",
    "expected_cash",
    "foreign_currencies",
    "identified_receipt",
    "lockbox_images_of",
    "lost_chargebacks",
    "moves_shown",
    "open_card_documents",
    "paid_tenders",
    "payment_shown",
    "payments_of",
    "receipts_between",
    "refund_documents",
    "safe_holds",
    "sealed_bags",
    "sessions_in_bag",
    "tenders_shown",
    "till_documents",
    "till_read",
    "undeposited_sessions",
    "unplaced_lockbox_documents",
    "waiting",
    "won_suspense_documents",
]
