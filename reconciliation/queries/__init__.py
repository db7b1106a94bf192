"""Questions of the bank; never write.

accounts    accounts_of, account_by_code, account_by_number
statements  statements_of, statement_of, lines_of
matches     matches_of, plan_of
the day     day_board
"""

from reconciliation.queries.account import (
    BankAccountUnknown,
    account_by_code,
    account_by_number,
    accounts_of,
)
from reconciliation.queries.day import Board, Check, day_board
from reconciliation.queries.match import matches_of, plan_of
from reconciliation.queries.statement import StatementUnknown, lines_of, statement_of, statements_of

__all__ = [
    "BankAccountUnknown",
    "Board",
    "Check",
    "StatementUnknown",
    "account_by_code",
    "account_by_number",
    "accounts_of",
    "day_board",
    "lines_of",
    "matches_of",
    "plan_of",
    "statement_of",
    "statements_of",
]
