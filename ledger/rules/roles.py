"""The account roles that other apps name, and the seed chart of accounts that gives each an account.

Account numbers follow the spirit of California's HCAI (OSHPD) chart: 10xx current assets, 20xx
current liabilities, 22xx net assets, 4xxx patient revenue, 5xxx other revenue, 8xxx expense.
"""

from typing import NamedTuple


class SeedAccount(NamedTuple):
    number: str
    name: str
    natural_class: str
    normal_side: str
    role: str


CHART = [
    SeedAccount("1001", "General checking account", "ASSET", "DEBIT", "bank.operating"),
    SeedAccount("1004", "Cash in safe", "ASSET", "DEBIT", "cash.safe"),
    SeedAccount("1005", "Cash in drawers", "ASSET", "DEBIT", "cash.drawer"),
    SeedAccount("1006", "Cheques in drawers", "ASSET", "DEBIT", "cheque.drawer"),
    SeedAccount("1007", "Deposits in transit", "ASSET", "DEBIT", "deposit.in_transit"),
    SeedAccount("1008", "Card settlements receivable", "ASSET", "DEBIT", "card.clearing"),
    SeedAccount("1009", "Bank transfers receivable", "ASSET", "DEBIT", "transfer.clearing"),
    SeedAccount("1021", "Unbilled receivables", "ASSET", "DEBIT", "receivable.unbilled"),
    SeedAccount("1022", "Receivables from patients", "ASSET", "DEBIT", "receivable.patient"),
    SeedAccount("1025", "Receivables from insurers", "ASSET", "DEBIT", "receivable.insurer"),
    SeedAccount("1026", "Receivables from other third parties", "ASSET", "DEBIT", "receivable.third_party"),
    SeedAccount("1010", "Remittances receivable", "ASSET", "DEBIT", "remittance.clearing"),
    SeedAccount("1041", "Allowance for implicit concessions", "ASSET", "CREDIT", "allowance.implicit"),
    SeedAccount("1042", "Allowance for contractual concessions", "ASSET", "CREDIT", "allowance.contractual"),
    SeedAccount("1080", "Due from affiliates", "ASSET", "DEBIT", "affiliate.due_from"),
    SeedAccount("2028", "Refund clearing", "LIABILITY", "CREDIT", "refund.clearing"),
    SeedAccount("2031", "Patient deposits", "LIABILITY", "CREDIT", "liability.patient_deposits"),
    SeedAccount("2032", "Payers' takebacks", "LIABILITY", "CREDIT", "liability.payer_takebacks"),
    SeedAccount("2039", "Unidentified receipts", "LIABILITY", "CREDIT", "suspense.unidentified"),
    SeedAccount("2080", "Due to affiliates", "LIABILITY", "CREDIT", "affiliate.due_to"),
    SeedAccount("2200", "Net assets without restriction", "NET_ASSETS", "CREDIT", "equity.unrestricted"),
    SeedAccount("2210", "Net assets, opening balances", "NET_ASSETS", "CREDIT", "equity.opening"),
    SeedAccount("4010", "Gross patient services revenue", "REVENUE", "CREDIT", "revenue.patient_services"),
    SeedAccount("4910", "Charity care", "REVENUE", "DEBIT", "deduction.charity"),
    SeedAccount("4920", "Contractual concessions", "REVENUE", "DEBIT", "deduction.contractual"),
    SeedAccount("4930", "Implicit price concessions", "REVENUE", "DEBIT", "deduction.implicit"),
    SeedAccount("5710", "Interest income", "REVENUE", "CREDIT", "income.interest"),
    SeedAccount("5780", "Other income", "REVENUE", "CREDIT", "income.other"),
    SeedAccount("8510", "Petty cash expense", "EXPENSE", "DEBIT", "expense.petty"),
    SeedAccount("8521", "Merchant fees", "EXPENSE", "DEBIT", "fee.merchant"),
    SeedAccount("8522", "Cash over and short", "EXPENSE", "DEBIT", "cash.over_short"),
    SeedAccount("8523", "Cash rounding", "EXPENSE", "DEBIT", "rounding.cash"),
    SeedAccount("8524", "Bank differences written off", "EXPENSE", "DEBIT", "write_off.bank_difference"),
    SeedAccount("8525", "Small balances written off", "EXPENSE", "DEBIT", "write_off.small_balance"),
    SeedAccount("8530", "Foreign exchange gain and loss", "EXPENSE", "DEBIT", "fx.gain_loss"),
    SeedAccount("8531", "Revaluation of foreign balances", "EXPENSE", "DEBIT", "fx.revaluation"),
]

NAMES = {account.role: account.name for account in CHART}
ROLES = frozenset(account.role for account in CHART)

# Money owned or owed: what it is worth moves with the rate of its currency until it is settled.
MONETARY_ROLES = frozenset(
    account.role for account in CHART if account.natural_class in ("ASSET", "LIABILITY")
)

# What people posted to an account that plays no role, or several: such lines are led by the account alone.
BY_ACCOUNT = frozenset({"journal", "closing", "fx.closing"})

# Kept by a sub-ledger to the cent, so that nobody posts to their accounts by hand.
CONTROL_ROLES = frozenset(
    {
        "receivable.unbilled",
        "receivable.patient",
        "receivable.insurer",
        "cash.drawer",
        "cheque.drawer",
        "deposit.in_transit",
        "card.clearing",
        "transfer.clearing",
        "refund.clearing",
        "remittance.clearing",
        "liability.patient_deposits",
        "suspense.unidentified",
    }
)

# Each must return to zero per reference: what is left is money not yet where it belongs.
CLEARING_ROLES = (
    "cash.drawer",
    "cheque.drawer",
    "deposit.in_transit",
    "card.clearing",
    "transfer.clearing",
    "remittance.clearing",
    "refund.clearing",
    "suspense.unidentified",
)


def role_name(role: str) -> str:
    """What people call an account role: "Receivables from patients" for `receivable.patient`."""
    return NAMES.get(role, role)
