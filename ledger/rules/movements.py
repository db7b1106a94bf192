"""How a receivable moves: the columns of its roll-forward, told from what else the entry touches."""

from ledger.rules.posting_rules import CLEARINGS, TENDERS

RECEIVABLE_ROLES = (
    "receivable.unbilled",
    "receivable.patient",
    "receivable.insurer",
    "receivable.third_party",
)

# An entry that touches one of these pays, or takes a payment back.
PAYING_ROLES = (
    *TENDERS,
    *CLEARINGS,
    "bank.operating",
    "remittance.clearing",
    "liability.patient_deposits",
    "suspense.unidentified",
    "rounding.cash",
    "affiliate.due_from",
)
GIVING_BACK_ROLES = ("refund.clearing",)
EARNING_ROLES = ("revenue.patient_services",)
OPENING_ROLES = ("equity.opening",)

# The columns between opening and closing balance, in their order: each says what its figures are.
MOVEMENTS = {
    "taken_over": ("Taken over", "opening balances of another system"),
    "charges": ("Charges", "care charged, and charges withdrawn"),
    "moved": ("Billed and moved", "from one payer's receivable to another's; adds up to zero"),
    "payments": ("Payments", "received, voided and returned, with cash rounding"),
    "refunds": ("Refunds", "given back to who had paid, so that it is owed again"),
    "adjustments": ("Adjustments", "concessions, charity, write-offs and journals"),
    "exchange": ("Exchange", "differences of exchange, without an amount of their own"),
}
