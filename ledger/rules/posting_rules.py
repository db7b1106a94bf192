"""Every posting that the apps make, as one table: what happens, what is debited, what is credited.

A test compares the table with what really was posted, entry by entry. `source` is the kind of document
that post_entry is told; a rule without a command is one that the book is ready for and no app makes yet.
"""

from typing import NamedTuple

DIFFERENCES = ("fee.merchant", "cash.over_short", "write_off.bank_difference", "write_off.small_balance")
CLEARINGS = tuple(
    "card.clearing deposit.in_transit transfer.clearing refund.clearing remittance.clearing".split()
)
RECEIVABLES = ("receivable.patient", "receivable.insurer")
TENDERS = ("cash.drawer", "cheque.drawer", "card.clearing", "transfer.clearing")


class PostingRule(NamedTuple):
    """Roles that may stand on each side; an entry of the rule has some of each and no others."""

    event: str
    debit: tuple[str, ...]
    credit: tuple[str, ...]
    source: str
    command: str = ""


RULES = (
    PostingRule(
        "A charge is recorded",
        ("receivable.unbilled",),
        ("revenue.patient_services",),
        "charge",
        "billing.record_charge",
    ),
    PostingRule(
        "An invoice is issued",
        RECEIVABLES,
        ("receivable.unbilled",),
        "invoice",
        "billing.issue_invoice",
    ),
    PostingRule(
        "Money is received",
        TENDERS,
        (*RECEIVABLES, "liability.patient_deposits", "rounding.cash"),
        "payment",
        "cashiering.take_payment",
    ),
    PostingRule(
        "Cash is rounded down for the payer",
        (*TENDERS, "liability.patient_deposits", "rounding.cash"),
        (*RECEIVABLES, "liability.patient_deposits"),
        "payment",
        "cashiering.take_payment",
    ),
    PostingRule(
        "Foreign notes are taken at the day's rate, and change is our own",
        (*TENDERS, "liability.patient_deposits", "rounding.cash", "fx.gain_loss"),
        (*RECEIVABLES, "liability.patient_deposits", "rounding.cash", "fx.gain_loss", "cash.drawer"),
        "payment",
        "cashiering.take_payment",
    ),
    PostingRule(
        "A payment is laid against another invoice",
        RECEIVABLES,
        RECEIVABLES,
        "reallocation",
        "cashiering.reallocate_payment",
    ),
    PostingRule(
        "A float or paid-in cash enters a drawer",
        ("cash.drawer",),
        ("cash.safe", "income.other"),
        "cash_movement",
        "cashiering.open_session",
    ),
    PostingRule(
        "Cash is dropped or paid out of a drawer",
        ("cash.safe", "expense.petty"),
        ("cash.drawer",),
        "cash_movement",
        "cashiering.record_movement",
    ),
    PostingRule(
        "Cash changes hands, and its receiver accepts it",
        ("cash.drawer", "cash.safe", "cash.over_short"),
        ("cash.drawer", "cash.safe", "cash.over_short"),
        "cash_transfer",
        "cashiering.accept_transfer",
    ),
    PostingRule(
        "The safe holds more or less than expected",
        ("cash.safe", "cash.over_short"),
        ("cash.safe", "cash.over_short"),
        "safe_count",
        "cashiering.count_safe",
    ),
    PostingRule(
        "A drawer holds less than expected",
        ("cash.over_short",),
        ("cash.drawer",),
        "over_short",
        "cashiering.commit_count",
    ),
    PostingRule(
        "A drawer holds more than expected",
        ("cash.drawer",),
        ("cash.over_short",),
        "over_short",
        "cashiering.commit_count",
    ),
    PostingRule(
        "An approved session's cash goes to the safe",
        ("cash.safe",),
        ("cash.drawer",),
        "session",
        "cashiering.approve_session",
    ),
    PostingRule(
        "A deposit leaves for the bank",
        ("deposit.in_transit",),
        ("cash.safe", "cheque.drawer"),
        "deposit",
        "cashiering.hand_over_deposit",
    ),
    PostingRule(
        "The bank credits what was expected",
        ("bank.operating", *DIFFERENCES),
        (*CLEARINGS, "suspense.unidentified", *DIFFERENCES),
        "match",
        "reconciliation.reconcile_account",
    ),
    PostingRule(
        "The bank debits a fee, a return or a refund",
        (
            *CLEARINGS,
            "remittance.clearing",
            "fee.merchant",
            "suspense.unidentified",
            "write_off.bank_difference",
        ),
        ("bank.operating", "write_off.bank_difference"),
        "match",
        "reconciliation.approve",
    ),
    PostingRule(
        "Another account of our own is paid",
        ("affiliate.due_from",),
        ("bank.operating",),
        "match",
        "reconciliation.pair_sweeps",
    ),
    PostingRule(
        "Another account of our own pays",
        ("bank.operating",),
        ("affiliate.due_to", "affiliate.due_from"),
        "match",
        "reconciliation.pair_sweeps",
    ),
    PostingRule(
        "Money in suspense finds its place",
        ("suspense.unidentified",),
        (*RECEIVABLES, "liability.patient_deposits", "refund.clearing", "income.other"),
        "suspense_clearing",
        "reconciliation.approve_clearing",
    ),
    PostingRule(
        "What is missing in suspense is explained",
        ("fee.merchant", "write_off.bank_difference"),
        ("suspense.unidentified",),
        "suspense_clearing",
        "reconciliation.approve_clearing",
    ),
    PostingRule(
        "Opening balances are taken over",
        ("cash.safe", "bank.operating", *RECEIVABLES, "receivable.unbilled"),
        ("equity.opening",),
        "opening",
        "ledger.post_entry",
    ),
    PostingRule(
        "Contractual and implicit concessions are expected",
        ("deduction.contractual", "deduction.implicit"),
        ("allowance.contractual", "allowance.implicit"),
        "concession",
    ),
    PostingRule("A remittance pays a claim", ("remittance.clearing",), ("receivable.insurer",), "remittance"),
    PostingRule(
        "A remittance adjusts to the contract (CO-45)",
        ("allowance.contractual", "deduction.contractual"),
        ("receivable.insurer", "deduction.contractual"),
        "remittance",
    ),
    PostingRule(
        "A remittance moves the patient's share (PR)",
        ("receivable.patient",),
        ("receivable.insurer",),
        "remittance",
    ),
    PostingRule(
        "A payer pays interest (PLB L6)", ("remittance.clearing",), ("income.interest",), "remittance"
    ),
    PostingRule(
        "A remittance reverses a claim that was paid",
        ("receivable.insurer",),
        ("remittance.clearing",),
        "remittance",
    ),
    PostingRule(
        "What a reversal takes back is carried forward (PLB FB, WO)",
        ("remittance.clearing",),
        ("liability.payer_takebacks",),
        "remittance",
    ),
    PostingRule(
        "A payer keeps back what was carried forward (PLB FB, WO)",
        ("liability.payer_takebacks",),
        ("remittance.clearing",),
        "remittance",
    ),
    PostingRule(
        "A payment comes back (ACH return, unpaid cheque, chargeback)",
        (*RECEIVABLES, "liability.patient_deposits"),
        (*CLEARINGS, "cheque.drawer", "bank.operating"),
        "payment_return",
        "cashiering.confirm_payment_return",
    ),
    PostingRule(
        "The cheques of a lockbox are placed",
        ("transfer.clearing",),
        ("transfer.clearing", "suspense.unidentified"),
        "lockbox_deposit",
        "cashiering.take_lockbox_file",
    ),
    PostingRule(
        "A card processor reports what it pays, less its fees and chargebacks",
        ("card.clearing", "fee.merchant"),
        ("card.clearing", "fee.merchant"),
        "payout",
        "cashiering.take_payout_report",
    ),
    PostingRule(
        "A chargeback is won: what it opened is paid again",
        ("card.clearing",),
        (*RECEIVABLES, "liability.patient_deposits", "suspense.unidentified"),
        "chargeback_win",
        "cashiering.confirm_chargeback_win",
    ),
    PostingRule(
        "A refund is sent",
        ("liability.patient_deposits", *RECEIVABLES),
        ("refund.clearing",),
        "refund",
        "cashiering.pay_refund",
    ),
    PostingRule(
        "A refund is paid out of a drawer, or to a card",
        ("refund.clearing",),
        ("cash.drawer", "card.clearing"),
        "refund_payout",
        "cashiering.pay_refund",
    ),
    PostingRule(
        "A cash refund goes back in foreign notes, or to the smallest coin",
        ("refund.clearing", "fx.gain_loss", "rounding.cash"),
        ("cash.drawer", "fx.gain_loss", "rounding.cash"),
        "refund_payout",
        "cashiering.pay_refund",
    ),
    PostingRule("Bad debt is placed", ("allowance.implicit",), ("receivable.patient",), "adjustment"),
    PostingRule(
        "A bad debt is recovered",
        TENDERS,
        ("deduction.implicit",),
        "payment",
    ),
    PostingRule("Charity care is granted", ("deduction.charity",), ("receivable.patient",), "adjustment"),
    PostingRule(
        "Another entity's money is received",
        ("bank.operating", "transfer.clearing", "remittance.clearing", "suspense.unidentified"),
        ("affiliate.due_to",),
        "affiliate",
        "reconciliation.approve_clearing",
    ),
    PostingRule(
        "Our money is received by another entity",
        ("affiliate.due_from",),
        (*RECEIVABLES, "liability.patient_deposits", "suspense.unidentified"),
        "affiliate",
        "reconciliation.approve_clearing",
    ),
    PostingRule(
        "A transfer between banks pays what one entity held for another",
        ("affiliate.due_to",),
        ("affiliate.due_from",),
        "affiliate",
        "ledger.settle_affiliate",
    ),
)
