"""Changes of the till; the only code that writes.

registers  create_register, change_register, set_till_policy, set_merchant_agreement, choose_keys,
           ask_cash_currency, approve_cash_currency, ask_opening_rule, approve_opening_rule
a session  open_session, record_opening_count, suspend_session, resume_session, record_movement,
           start_counting, commit_count, explain_variance, force_close, count_forced, approve_variance,
           approve_session, audit_till
cash       offer_drop, offer_float, offer_top_up, accept_transfer, reject_transfer, withdraw_transfer,
           offer_handover, accept_handover, ask_change, fill_change, cancel_change, take_suspect_note
the safe   count_safe, confirm_safe_count, discard_safe_count, approve_safe_count
payments   take_payment (at a register), receive_payment (without a drawer), record_not_collected,
           void_payment, request_void, approve_void, refuse_void, refuse_void_approval,
           correct_tenders, reallocate_payment
lockboxes  take_lockbox_file, add_lockbox_images
payouts    take_payout_report, check_payout, accept_payout, withdraw_payout: what card processors report
returns    report_payment_return, confirm_payment_return, reject_payment_return: transfers, chargebacks;
           report_chargeback_win, confirm_chargeback_win, reject_chargeback_win
cheques    report_cheque_return, confirm_cheque_return, reject_cheque_return, lift_cheque_block
refunds    request_refund, approve_refund, approve_refund_in_place, reject_refund, cancel_refund,
           pay_refund (at a register),
           release_refund, send_refund, fail_refund (by the bank)
receipts   reprint_receipt, ask_receipt_mail, send_receipt_mail, ask_receipt_text, send_receipt_text,
           ask_receipt_print, send_receipt_print
cards      ask_card_sale, ask_card_void, ask_card_refund, call_terminal, query_terminal,
           rescue_card_sale, close_card_batch,
           clear_card_difference, settle_empty_batches
the bank   prepare_deposit, verify_deposit, cancel_deposit, hand_over_deposit, confirm_bank_receipt,
           register_bank_states,
           reopen_bank_receipt, take_back_bank_receipt, restore_bank_receipt, keep_identified,
           give_up_identified
advices    take_advice_file (835, ACH), record_advice, withdraw_advice: what others say the bank will show
the law    file_cash_report
the book   write_cash_book
"""

from cashiering.commands.advice import record_advice, take_advice_file, withdraw_advice
from cashiering.commands.approval import approve_session, approve_variance, count_forced, force_close
from cashiering.commands.bank_receipt import (
    confirm_bank_receipt,
    reopen_bank_receipt,
    restore_bank_receipt,
    take_back_bank_receipt,
)
from cashiering.commands.card_batch import clear_card_difference, close_card_batch, settle_empty_batches
from cashiering.commands.cash_book import write_cash_book
from cashiering.commands.cash_currency import approve_cash_currency, ask_cash_currency
from cashiering.commands.cash_report import file_cash_report
from cashiering.commands.change_order import ask_change, cancel_change, fill_change
from cashiering.commands.chargeback_win import (
    confirm_chargeback_win,
    reject_chargeback_win,
    report_chargeback_win,
)
from cashiering.commands.cheque_block import lift_cheque_block
from cashiering.commands.cheque_return import (
    confirm_cheque_return,
    reject_cheque_return,
    report_cheque_return,
)
from cashiering.commands.close import CountResult, commit_count, explain_variance, start_counting
from cashiering.commands.correction import correct_tenders
from cashiering.commands.deposit import cancel_deposit, hand_over_deposit, prepare_deposit, verify_deposit
from cashiering.commands.handover import accept_handover, offer_handover
from cashiering.commands.identified import give_up_identified, keep_identified
from cashiering.commands.keys import choose_keys
from cashiering.commands.lockbox import take_lockbox_file
from cashiering.commands.lockbox_image import add_lockbox_images
from cashiering.commands.movement import record_movement
from cashiering.commands.not_collected import record_not_collected
from cashiering.commands.opening import record_opening_count
from cashiering.commands.opening_rule import approve_opening_rule, ask_opening_rule
from cashiering.commands.payment import receive_payment, take_payment
from cashiering.commands.payment_return import (
    confirm_payment_return,
    reject_payment_return,
    report_payment_return,
)
from cashiering.commands.payout import accept_payout, check_payout, take_payout_report, withdraw_payout
from cashiering.commands.reallocation import reallocate_payment
from cashiering.commands.receipt_mail import ask_receipt_mail, send_receipt_mail
from cashiering.commands.receipt_print import ask_receipt_print, send_receipt_print
from cashiering.commands.receipt_text import ask_receipt_text, send_receipt_text
from cashiering.commands.refund import fail_refund, pay_refund, release_refund, send_refund
from cashiering.commands.refund_decision import (
    approve_refund,
    approve_refund_in_place,
    cancel_refund,
    reject_refund,
)
from cashiering.commands.refund_request import request_refund
from cashiering.commands.register import (
    change_register,
    create_register,
    set_merchant_agreement,
    set_till_policy,
)
from cashiering.commands.reprint import reprint_receipt
from cashiering.commands.rescue import rescue_card_sale
from cashiering.commands.safe import (
    approve_safe_count,
    confirm_safe_count,
    count_safe,
    discard_safe_count,
)
from cashiering.commands.session import (
    open_session,
    resume_session,
    suspend_session,
)
from cashiering.commands.suspect_note import take_suspect_note
from cashiering.commands.terminal import (
    ask_card_refund,
    ask_card_sale,
    ask_card_void,
    call_terminal,
    query_terminal,
)
from cashiering.commands.till_audit import audit_till
from cashiering.commands.transfer import accept_transfer, reject_transfer, withdraw_transfer
from cashiering.commands.transfer_offer import offer_drop, offer_float, offer_top_up
from cashiering.commands.void import (
    approve_void,
    refuse_void,
    refuse_void_approval,
    request_void,
    void_payment,
)
from cashiering.rules.allocation import AllocationAsked
from cashiering.rules.bank_state import register_bank_states
from cashiering.rules.tenders import TenderGiven

