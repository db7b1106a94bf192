"""Changes of the till; the only code that writes.

registers  create_register, change_register, set_till_policy, set_merchant_agreement
a session  open_session, record_opening_count, record_movement, start_counting, commit_count,
           explain_variance, force_close, count_forced, approve_variance, approve_session
payments   take_payment (at a register), receive_payment (without a drawer), reprint_receipt,
           void_payment, request_void, approve_void, refuse_void, refuse_void_approval
cards      ask_card_sale, ask_card_void, call_terminal, query_terminal, close_card_batch
the bank   prepare_deposit, verify_deposit, hand_over_deposit, confirm_bank_receipt, reopen_bank_receipt
"""

from cashiering.commands.approval import approve_session, approve_variance, count_forced, force_close
from cashiering.commands.bank_receipt import confirm_bank_receipt, reopen_bank_receipt
from cashiering.commands.card_batch import close_card_batch
from cashiering.commands.close import CountResult, commit_count, explain_variance, start_counting
from cashiering.commands.deposit import hand_over_deposit, prepare_deposit, verify_deposit
from cashiering.commands.movement import record_movement
from cashiering.commands.payment import receive_payment, take_payment
from cashiering.commands.register import (
    change_register,
    create_register,
    set_merchant_agreement,
    set_till_policy,
)
from cashiering.commands.reprint import reprint_receipt
from cashiering.commands.session import open_session, record_opening_count
from cashiering.commands.terminal import ask_card_sale, ask_card_void, call_terminal, query_terminal
from cashiering.commands.void import (
    approve_void,
    refuse_void,
    refuse_void_approval,
    request_void,
    void_payment,
)
from cashiering.rules.allocation import AllocationAsked
from cashiering.rules.tenders import TenderGiven

__all__ = [
    "AllocationAsked",
    "CountResult",
    "TenderGiven",
    "approve_session",
    "approve_variance",
    "approve_void",
    "ask_card_sale",
    "ask_card_void",
    "call_terminal",
    "change_register",
    "close_card_batch",
    "commit_count",
    "confirm_bank_receipt",
    "count_forced",
    "create_register",
    "explain_variance",
    "force_close",
    "hand_over_deposit",
    "open_session",
    "prepare_deposit",
    "query_terminal",
    "receive_payment",
    "record_movement",
    "record_opening_count",
    "refuse_void",
    "refuse_void_approval",
    "reopen_bank_receipt",
    "reprint_receipt",
    "request_void",
    "set_merchant_agreement",
    "set_till_policy",
    "start_counting",
    "take_payment",
    "verify_deposit",
    "void_payment",
]
