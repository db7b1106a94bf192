"""Every question to the book.

balances   balance_of, trial_balance, account_statement, open_items
journal    entries_of, entry_detail, journal
GL         gl_batches, gl_batch, gl_batch_lines, gl_batch_file, gl_batch_sha256
"""

from ledger.queries.balance import balance_of
from ledger.queries.entry import EntryDetail, EntryLine, EntryRow, entries_of, entry_detail, journal
from ledger.queries.gl_batch import gl_batch, gl_batch_file, gl_batch_lines, gl_batch_sha256, gl_batches
from ledger.queries.open_items import OpenItem, open_items
from ledger.queries.statement import AccountStatement, StatementRow, account_statement
from ledger.queries.trial_balance import TrialBalance, TrialBalanceRow, trial_balance

__all__ = [
    "AccountStatement",
    "EntryDetail",
    "EntryLine",
    "EntryRow",
    "OpenItem",
    "StatementRow",
    "TrialBalance",
    "TrialBalanceRow",
    "account_statement",
    "balance_of",
    "entries_of",
    "entry_detail",
    "gl_batch",
    "gl_batch_file",
    "gl_batch_lines",
    "gl_batch_sha256",
    "gl_batches",
    "journal",
    "open_items",
    "trial_balance",
]