__all__ = [
    "AllocationAsked",
    "CountResult",
    "TenderGiven",
    "accept_handover",
    "accept_payout",
    "accept_transfer",
    "add_lockbox_images",
    "approve_cash_currency",
    "approve_opening_rule",
    "approve_refund",
    "approve_refund_in_place",
    "approve_safe_count",
    "approve_session",
    "approve_variance",
    "approve_void",
    "ask_card_refund",
    "ask_card_sale",
    "ask_card_void",
    "ask_cash_currency",
    "ask_change",
    "ask_opening_rule",
    "ask_receipt_mail",
    "ask_receipt_print",
    "ask_receipt_text",
    "audit_till",
    "call_terminal",
    "cancel_change",
    "cancel_deposit",
    "cancel_refund",
    "change_register",
    "check_payout",
    "choose_keys",
    "clear_card_difference",
    "close_card_batch",
    "commit_count",
    "confirm_bank_receipt",
    "confirm_chargeback_win",
    "confirm_cheque_return",
    "confirm_payment_return",
    "confirm_safe_count",
    "correct_tenders",
    "count_forced",
    "count_safe",
    "create_register",
    "discard_safe_count",
    "explain_variance",
    "fail_refund",
    "file_cash_report",
    "fill_change",
    "force_close",
    "give_up_identified",
    "hand_over_deposit",
    "keep_identified",
    "lift_cheque_block",
    "offer_drop",
    "offer_float",
    "offer_handover",
    "offer_top_up",
    "open_session",
    "pay_refund",
    "prepare_deposit",
    "query_terminal",
    "reallocate_payment",
    "receive_payment",
    "record_advice",
    "record_movement",
    "record_not_collected",
    "record_opening_count",
    "refuse_void",
    "refuse_void_approval",
    "register_bank_states",
    "reject_chargeback_win",
    "reject_cheque_return",
    "reject_payment_return",
    "reject_refund",
    "reject_transfer",
    "release_refund",
    "reopen_bank_receipt",
    "report_chargeback_win",
    "report_cheque_return",
    "report_payment_return",
    "reprint_receipt",
    "request_refund",
    "request_void",
    "rescue_card_sale",
    "restore_bank_receipt",
    "resume_session",
    "send_receipt_mail",
    "send_receipt_print",
    "send_receipt_text",
    "send_refund",
    "set_merchant_agreement",
    "set_till_policy",
    "settle_empty_batches",
    "start_counting",
    "suspend_session",
    "take_advice_file",
    "take_back_bank_receipt",
    "take_lockbox_file",
    "take_payment",
    "take_payout_report",
    "take_suspect_note",
    "verify_deposit",
    "void_payment",
    "withdraw_advice",
    "withdraw_payout",
    "withdraw_transfer",
    "write_cash_book",
]
