"""Every question to the book.

balances   balance_of, held_for, trial_balance, account_by_number, account_statement, open_items,
           clearing_watch, role_name
journal    entries_of, entry_detail, journal
periods    periods, waiting
mapping    mapping_versions, mapping_version, mapping_in_force, rules_of, check_mapping, changes_between,
           notes_of, steps_of, open_questions, categories_of, gl_accounts, gl_settings
GL         gl_batches, gl_batch, gl_batch_lines, gl_batch_steps, gl_batch_files, gl_batch_file, file_bytes,
           unbatched
"""

from ledger.queries.account import account_by_number
from ledger.queries.balance import balance_of, held_for
from ledger.queries.entry import EntryDetail, EntryLine, EntryRow, entries_of, entry_detail, journal
from ledger.queries.gl_batch import (
    Unbatched,
    file_bytes,
    gl_batch,
    gl_batch_file,
    gl_batch_files,
    gl_batch_lines,
    gl_batch_steps,
    gl_batches,
    unbatched,
)
from ledger.queries.mapping import (
    MappingCheck,
    RuleChange,
    categories_of,
    changes_between,
    check_mapping,
    gl_accounts,
    gl_settings,
    mapping_in_force,
    mapping_version,
    mapping_versions,
    notes_of,
    open_questions,
    rules_of,
    steps_of,
)
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
    "MappingCheck",
    "OpenItem",
    "PeriodRow",
    "RuleChange",
    "StatementRow",
    "TrialBalance",
    "TrialBalanceRow",
    "Unbatched",
    "account_by_number",
    "account_statement",
    "balance_of",
    "categories_of",
    "changes_between",
    "check_mapping",
    "clearing_watch",
    "entries_of",
    "entry_detail",
    "file_bytes",
    "gl_accounts",
    "gl_batch",
    "gl_batch_file",
    "gl_batch_files",
    "gl_batch_lines",
    "gl_batch_steps",
    "gl_batches",
    "gl_settings",
    "held_for",
    "journal",
    "mapping_in_force",
    "mapping_version",
    "mapping_versions",
    "notes_of",
    "open_items",
    "open_questions",
    "periods",
    "role_name",
    "rules_of",
    "steps_of",
    "trial_balance",
    "unbatched",
    "waiting",
]
