"""Questions of the bank; never write.

accounts    accounts_of, account_by_code, account_by_number
statements  statements_of, statement_of, lines_of
matches     matches_of, plan_of
discrepancies  queue, discrepancies_of, discrepancy_detail, journal_of, unmatched_items
suspense    suspense_items, suspense_balance, clearings_of
the day     day_board, closed_days, days_to_close
the book    sub_ledger_figures
home        waiting
"""

from reconciliation.queries.account import (
    BankAccountUnknown,
    account_by_code,
    account_by_number,
    accounts_of,
)
from reconciliation.queries.day import SHOWN_DAYS, Board, Check, closed_days, day_board, days_to_close
from reconciliation.queries.discrepancy import (
    discrepancies_of,
    discrepancy_detail,
    journal_of,
    queue,
    unmatched_items,
)
from reconciliation.queries.match import matches_of, plan_of
from reconciliation.queries.statement import StatementUnknown, lines_of, statement_of, statements_of
from reconciliation.queries.sub_ledger import sub_ledger_figures
from reconciliation.queries.suspense import (
    SuspenseItem,
    clearings_of,
    suspense_balance,
    suspense_items,
)
from reconciliation.queries.waiting import waiting

__all__ = [
    "SHOWN_DAYS",
    "BankAccountUnknown",
    "Board",
    "Check",
    "StatementUnknown",
    "SuspenseItem",
    "account_by_code",
    "account_by_number",
    "accounts_of",
    "clearings_of",
    "closed_days",
    "day_board",
    "days_to_close",
    "discrepancies_of",
    "discrepancy_detail",
    "journal_of",
    "lines_of",
    "matches_of",
    "plan_of",
    "queue",
    "statement_of",
    "statements_of",
    "sub_ledger_figures",
    "suspense_balance",
    "suspense_items",
    "unmatched_items",
    "waiting",
]
