"""Every question to the book.

balances   balance_of, held_for, trial_balance, account_by_number, account_statement, open_items,
           clearing_watch, role_name
journal    entries_of, entry_detail, journal
periods    periods, waiting
GL         gl_batches, gl_batch, gl_batch_lines, gl_batch_file, gl_batch_sha256
"""

from ledger.queries.account import account_by_number
from ledger.queries.balance import balance_of, held_for
from ledger.queries.entry import EntryDetail, EntryLine, EntryRow, entries_of, entry_detail, journal
from ledger.queries.gl_batch import gl_batch, gl_batch_file, gl_batch_lines, gl_batch_sha256, gl_batches
from ledger.queries.open_items import ClearingRow, OpenItem, clearing_watch, open_items
from ledger.queries.period import PeriodRow, periods
from ledger.queries.statement import AccountStatement, StatementRow, account_statement
from ledger.queries.trial_balance import TrialBalance, TrialBalanceRow, trial_balance
from ledger.queries.waiting import waiting
from ledger.rules.roles import role_name

__all__ = [
    "AccountStatement",
    "ClearingRow",
    "EntryDetail",
    "EntryLine",
    "EntryRow",
    "OpenItem",
    "PeriodRow",
    "StatementRow",
    "TrialBalance",
    "TrialBalanceRow",
    "account_by_number",
    "account_statement",
    "balance_of",
    "clearing_watch",
    "entries_of",
    "entry_detail",
    "gl_batch",
    "gl_batch_file",
    "gl_batch_lines",
    "gl_batch_sha256",
    "gl_batches",
    "held_for",
    "journal",
    "open_items",
    "periods",
    "role_name",
    "trial_balance",
    "waiting",
]
